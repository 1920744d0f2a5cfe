using NhiGovernance.Catalogue.People;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>What came of a run's absences.</summary>
/// <param name="IsLeftToTheWhole">A run that read a part, or was cut off, said nothing: a whole one has to.</param>
/// <param name="HeldScopes">Where what is held back was listed.</param>
internal readonly record struct DisappearanceCounts(long WentMissing, long HeldBack, bool IsLeftToTheWhole = false, IReadOnlyList<Guid>? HeldScopes = null);

/// <summary>Marks what is gone, by the judgement of its scopes; or holds it, when it is too much at once.</summary>
/// <param name="records">Takes what is to be appended to the audit log as the transaction's last statement.</param>
internal sealed class Disappearance(GovernanceDb db, IDialect dialect, EndLeavers leavers, List<AuditRecord> records, TimeProvider clock, DateTimeOffset now)
{
    private const int Chunk = 5_000;
    private readonly Bulk _bulk = new(db, dialect);

    /// <summary>What it did to things, for the audit log.</summary>
    public Written Written { get; } = new();

    /// <param name="readToEnd">True for a run of everything that came to its end.</param>
    public async Task<DisappearanceCounts> JudgeAsync(RunTicket run, ScopeJudgement judgement, bool readToEnd, CancellationToken cancellationToken)
    {
        // A run that was read to its end says anew what is absent; what an earlier one held is superseded. One that reads a part does
        // not, nor one that was cut off or came to nothing: the decision would be gone from sight, and nobody would have made it.
        Guid[] sure = [.. judgement.Listed, .. judgement.Vanished];
        if (readToEnd && sure.Length > 0)
        {
            await HeldRuns.SupersedeAsync(db, run, cancellationToken);
        }

        var gone = new List<(IObservedTable Table, List<Concerned> Rows)>();
        foreach (var table in ObservedTables.All)
        {
            gone.Add((table, sure.Length == 0 ? [] : await table.GoneAsync(db, run.SourceId, run.RunId, sure, cancellationToken)));
        }

        var count = gone.Sum(g => (long)g.Rows.Count);
        var present = gone.Sum(g => g.Rows.LongCount(r => r.Stood != Presence.Present)) + await PresentAsync(run, Brake.Enough(count), cancellationToken);
        var isTooMuch = Brake.Holds(present, count);
        if (count > 0 && !readToEnd && (isTooMuch || await HeldRuns.AreOpenAsync(db, run.SourceId, cancellationToken)))
        {
            // The brake and a person's open decision are about all that the source lists; a part must not get round them in small steps,
            // nor a run that was cut off, which nobody could decide about.
            return new DisappearanceCounts(0, 0, IsLeftToTheWhole: true);
        }

        if (isTooMuch)
        {
            await _bulk.LoadAsync(
                gone.SelectMany(g => g.Rows.Select(r => new HeldDisappearance
                {
                    RunId = run.RunId, SubjectId = r.Id, SourceId = run.SourceId, SubjectKind = g.Table.Kind,
                })),
                cancellationToken);
            return new DisappearanceCounts(0, count, HeldScopes: [.. gone.SelectMany(g => g.Rows.Select(r => r.ScopeId)).Distinct()]);
        }

        Guid[] absent = [.. sure, .. judgement.Unchanged];
        foreach (var (table, rows) in gone)
        {
            await RetireAsync(table, run, absent, cancellationToken);
            await MissAsync(table, rows, run.RunId, cancellationToken);
        }

        return new DisappearanceCounts(count, 0);
    }

    private async Task<long> PresentAsync(RunTicket run, long atMost, CancellationToken cancellationToken)
    {
        var present = 0L;
        foreach (var table in ObservedTables.All)
        {
            if (present < atMost)
            {
                present += await table.PresentAsync(db, run.SourceId, (int)Math.Min(atMost - present, int.MaxValue), cancellationToken);
            }
        }

        return present;
    }

    /// <summary>What went with a scope comes back with it, when the source says that the scope is as it was.</summary>
    public async Task ReturnAsync(RunTicket run, IReadOnlyDictionary<Guid, DateTimeOffset> scopes, CancellationToken cancellationToken)
    {
        foreach (var (scope, since) in scopes)
        {
            foreach (var table in ObservedTables.All)
            {
                var back = await table.GoneWithAsync(db, run.SourceId, scope, since, cancellationToken);
                foreach (var chunk in back.Chunk(Chunk))
                {
                    await table.RestoreAsync(db, Array.ConvertAll(chunk, r => r.Id), cancellationToken);
                    await ChangesAsync(table, chunk, ChangeKind.CameBack, run.RunId, cancellationToken);
                    await SettleAsync(table, chunk, run.RunId, cancellationToken);
                }
            }
        }
    }

