using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Documents;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.Sources.Runs;

/// <summary>
/// Executes one queued run: takes the lease, lets the connector read into the sink, and ends the run with the truth. It may be
/// killed at any moment: whoever comes next finds the lease run out, ends the run as abandoned and reads again.
/// </summary>
public sealed class PollSource
{
    private readonly IDbContextFactory<GovernanceDb> _contexts;
    private readonly IDialect _dialect;
    private readonly ConnectorCatalogue _connectors;
    private readonly SourceSecretStore _secrets;
    private readonly IObservationSink _sink;
    private readonly IGuardedHttp _http;
    private readonly TimeProvider _clock;
    private readonly PollOptions _options;
    private readonly PollQueue _queue;
    private readonly DocumentStore _documents;
    private readonly ILogger<PollSource> _log;
    private readonly SourceLease _leases;
    private readonly RunEnd _end;

    public PollSource(
        IDbContextFactory<GovernanceDb> contexts, IDialect dialect, ConnectorCatalogue connectors, SourceSecretStore secrets, IObservationSink sink,
        IGuardedHttp http, IAuditTrail trail, TimeProvider clock, PollOptions options, PollQueue queue, DocumentStore documents,
        ILogger<PollSource> log)
    {
        (_contexts, _dialect, _connectors, _secrets, _sink, _http) = (contexts, dialect, connectors, secrets, sink, http);
        (_clock, _options, _queue, _documents, _log) = (clock, options, queue, documents, log);
        _leases = new SourceLease(contexts, dialect, trail, options);
        _end = new RunEnd(contexts, dialect, trail, queue);
    }

    /// <summary>Runs a queued run to its end.</summary>
    /// <param name="stop">The worker is being stopped: the run ends as far as it came, and another is queued.</param>
    /// <returns>How it ended; null when another worker was first.</returns>
    public async Task<PollState?> RunAsync(Guid runId, CancellationToken stop)
    {
        var lease = await _leases.TakeAsync(runId, stop);
        if (lease is null)
        {
            return null;
        }

        _log.LogInformation("Run {Number} of source {Source} started with fence {Fence}", lease.Number, lease.SourceId, lease.Fence);
        using var memory = new RunMemory(_contexts, lease);
        var secrets = RunSecrets.Of(_contexts, _secrets, lease.SourceId, lease.Host);
        var notes = new RunNotes(secrets);
        PollState state;
        try
        {
            var reading = await ReadAsync(lease, secrets, memory, notes, stop);
            state = await _end.SaveAsync(lease, reading, memory, notes, CancellationToken.None);
        }
        catch (LeaseLostException)
        {
            await _end.AbandonAsync(lease, CancellationToken.None);
            state = PollState.Abandoned;
        }
        catch (Exception fault)
        {
            state = await NotStoredAsync(lease, fault, notes);
        }

        _log.LogInformation("Run {Number} of source {Source} ended {State}", lease.Number, lease.SourceId, state);
        return state;
    }

    /// <summary>Ends what dead workers left behind. Returns how many sources were taken over.</summary>
    public Task<int> TakeOverAsync(CancellationToken cancellationToken) => _leases.TakeOverAsync(_queue, cancellationToken);

    // What was read could not all be kept, or the end could not be written. Nothing is concluded from such a run, and its memory
    // goes: with it, the next one might be told "as last time" of what never was stored. The lease is freed at once.
    private async Task<PollState> NotStoredAsync(LeaseGrant lease, Exception fault, RunNotes notes)
    {
        var cause = fault is NotStoredException { InnerException: { } inner } ? inner : fault;
        _log.LogError("Run {Number} of source {Source} could not be stored: {Fault} at {Where}", lease.Number, lease.SourceId, cause.GetType().Name, cause.StackTrace);
        var soFar = (fault as NotStoredException)?.SoFar ?? new RunSummary(0, 0, 0, 0, 0, 0, 0, 0, 0);
        using var nothing = new RunMemory(_contexts, lease);
        try
        {
            return await _end.SaveAsync(
                lease, new Reading(ReadingEnd.NotStored, soFar, "What was read could not all be stored; the next run reads again. The server's log says why.", []) { Unread = lease.Only },
                nothing, notes, CancellationToken.None);
        }
        catch (LeaseLostException)
        {
            await _end.AbandonAsync(lease, CancellationToken.None);
            return PollState.Abandoned;
        }
    }

