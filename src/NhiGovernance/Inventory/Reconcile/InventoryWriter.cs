using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>
/// Takes a run's pages and keeps the inventory in step. Memory holds one batch, the source's scopes and the places it met. A
/// batch is one transaction that first checks the lease; a run that dies leaves whole batches, and the next one starts anew:
/// every write has a natural key, so nothing doubles. A transaction that wrote something ends with an entry of the audit log.
/// </summary>
internal sealed class InventoryWriter : IObservationWriter
{
    public const int BatchSize = 5_000;

    private readonly IDbContextFactory<GovernanceDb> _contexts;
    private readonly IDialect _dialect;
    private readonly EndLeavers _leavers;
    private readonly TimeProvider _clock;
    private readonly RunTicket _run;
    private readonly ScopeLedger _scopes;
    private readonly PlaceBook _places;
    private ImmutableArray<string> _notes = [];
    private Batch _batch = new();
    private long _seen;
    private long _unchanged;
    private long _added;
    private long _changed;
    private DisappearanceCounts _gone;
    private IReadOnlySet<Scope> _held = FrozenSet<Scope>.Empty;
    private bool _isWriting;
    private bool _isBroken;
    private bool _isInconclusive;
    private bool _afterDeath;
    private long _number;

    private InventoryWriter(
        IDbContextFactory<GovernanceDb> contexts, IDialect dialect, IPlaceMapper mapper, EndLeavers leavers, TimeProvider clock, RunTicket run, ScopeLedger scopes)
    {
        (_contexts, _dialect, _leavers, _clock, _run, _scopes) = (contexts, dialect, leavers, clock, run, scopes);
        _places = new PlaceBook(dialect, mapper, clock);
    }

    public bool IsWriting => Volatile.Read(ref _isWriting);

    public RunSummary Soon => new(
        _scopes.Started, _scopes.Count(ScopeOutcome.Complete) + _scopes.Count(ScopeOutcome.Unchanged), _scopes.Count(ScopeOutcome.Denied),
        _scopes.Count(ScopeOutcome.Failed), _seen, _added, _changed, _gone.WentMissing, _gone.HeldBack)
    {
        Notes = _notes,
        IsInconclusive = _isInconclusive || _gone.IsLeftToTheWhole,
        IsLeftToTheWhole = _gone.IsLeftToTheWhole,
        Held = _held,
    };