    /// <summary>What present things of these scopes are called from now on: not covered. Nothing is said to be gone.</summary>
    public Task UncoverAsync(RunTicket run, IReadOnlySet<Guid> scopes, CancellationToken cancellationToken) =>
        MoveAsync(run, [.. scopes], Presence.Present, Presence.NotCovered, ChangeKind.Uncovered, cancellationToken);

    /// <summary>Their lists are asked for again, and are as they were.</summary>
    public Task CoverAgainAsync(RunTicket run, IReadOnlyList<Guid> scopes, CancellationToken cancellationToken) =>
        MoveAsync(run, [.. scopes], Presence.NotCovered, Presence.Present, ChangeKind.CameBack, cancellationToken);

    private async Task MoveAsync(RunTicket run, Guid[] scopes, Presence from, Presence to, ChangeKind kind, CancellationToken cancellationToken)
    {
        foreach (var table in scopes.Length == 0 ? [] : ObservedTables.All)
        {
            var rows = await table.InAsync(db, run.SourceId, scopes, from, cancellationToken);
            foreach (var chunk in rows.Chunk(Chunk))
            {
                await table.MoveAsync(db, Array.ConvertAll(chunk, r => r.Id), to, cancellationToken);
                await ChangesAsync(table, chunk, kind, run.RunId, cancellationToken);
                await SettleAsync(table, chunk, run.RunId, cancellationToken);
            }
        }
    }

    /// <summary>Marks present rows as missing, with a change each, and puts their identities' totals right.</summary>
    public async Task MissAsync(IObservedTable table, List<Concerned> rows, Guid runId, CancellationToken cancellationToken)
    {
        foreach (var chunk in rows.Chunk(Chunk))
        {
            await table.MarkMissingAsync(db, Array.ConvertAll(chunk, r => r.Id), now, cancellationToken);
            await ChangesAsync(table, chunk, ChangeKind.WentMissing, runId, cancellationToken);
            await SettleAsync(table, chunk, runId, cancellationToken);
        }
    }

    private async Task SettleAsync(IObservedTable table, Concerned[] rows, Guid runId, CancellationToken cancellationToken)
    {
        if (table.Kind == "credential")
        {
            await IdentityTotals.SettleAsync(db, dialect, rows.Select(r => r.IdentityId!.Value).Distinct().ToArray(), cancellationToken);
        }
        else if (table.Kind == "person")
        {
            await new PeopleJoin(db, dialect, leavers, records, clock).SettleHandlesAsync(Array.ConvertAll(rows, r => r.Id), now, cancellationToken);
        }
    }

    private async Task RetireAsync(IObservedTable table, RunTicket run, Guid[] scopes, CancellationToken cancellationToken)
    {
        if (scopes.Length == 0)
        {
            return;
        }

        await table.MissAgainAsync(db, run.SourceId, run.RunId, scopes, cancellationToken);
        var due = await table.DueAsync(db, run.SourceId, run.RunId, scopes, now, cancellationToken);
        foreach (var chunk in due.Chunk(Chunk))
        {
            await table.RetireAsync(db, Array.ConvertAll(chunk, r => r.Id), now, cancellationToken);
            await ChangesAsync(table, chunk, ChangeKind.Retired, run.RunId, cancellationToken);
        }
    }

    private Task ChangesAsync(IObservedTable table, Concerned[] rows, ChangeKind kind, Guid runId, CancellationToken cancellationToken)
    {
        Written.Add(Word(kind), rows.Select(r => r.Id));
        return _bulk.LoadAsync(
            rows.Select(r => Changing.Of(Ids.New(clock), table.Kind, r.Id, r.IdentityId, new Difference(kind, "state", null, null), runId, now)),
            cancellationToken);
    }

    private static string Word(ChangeKind kind) => kind switch
    {
        ChangeKind.WentMissing => "missing",
        ChangeKind.Retired => "retired",
        ChangeKind.CameBack => "back",
        ChangeKind.Uncovered => "not covered",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
