namespace NhiGovernance.Sources.Contract;

/// <summary>
/// A place and a kind of object, read as one list: "deploy-keys" of "acme/ledger". Completeness is judged per scope.
/// </summary>
public sealed record Scope(string Kind, string Place)
{
    /// <summary>
    /// The vendor's immutable id of the place ("repository:1296269"): a place that is renamed or moved keeps its scopes. Null where
    /// the place's name is all there is. Within a run, scopes are told apart by kind and place; from run to run by kind and key.
    /// </summary>
    public string? Key { get; init; }

    public bool Equals(Scope? other) => other is not null && Kind == other.Kind && Place == other.Place;

    public override int GetHashCode() => HashCode.Combine(Kind, Place);
}

/// <summary>
/// What a connector yields while it reads. For each scope: one <see cref="ScopeStarted"/>, any number of <see cref="ScopePage"/>,
/// exactly one <see cref="ScopeEnded"/>. Scopes may interleave. A scope that is never ended was not read to its end.
/// </summary>
public abstract record ReadEvent(Scope Scope);

/// <param name="Parent">
/// The scope whose list says that this scope exists (the repositories of an organisation); null for a root. A child that is
/// not started in a run counts as empty only when its parent ended <see cref="ScopeOutcome.Complete"/> in that run.
/// </param>
public sealed record ScopeStarted(Scope Scope, Scope? Parent) : ReadEvent(Scope)
{
    /// <summary>
    /// True for a list of a time that passes, such as one week of a log: later runs do not ask for it again, and that says nothing.
    /// Any other root that a run no longer asks for is no longer covered by the source's settings.
    /// </summary>
    public bool Passing { get; init; }

    /// <summary>True for a stretch of a log: it only grows, and a reading that lists less of it than another says nothing of the rest.</summary>
    public bool OnlyGrows { get; init; }
}

public sealed record ScopePage(Scope Scope, IReadOnlyList<Observation> Observations) : ReadEvent(Scope);

public sealed record ScopeEnded(Scope Scope, ScopeOutcome Outcome) : ReadEvent(Scope)
{
    /// <summary>
    /// For <see cref="ScopeOutcome.Denied"/>: what to grant, in the vendor's words. On <see cref="ScopeOutcome.NotAvailable"/>: what may be
    /// missing, where the vendor does not tell whether it is that or there is no such list; then the list counts as not known.
    /// </summary>
    public string? Permission { get; init; }

    /// <summary>For <see cref="ScopeOutcome.Failed"/>: one plain sentence. Never the vendor's body, never a secret.</summary>
    public string? Error { get; init; }

    /// <summary>True when it was read to its end and what it lacks may be elsewhere, in a list that could not be read: nothing of it goes missing.</summary>
    public bool SaysNothingOfAbsence { get; init; }

    public static ScopeEnded Complete(Scope scope) => new(scope, ScopeOutcome.Complete);

    public static ScopeEnded Unchanged(Scope scope) => new(scope, ScopeOutcome.Unchanged);

    public static ScopeEnded Denied(Scope scope, string permission) => new(scope, ScopeOutcome.Denied) { Permission = permission };

    public static ScopeEnded Failed(Scope scope, string error) => new(scope, ScopeOutcome.Failed) { Error = error };

    public static ScopeEnded NotAvailable(Scope scope, string why) => new(scope, ScopeOutcome.NotAvailable) { Error = why };

    public static ScopeEnded LeftOut(Scope scope, string why) => new(scope, ScopeOutcome.LeftOut) { Error = why };
}

public enum ScopeOutcome
{
    /// <summary>Read to its end-of-list marker.</summary>
    Complete,

    /// <summary>The source proved that nothing changed since the last complete read (every page answered 304). Counts as complete.</summary>
    Unchanged,

    /// <summary>A permission is missing. Nothing is concluded from what was not seen.</summary>
    Denied,

    /// <summary>An error, a limit or a cancellation ended it early.</summary>
    Failed,

    /// <summary>The plan or the product does not have this list (404 with the feature off). Nothing is concluded.</summary>
    NotAvailable,

    /// <summary>
    /// The source's settings leave it out, so it was not asked for: what it listed before is not covered any more, and is never
    /// called gone by that. A place that is left out starts its lists all the same and ends them so; a list that is not started
    /// below a parent that was read to its end counts as gone.
    /// </summary>
    LeftOut,
}