    private async Task<Reading> ReadAsync(LeaseGrant lease, RunSecrets secrets, RunMemory memory, RunNotes notes, CancellationToken stop)
    {
        var none = new RunSummary(0, 0, 0, 0, 0, 0, 0, 0, 0);
        if (_connectors.Find(lease.ConnectorKey) is not { } connector)
        {
            return new Reading(ReadingEnd.Failed, none, $"This version has no connector \"{lease.ConnectorKey}\".", []) { Unread = lease.Only };
        }

        await using var writer = await _sink.OpenAsync(new RunTicket(lease.SourceId, lease.RunId, lease.Fence, lease.ConnectorKey) { Lease = _options.Lease, IsPart = lease.Only.Count > 0 }, stop);
        await using var pulse = new RunPulse(lease, _leases, _contexts, _dialect, _options, _clock, writer, _log);
        using var longest = new CancellationTokenSource(_options.Longest, _clock);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop, pulse.Cancelled, pulse.Lost, longest.Token);
        var context = new ConnectorContext(lease.SourceId, SourceSettingsJson.Read(lease.Settings), secrets, _http, _clock)
        {
            Memory = memory,
            Only = lease.Only,
            Progress = text => pulse.Say(secrets.Clean(text, 300)),
            Note = notes.Add,
            Folder = SourceFolder.Of(_options, lease.SourceId),
            Documents = _documents.Of(lease.SourceId),
        };
        var watch = new ScopeWatch();
        var end = ReadingEnd.ReadToEnd;
        string? error = null;
        try
        {
            await foreach (var read in connector.ReadAsync(context, reading.Token).WithCancellation(reading.Token))
            {
                var clean = secrets.Clean(read);
                watch.Take(clean);

                // Not the reader's token: a batch is written whole, or not because the lease is gone.
                await Storing.TryAsync(writer, w => w.TakeAsync(clean, pulse.Lost), pulse.Lost);
                reading.Token.ThrowIfCancellationRequested();
            }
        }
        catch (Exception) when (pulse.Lost.IsCancellationRequested)
        {
            throw new LeaseLostException();
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            (end, error) = pulse.Cancelled.IsCancellationRequested ? (ReadingEnd.Cancelled, null)
                : stop.IsCancellationRequested ? (ReadingEnd.Stopped, null)
                : (ReadingEnd.Failed, $"It took longer than {_options.Longest.TotalHours:0.#} hours and was ended.");
        }
        catch (Exception fault) when (fault is not (LeaseLostException or NotStoredException))
        {
            (end, error) = (ReadingEnd.Failed, secrets.Clean(ReadFailure.Sentence(fault), 1000));

            // The type and where, not the message: it may hold what a vendor sent.
            _log.LogWarning("Run {Number} of source {Source} failed: {Fault} at {Where}", lease.Number, lease.SourceId, fault.GetType().Name, fault.StackTrace);
        }

        foreach (var open in watch.Open)
        {
            var cut = ScopeEnded.Failed(open, end == ReadingEnd.ReadToEnd ? "The connector did not read it to its end." : error ?? "The run ended before it was read.");
            watch.Take(cut);
            await Storing.TryAsync(writer, w => w.TakeAsync(cut, pulse.Lost), pulse.Lost);
        }

        RunSummary summary = null!;
        await Storing.TryAsync(writer, async w => summary = await w.FinishAsync(end == ReadingEnd.ReadToEnd && lease.Only.Count == 0, pulse.Lost), pulse.Lost);
        foreach (var note in summary.Notes)
        {
            notes.Add(note);
        }

        return new Reading(end, summary, error, watch.Problems) 
        {
            Unread = lease.Only.Count == 0 ? [] : AskAgain.Unread(lease.Only, end, summary, watch),
            Left = end == ReadingEnd.Cancelled ? [.. lease.Only.Where(t => !watch.HasAnswered(t))] : [],
        };
    }
}

/// <summary>What came of a reading.</summary>
internal sealed record Reading(ReadingEnd End, RunSummary Summary, string? Error, IReadOnlyList<ScopeProblem> Problems)
{
    /// <summary>Of a run of some lists: those that are to be asked for again.</summary>
    public IReadOnlyList<ReadTarget> Unread { get; init; } = [];

    /// <summary>Of a run of some lists that a person cancelled: those that it had not read.</summary>
    public IReadOnlyList<ReadTarget> Left { get; init; } = [];

    public string? ProblemsJson => Problems.Count == 0 ? null : JsonSerializer.Serialize(Problems);
}
