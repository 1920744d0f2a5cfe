using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

internal sealed class ResourceShape : Shape<ResourceObservation, Resource>
{
    public override string Kind => "resource";

    public override IReadOnlySet<string> Kept { get; } = new HashSet<string>(ShapeColumns.Fixed) { "first_run_id" };

    public override Presence PresenceOf(ResourceObservation seen) => seen.LeftOut ? Presence.NotCovered : Presence.Present;

    // With the version of the judgement: a row that was judged by an older one is written anew.
    public override void Hash(ResourceObservation seen, CanonicalHash hash) =>
        hash.Add(ReleaseRisks.Version).Add((int)seen.Kind).Add(seen.Name).Add(seen.Place).Add(seen.Url).Add(seen.Facts);

    public override Resource Make(ResourceObservation seen, RowContext<Resource> context)
    {
        var place = context.Places[seen.Place];
        var name = Clean.Text(seen.Name.Length == 0 ? seen.NaturalKey : seen.Name, 300);
        return new Resource
        {
            Id = context.Id,
            SourceId = context.Run.SourceId,
            ScopeId = context.ScopeId,
            PlaceId = place.Id,
            NaturalKey = Clean.Key(seen.NaturalKey, 400),
            Kind = seen.Kind,
            Name = name,
            SortName = Clean.Text(name.ToLowerInvariant(), Identity.SortNameLength),
            SearchText = Clean.Text(SearchText(name, place.Path, seen.Facts, context.Run.Provider), Identity.SearchTextLength),
            Url = IdentityShape.SafeUrl(seen.Url),
            Presence = PresenceOf(seen),
            Facts = InventoryJson.WriteFacts(Clean.Facts(seen.Facts)),
            Risks = (int)ReleaseRisks.Sum(ReleaseRisks.Find(seen.Kind, seen.Facts)),
            ContentHash = context.Hash,
            FirstSeenAt = context.Old?.FirstSeenAt ?? context.Now,
            FirstRunId = context.Old?.FirstRunId ?? context.Run.RunId,
            ChangedAt = context.Now,
            ChangedRunId = context.Run.RunId,
        };
    }

    // A secret's page asks which workflows read it: they are found by its name, and then looked at.
    private static string SearchText(string name, string path, IReadOnlyDictionary<string, KnownValue> facts, string provider) =>
        string.Join(' ', FactList.Read(facts.GetValueOrDefault("secrets")).Texts("name").Distinct(StringComparer.OrdinalIgnoreCase)
            .Prepend(provider).Prepend(path).Prepend(name)).ToLowerInvariant();

    public override ThingView View(Resource row, string? place) => new()
    {
        Fields = new Dictionary<string, KnownValue>
        {
            ["kind"] = KnownValue.Of(row.Kind.ToString()),
            ["name"] = KnownValue.Of(row.Name),
            ["url"] = ShapeColumns.FieldOf(row.Url),
            ["place"] = ShapeColumns.FieldOf(place),
        },
        Facts = InventoryJson.ReadFacts(row.Facts),
        IsGone = row.Presence != Presence.Present,
        IsUncovered = row.Presence == Presence.NotCovered,
    };
}
