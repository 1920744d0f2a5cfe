using NhiGovernance.Catalogue;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

internal sealed class PersonShape : Shape<PersonObservation, PersonHandle>
{
    public override string Kind => "person";

    // Who a handle is, people may say too (merging).
    public override IReadOnlySet<string> Kept { get; } = new HashSet<string>(ShapeColumns.Fixed) { "person_id" };

    public override void Hash(PersonObservation seen, CanonicalHash hash) => hash
        .Add(seen.Login).Add(seen.DisplayName).Add(seen.Email).Add((int)seen.Status).Add(seen.LeaveDate?.DayNumber ?? -1).Add(seen.Facts);

    public override PersonHandle Make(PersonObservation seen, RowContext<PersonHandle> context) => new()
    {
        Id = context.Id,
        SourceId = context.Run.SourceId,
        ScopeId = context.ScopeId,
        NaturalKey = Clean.Key(seen.NaturalKey, 400),
        PersonId = context.Old?.PersonId,
        Login = Clean.Text(seen.Login, 200),
        DisplayName = Value(seen.DisplayName, 200),
        Email = Value(seen.Email, 256)?.ToLowerInvariant(),
        Status = seen.Status,
        LeaveDate = seen.LeaveDate,
        Facts = InventoryJson.WriteFacts(Clean.Facts(seen.Facts, ("displayName", seen.DisplayName), ("email", seen.Email))),
        Presence = Presence.Present,
        ContentHash = context.Hash,
        FirstSeenAt = context.Old?.FirstSeenAt ?? context.Now,
        ChangedAt = context.Now,
        ChangedRunId = context.Run.RunId,
    };

    public override ThingView View(PersonHandle row, string? place) => new()
    {
        Fields = new Dictionary<string, KnownValue>
        {
            ["login"] = KnownValue.Of(row.Login),
            ["status"] = KnownValue.Of(row.Status.ToString()),
            ["leaveDate"] = row.LeaveDate is { } day
                ? KnownValue.Of(day.ToString("O", System.Globalization.CultureInfo.InvariantCulture))
                : KnownValue.NotExposed,
        },
        Facts = InventoryJson.ReadFacts(row.Facts),
        IsGone = row.Presence != Presence.Present,
    };

    private static string? Value(KnownValue value, int max) =>
        value.State == Knowledge.Value && value.Text?.Trim() is { Length: > 0 } text ? Clean.Text(text, max) : null;
}
