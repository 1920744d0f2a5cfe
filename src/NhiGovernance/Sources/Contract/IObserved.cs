using NhiGovernance.Data;

namespace NhiGovernance.Sources.Contract;

/// <summary>Where a thing that sources list stands.</summary>
public enum Presence
{
    Present,

    /// <summary>Not in its scope's last complete list. Visible and dated; it may come back.</summary>
    Missing,

    /// <summary>Missing in two complete runs and for 24 hours.</summary>
    Retired,

    /// <summary>
    /// Nobody looks: its list is not asked for any more, or it is itself a place that is left out, because somebody took it out of the
    /// source's settings. Neither absent nor fresh.
    /// </summary>
    NotCovered,
}

/// <summary>
/// A row that reconcile writes from observations. Natural key and source name it; a scope lists it. What all of them share, so
/// that sightings, disappearance and return are written once.
/// </summary>
public interface IObserved : IEntity
{
    Guid SourceId { get; }

    Guid ScopeId { get; set; }

    string NaturalKey { get; }

    Presence Presence { get; set; }

    /// <summary>SHA-256 of the observation's canonical bytes: equal means that nothing has to be written.</summary>
    byte[] ContentHash { get; set; }

    DateTimeOffset FirstSeenAt { get; }

    DateTimeOffset ChangedAt { get; set; }

    Guid ChangedRunId { get; set; }

    DateTimeOffset? MissingSince { get; set; }

    /// <summary>Complete runs in a row that did not list it.</summary>
    int MissedRuns { get; set; }

    DateTimeOffset? RetiredAt { get; set; }
}
