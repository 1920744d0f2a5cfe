using System.Collections.Frozen;
using System.Text.Json.Serialization;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources;

/// <summary>
/// Where a run's observations go. The inventory implements it; a run does not know what becomes of them. Every call is one
/// transaction that first checks the lease's fencing number; a stale one throws <see cref="LeaseLostException"/>.
/// </summary>
public interface IObservationSink
{
    /// <summary>Starts a run and returns the writer that takes its pages. Disposing it frees what it holds.</summary>
    Task<IObservationWriter> OpenAsync(RunTicket run, CancellationToken cancellationToken);
}

/// <param name="Fence">The lease's number; every batch carries it.</param>
public sealed record RunTicket(Guid SourceId, Guid RunId, long Fence, string Provider)
{
    /// <summary>True when it reads some lists only: what it does not read is none of its business.</summary>
    public bool IsPart { get; init; }

    /// <summary>How long a lease lasts; a batch that commits renews it.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);
}

public interface IObservationWriter : IAsyncDisposable
{
    /// <summary>Takes one event. Pages are gathered into batches; a batch is one transaction.</summary>
    Task TakeAsync(ReadEvent read, CancellationToken cancellationToken);

    /// <summary>The end of the reading: judges every scope, marks what went missing (or holds it), and says what was done.</summary>
    Task<RunSummary> FinishAsync(bool readToEnd, CancellationToken cancellationToken);

    /// <summary>
    /// True while a transaction is open that holds the source's row. Nobody can take the source over then, and nobody can renew its
    /// lease from outside either: the transaction does so as it ends. Read from another thread.
    /// </summary>
    bool IsWriting { get; }

    /// <summary>Counts so far, for live progress.</summary>
    RunSummary Soon { get; }
}

/// <summary>What a run did. <paramref name="HeldBack"/> above 0 means that disappearances wait for a person.</summary>
public sealed record RunSummary(
    int ScopesStarted, int ScopesComplete, int ScopesDenied, int ScopesFailed,
    long Seen, long Added, long Changed, long WentMissing, long HeldBack)
{
    /// <summary>What the reader of the run should know, one plain sentence each: things that could not be stored, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>True when it was read to its end, and yet nothing may be concluded from what it did not list.</summary>
    public bool IsInconclusive { get; init; }

    /// <summary>Lists that were read, or whose places are gone, and lack what is held back.</summary>
    [JsonIgnore]
    public IReadOnlySet<Scope> Held { get; init; } = FrozenSet<Scope>.Empty;

    /// <summary>It read a part, or was cut off, and what is gone there is more than such a run may say, or beside what a person has yet to decide.</summary>
    public bool IsLeftToTheWhole { get; init; }
}

/// <summary>Another worker holds the source now; whatever this one still has is dropped.</summary>
public sealed class LeaseLostException() : Exception("Another worker took over this source.");
