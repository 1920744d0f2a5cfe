using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

internal sealed class IdentityShape : Shape<IdentityObservation, Identity>
{
    public override string Kind => "identity";

    // A team is assigned by people and by mapping, also while a run goes on.
    public override IReadOnlySet<string> Kept { get; } =
        new HashSet<string>(ShapeColumns.Fixed) { "provider", "first_run_id", "assigned_team_id", "assignment_id", "team_id" };

    public override Guid? IdentityOf(Identity row) => row.Id;

    public override void Hash(IdentityObservation seen, CanonicalHash hash) => hash
        .Add((int)seen.Kind).Add(seen.Name).Add(seen.Place).Add(seen.Url).Add(seen.Disabled)
        .Add(seen.CreatedAt).Add(seen.LastUsedAt).Add(seen.ExpiresAt)
        .AddSet(seen.JoinKeys).Add(seen.Grants).Add(seen.Facts);

    public override Identity Make(IdentityObservation seen, RowContext<Identity> context)
    {
        var place = context.Places[seen.Place];
        var name = Clean.Text(seen.Name, 300);
        if (name.Length == 0)
        {
            name = Clean.Text(seen.NaturalKey, 300);
        }

        var facts = Clean.Facts(seen.Facts, ("createdAt", seen.CreatedAt), ("lastUsedAt", seen.LastUsedAt), ("expiresAt", seen.ExpiresAt));
        var grants = CleanGrants(seen.Grants);
        return new Identity
        {
            Id = context.Id,
            SourceId = context.Run.SourceId,
            ScopeId = context.ScopeId,
            PlaceId = place.Id,
            NaturalKey = Clean.Key(seen.NaturalKey, 400),
            Kind = seen.Kind,
            Provider = context.Run.Provider,
            Name = name,
            SortName = Clean.Text(name.ToLowerInvariant(), Identity.SortNameLength),
            SearchText = Clean.Text(SearchText(name, place.Path, facts, context.Run.Provider), Identity.SearchTextLength),
            Url = SafeUrl(seen.Url),
            Presence = Presence.Present,
            Disabled = seen.Disabled,
            AltersRelease = seen.Grants.Any(g => g.AltersRelease),
            Privileged = seen.Grants.Any(g => g.Privileged),
            AssignedTeamId = context.Old?.AssignedTeamId,
            AssignmentId = context.Old?.AssignmentId,
            TeamId = context.Old?.AssignedTeamId ?? place.TeamId,
            CreatedAt = seen.CreatedAt.Instant,
            LastUsedState = seen.LastUsedAt.State,
            LastUsedAt = seen.LastUsedAt.Instant,
            ExpiresState = seen.ExpiresAt.State,
            ExpiresAt = seen.ExpiresAt.Instant,
            Credentials = context.Old?.Credentials ?? 0,
            Facts = InventoryJson.WriteFacts(facts),
            Grants = grants.Count == 0 ? "[]" : InventoryJson.Write(grants),
            JoinKeys = seen.JoinKeys.Count == 0 ? "[]" : InventoryJson.Write(CleanList(seen.JoinKeys)),
            ContentHash = context.Hash,
            FirstSeenAt = context.Old?.FirstSeenAt ?? context.Now,
            FirstRunId = context.Old?.FirstRunId ?? context.Run.RunId,
            ChangedAt = context.Now,
            ChangedRunId = context.Run.RunId,
        };
    }

    public override ThingView View(Identity row, string? place) => new()
    {
        Fields = new Dictionary<string, KnownValue>
        {
            ["kind"] = KnownValue.Of(row.Kind.ToString()),
            ["name"] = KnownValue.Of(row.Name),
            ["url"] = ShapeColumns.FieldOf(row.Url),
            ["place"] = ShapeColumns.FieldOf(place),
            ["disabled"] = KnownValue.Of(row.Disabled),
            ["joinKeys"] = ShapeColumns.FieldOf(string.Join(", ", InventoryJson.ReadList(row.JoinKeys))),
        },
        Facts = InventoryJson.ReadFacts(row.Facts),
        Grants = InventoryJson.ReadGrants(row.Grants),
        IsGone = row.Presence != Presence.Present,
    };

    internal static List<string> CleanList(IReadOnlyList<string> items) =>
        items.Where(i => i.Length > 0).Select(i => Clean.Key(i, 500)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(100).ToList();

    // Only https links are ever shown.
    internal static string? SafeUrl(string? url) =>
        url is { Length: > 0 and <= 1_000 } && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
            ? Clean.Text(url, 1_000)
            : null;

    private static List<GrantObservation> CleanGrants(IReadOnlyList<GrantObservation> grants) => grants.Count == 0 ? [] : Reconcile.Grants
        .InOrder(grants.Select(g => g with { Permission = Clean.Text(g.Permission, 300), Resource = Clean.Text(g.Resource, 500) }).Distinct())
        .Take(1_000).ToList();

    private static string SearchText(string name, string path, SortedDictionary<string, KnownValue> facts, string provider)
    {
        var login = facts.Fact("login") is { State: Knowledge.Value, Text: { Length: > 0 } text } && text != name ? " " + text : string.Empty;
        return $"{name} {path}{login} {provider}".ToLowerInvariant();
    }
}
