using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>One scope of a source, and how a run has left it so far.</summary>
internal sealed class ScopeEntry(SourceScope row)
{
    public SourceScope Row { get; } = row;

    public bool Started { get; set; }

    /// <summary>As the connector named it in this run.</summary>
    public Scope? Scope { get; set; }

    public bool OnlyGrows { get; set; }

    /// <summary>It lacks what may be elsewhere, so that it is no word on what is present in it either.</summary>
    public bool SaysNothing { get; set; }

    public ScopeOutcome? Outcome { get; set; }

    public string? Permission { get; set; }

    public string? Error { get; set; }

    public long Items { get; set; }
}