    public static async Task<InventoryWriter> OpenAsync(
        IDbContextFactory<GovernanceDb> contexts, IDialect dialect, IPlaceMapper mapper, EndLeavers leavers, TimeProvider clock, RunTicket run,
        CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await Fence.HoldAsync(db, dialect, run, cancellationToken);
        var number = await db.Set<PollRun>().Where(r => r.Id == run.RunId).Select(r => r.Number).SingleOrDefaultAsync(cancellationToken);

        if (run.IsPart)
        {
            // What others left behind is not its business: a whole run clears it away.
            await db.Set<RunSighting>().Where(s => s.RunId == run.RunId).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new InventoryWriter(contexts, dialect, mapper, leavers, clock, run, await ScopeLedger.OpenAsync(db, run, clock, cancellationToken)) { _number = number };
        }

        // What a run that died left behind. This one's own, too: a run that is opened again starts anew.
        var runs = db.Set<PollRun>().Where(r => r.SourceId == run.SourceId).Select(r => r.Id);
        await db.Set<RunSighting>().Where(s => s.RunId == run.RunId || runs.Contains(s.RunId)).ExecuteDeleteAsync(cancellationToken);

        // Not the last run alone: between the one that died and this one, others may have been cancelled before they wrote anything.
        var earlier = db.Set<PollRun>().Where(r => r.SourceId == run.SourceId && r.Id != run.RunId);
        var read = await earlier.Where(r => r.Targets == null && (r.State == PollState.Complete || r.State == PollState.Partial || r.State == PollState.Held))
            .MaxAsync(r => (long?)r.Number, cancellationToken) ?? 0;
        var afterDeath = await earlier.AnyAsync(
            r => r.Number > read && r.EndedAt != null && (r.State == PollState.Abandoned || r.State == PollState.Failed), cancellationToken);
        var scopes = await ScopeLedger.OpenAsync(db, run, clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new InventoryWriter(contexts, dialect, mapper, leavers, clock, run, scopes) { _number = number, _afterDeath = afterDeath };
    }

    public async Task TakeAsync(ReadEvent read, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        if (_run.IsPart)
        {
            await _scopes.MeetAsync(_contexts, read, cancellationToken);
        }

        switch (read)
        {
            case ScopeStarted started:
                _scopes.Start(started);
                break;
            case ScopePage page:
                var scopeId = _scopes.Page(page.Scope, page.Observations.Count);
                foreach (var observation in page.Observations)
                {
                    _batch.Add(observation, scopeId);
                    if (_batch.Count >= 2 * BatchSize)
                    {
                        await FlushAsync(cancellationToken);
                    }
                }

                // Whole pages: an identity and its credentials, which come in one, are then written together.
                if (_batch.Count >= BatchSize)
                {
                    await FlushAsync(cancellationToken);
                }

                break;
            case ScopeEnded ended:
                _scopes.End(ended);
                break;
            default:
                throw new NotSupportedException($"No such event: {read.GetType().Name}.");
        }
    }

    public async Task<RunSummary> FinishAsync(bool readToEnd, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        _scopes.Close();
        await FlushAsync(cancellationToken);
        await InTransactionAsync(JudgeAsync, cancellationToken);
        return Soon;

        async Task JudgeAsync(GovernanceDb db, List<AuditRecord> records, DateTimeOffset now)
        {
            var judgement = ScopeJudgement.Of(_scopes.Facts.ToArray(), readToEnd);
            var sighted = await db.Set<RunSighting>().LongCountAsync(s => s.RunId == _run.RunId, cancellationToken);
            var disappearance = new Disappearance(db, _dialect, _leavers, records, _clock, now);
            await disappearance.ReturnAsync(_run, _scopes.Return(), cancellationToken);
            await disappearance.CoverAgainAsync(_run, _scopes.CoverAgain(), cancellationToken);
            if (sighted == _unchanged)
            {
                _gone = await disappearance.JudgeAsync(_run, judgement, readToEnd, cancellationToken);
                _held = _gone.HeldScopes is { } held ? _scopes.Named(held) : _held;
                if (!_gone.IsLeftToTheWhole)
                {
                    _scopes.Vanished(judgement.Vanished, now);
                    await disappearance.UncoverAsync(_run, judgement.Uncovered, cancellationToken);
                    _scopes.Uncover(judgement.Uncovered, now);
                }
            }
            else
            {
                // Sightings do not survive a crash of the database; without all of them nobody can say who was not there.
                _isInconclusive = true;
            }

            await new PeopleJoin(db, _dialect, _leavers, records, _clock).SettleThoseWhoStayedAsync(now, cancellationToken);
            var followed = await _places.SettleAsync(db, _run, _afterDeath, now, cancellationToken);
            disappearance.Written.Add("to their place's team", followed.Select(m => m.Id));
            await _scopes.WriteAsync(new Bulk(db, _dialect), now, cancellationToken);
            await db.Set<RunSighting>().Where(s => s.RunId == _run.RunId).ExecuteDeleteAsync(cancellationToken);
            await _dialect.SignalAsync(db, new ChangeSignal("inventory", _run.SourceId), cancellationToken);
            disappearance.Written.Report(records, _run, _number);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var batch = _batch;
        _batch = new Batch();
        BatchCounts counts = default;
        await InTransactionAsync(
            async (db, records, now) =>
            {
                counts = await batch.WriteAsync(db, _dialect, _run, now, _places, _leavers, records, _clock, cancellationToken);
                Report(batch);
                await _scopes.WriteAsync(new Bulk(db, _dialect), now, cancellationToken);
                batch.Written.Report(records, _run, _number);
            },
            cancellationToken);
        (_seen, _unchanged) = (_seen + counts.Seen, _unchanged + counts.Unchanged);
        (_added, _changed) = (_added + counts.Added, _changed + counts.Changed);
    }

    private void Report(Batch batch)
    {
        foreach (var (scope, count) in batch.Orphans)
        {
            _scopes.Fault(scope, $"{count} credentials name an identity that the source did not list; they are not kept.");
        }

        foreach (var (scope, count) in batch.Keyless)
        {
            _scopes.Fault(scope, $"{count} things came without a key; they are not kept.");
        }

        if (batch.Orphans.Count > 0)
        {
            _notes = _notes.Add($"{batch.Orphans.Values.Sum()} credentials name an identity that the source did not list.");
        }

        if (batch.Keyless.Count > 0)
        {
            _notes = _notes.Add($"{batch.Keyless.Values.Sum()} things came without a key.");
        }
    }

    // A batch that was not stored is lost to this run. Whatever it held would look absent: nothing may be judged any more.
    private void ThrowIfBroken()
    {
        if (_isBroken)
        {
            throw new InvalidOperationException("An earlier batch of this run could not be stored.");
        }
    }

    private async Task InTransactionAsync(Func<GovernanceDb, List<AuditRecord>, DateTimeOffset, Task> work, CancellationToken cancellationToken)
    {
        _isBroken = true;
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = await Fence.HoldAsync(db, _dialect, _run, cancellationToken);
        Volatile.Write(ref _isWriting, true);
        try
        {
            var records = new List<AuditRecord>();
            await work(db, records, now);
            await Fence.RenewAsync(db, _dialect, _run, cancellationToken);
            await _leavers.AppendAsync(db, _run.RunId, records, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            _isBroken = false;
        }
        finally
        {
            Volatile.Write(ref _isWriting, false);
        }
    }
}
