using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>What a row is made of beside its observation.</summary>
/// <param name="Old">The row as it stands, or null when the thing is new.</param>
/// <param name="IdentityId">For credentials: whose it is.</param>
internal sealed record RowContext<TRow>(RunTicket Run, Guid ScopeId, DateTimeOffset Now, byte[] Hash, Guid Id, TRow? Old, PlaceBook Places, Guid IdentityId = default);

/// <summary>
/// One kind of thing that sources list: how its observation is hashed, becomes a row, and is compared. Everything else (finding
/// what is new, writing, sightings, disappearance) is written once for all of them.
/// </summary>
internal abstract class Shape<TObservation, TRow>
    where TObservation : Observation
    where TRow : class, IObserved
{
    /// <summary>identity, credential, resource or person.</summary>
    public abstract string Kind { get; }

    /// <summary>Columns that reconcile never changes once a row is there: somebody else writes them, or nobody does.</summary>
    public abstract IReadOnlySet<string> Kept { get; }

    /// <summary>How a thing stands that was listed.</summary>
    public virtual Presence PresenceOf(TObservation seen) => Presence.Present;

    public abstract void Hash(TObservation seen, CanonicalHash hash);

    public abstract TRow Make(TObservation seen, RowContext<TRow> context);

    /// <param name="row">As it stood, or stands.</param>
    /// <param name="place">Its place's path; null when it did not move: then nobody looks it up.</param>
    public abstract ThingView View(TRow row, string? place);

    /// <summary>Whose time-line shows its changes; null: none.</summary>
    public virtual Guid? IdentityOf(TRow row) => null;

}

internal static class ShapeColumns
{
    /// <summary>What no kind of row changes.</summary>
    public static readonly string[] Fixed = ["id", "source_id", "natural_key", "first_seen_at"];

    /// <summary>Set anew whenever a thing is seen: it is present.</summary>
    public static KnownValue FieldOf(string? text) => string.IsNullOrEmpty(text) ? KnownValue.NotExposed : KnownValue.Of(text);
}
