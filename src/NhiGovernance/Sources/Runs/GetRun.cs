using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

public sealed record GetRunRequest(Guid Id);

/// <param name="Kind">What it lists: "deploy-keys".</param>
/// <param name="Place">Of what place, as it was called when it was read.</param>
/// <param name="Outcome">How it was read.</param>
/// <param name="Permission">What to grant, when denied; what may be missing, when it is not known whether there is such a list.</param>
/// <param name="Error">Why it was not read to its end; null when it was.</param>
/// <param name="Items">How many things it listed.</param>
/// <param name="LastCompleteAt">When it was last read to its end, by whatever run; null: never.</param>
public sealed record ScopeRow(
    string Kind, string Place, ScopeOutcome Outcome, string? Permission, string? Error, long Items, DateTimeOffset? LastCompleteAt);

/// <param name="Run">The same as in a list.</param>
/// <param name="SourceName">Name of the source that it read.</param>
/// <param name="Notes">What its connector and its storing had to say, a sentence each.</param>
/// <param name="Scopes">
/// Those that were not read to their end first; at most 500. Of an older run only these are kept, and <paramref name="OnlyProblems"/> is true.
/// </param>
/// <param name="OnlyProblems">True when only the scopes that were not read to their end are kept.</param>
/// <param name="ScopeCount">How many scopes there are to show.</param>
public sealed record RunDetail(
    RunRow Run, string SourceName, IReadOnlyList<string> Notes, IReadOnlyList<ScopeRow> Scopes, bool OnlyProblems, BoundedCount ScopeCount);

/// <summary>One run with what became of each scope: what to grant where it was denied, and what went wrong where it failed.</summary>
public sealed class GetRun(QueryDoor door) : Query<GetRunRequest, RunDetail>(door)
{
    private const int MostScopes = 500;

    public override Permission Permission => Permission.ReadSources;

    protected override async Task<Result<RunDetail>> ReadAsync(GetRunRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var found = context.Db.Set<PollRun>().Where(r => r.Id == request.Id);
        var run = await found.Select(RunRow.From).SingleOrDefaultAsync(cancellationToken);
        if (run is null)
        {
            return new Error.NotFound("This run");
        }

        var more = await found.Select(r => new { r.Notes, r.Problems }).SingleAsync(cancellationToken);
        var name = await context.Db.Set<Source>().Where(s => s.Id == run.SourceId).Select(s => s.Name).SingleAsync(cancellationToken);
        var all = context.Db.Set<SourceScope>().Where(s => s.LastRunId == request.Id && s.SourceId == run.SourceId && s.LastOutcome != null);
        var count = new BoundedCount(await all.Take(BoundedCount.Limit + 1).CountAsync(cancellationToken));
        var scopes = await all
            .OrderBy(s => s.LastOutcome == ScopeOutcome.Failed ? 0 : s.LastOutcome == ScopeOutcome.Denied ? 1 : s.LastOutcome == ScopeOutcome.NotAvailable ? 2 : s.LastOutcome == ScopeOutcome.LeftOut ? 3 : 4)
            .ThenBy(s => s.Kind).ThenBy(s => s.Place).Take(MostScopes)
            .Select(s => new ScopeRow(s.Kind, s.Place, s.LastOutcome!.Value, s.Permission, s.Error, s.Items, s.LastCompleteAt))
            .ToListAsync(cancellationToken);
        var older = scopes.Count == 0 && more.Problems is not null;
        if (older)
        {
            scopes = [.. JsonSerializer.Deserialize<List<ScopeProblem>>(more.Problems!)!
                .Select(p => new ScopeRow(p.Kind, p.Place, p.Outcome, p.Permission, p.Error, 0, null))];
            count = new BoundedCount(scopes.Count);
        }

        return new RunDetail(run, name, more.Notes?.Split('\n') ?? [], scopes, older, count);
    }
}
