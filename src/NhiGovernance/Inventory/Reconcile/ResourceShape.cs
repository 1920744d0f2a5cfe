using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

internal sealed class ResourceShape : Shape<ResourceObservation, Resource>
{
    public override string Kind => "resource";

    public override IReadOnlySet<string> Kept { get; } = new HashSet<string>(ShapeColumns.Fixed);

    public override Presence PresenceOf(ResourceObservation seen) => seen.LeftOut ? Presence.NotCovered : Presence.Present;

    public override void Hash(ResourceObservation seen, CanonicalHash hash) =>
        hash.Add((int)seen.Kind).Add(seen.Name).Add(seen.Place).Add(seen.Url).Add(seen.Facts);

    public override Resource Make(ResourceObservation seen, RowContext<Resource> context) => new()
    {
        Id = context.Id,
        SourceId = context.Run.SourceId,
        ScopeId = context.ScopeId,
        PlaceId = context.Places[seen.Place].Id,
        NaturalKey = Clean.Key(seen.NaturalKey, 400),
        Kind = seen.Kind,
        Name = Clean.Text(seen.Name.Length == 0 ? seen.NaturalKey : seen.Name, 300),
        Url = IdentityShape.SafeUrl(seen.Url),
        Presence = PresenceOf(seen),
        Facts = InventoryJson.WriteFacts(Clean.Facts(seen.Facts)),
        ContentHash = context.Hash,
        FirstSeenAt = context.Old?.FirstSeenAt ?? context.Now,
        ChangedAt = context.Now,
        ChangedRunId = context.Run.RunId,
    };

    public override ThingView View(Resource row) => new()
    {
        Fields = new Dictionary<string, KnownValue>
        {
            ["kind"] = KnownValue.Of(row.Kind.ToString()),
            ["name"] = KnownValue.Of(row.Name),
            ["url"] = ShapeColumns.FieldOf(row.Url),
        },
        Facts = InventoryJson.ReadFacts(row.Facts),
        IsGone = row.Presence != Presence.Present,
        IsUncovered = row.Presence == Presence.NotCovered,
    };
}
