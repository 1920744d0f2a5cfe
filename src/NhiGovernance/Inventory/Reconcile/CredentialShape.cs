using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

internal sealed class CredentialShape : Shape<CredentialObservation, Credential>
{
    public override string Kind => "credential";

    public override IReadOnlySet<string> Kept { get; } = new HashSet<string>(ShapeColumns.Fixed);

    public override Guid? IdentityOf(Credential row) => row.IdentityId;

    public override void Hash(CredentialObservation seen, CanonicalHash hash) => hash
        .Add((int)seen.Kind).Add(seen.Name).Add(seen.IdentityKey).Add(seen.Disabled).AddSet(seen.KeyIds)
        .Add(seen.CreatedAt).Add(seen.LastUsedAt).Add(seen.ExpiresAt).Add(seen.Facts);

    public override Credential Make(CredentialObservation seen, RowContext<Credential> context)
    {
        var keys = KeyIds(seen.KeyIds, context.Old);
        var facts = Clean.Facts(seen.Facts, ("createdAt", seen.CreatedAt), ("lastUsedAt", seen.LastUsedAt), ("expiresAt", seen.ExpiresAt));
        return new Credential
        {
            Id = context.Id,
            SourceId = context.Run.SourceId,
            ScopeId = context.ScopeId,
            IdentityId = context.IdentityId,
            NaturalKey = Clean.Key(seen.NaturalKey, 400),
            Kind = seen.Kind,
            Name = Clean.Text(seen.Name.Length == 0 ? seen.NaturalKey : seen.Name, 300),
            Presence = Presence.Present,
            Disabled = seen.Disabled,
            KeyIds = keys,
            MaterialChangedAt = MaterialChangedAt(keys, context),
            CreatedAt = seen.CreatedAt.Instant,
            LastUsedState = seen.LastUsedAt.State,
            LastUsedAt = seen.LastUsedAt.Instant,
            ExpiresState = seen.ExpiresAt.State,
            ExpiresAt = seen.ExpiresAt.Instant,
            Facts = InventoryJson.WriteFacts(facts),
            ContentHash = context.Hash,
            FirstSeenAt = context.Old?.FirstSeenAt ?? context.Now,
            ChangedAt = context.Now,
            ChangedRunId = context.Run.RunId,
        };
    }

    public override ThingView View(Credential row, string? place) => new()
    {
        Fields = new Dictionary<string, KnownValue>
        {
            ["kind"] = KnownValue.Of(row.Kind.ToString()),
            ["name"] = KnownValue.Of(row.Name),
            ["disabled"] = KnownValue.Of(row.Disabled),
        },
        Facts = InventoryJson.ReadFacts(row.Facts),
        KeyIds = InventoryJson.ReadList(row.KeyIds),
        IsGone = row.Presence != Presence.Present,
    };

    // Key ids that went out of sight stay as last known: when they come back as another set, the rotation is still seen.
    private static string KeyIds(IReadOnlyList<string> seen, Credential? old) => seen.Count == 0
        ? old?.KeyIds ?? "[]"
        : InventoryJson.Write(IdentityShape.CleanList(seen));

    private static DateTimeOffset? MaterialChangedAt(string keys, RowContext<Credential> context)
    {
        if (keys == "[]")
        {
            return null;
        }

        var same = context.Old is { } old && InventoryJson.ReadList(old.KeyIds).SequenceEqual(InventoryJson.ReadList(keys));
        return same ? context.Old!.MaterialChangedAt : context.Now;
    }
}
