using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>Which identities a bulk command means: ticked ones, or all that a filter lists.</summary>
/// <param name="Ids">Ticked ones; then <paramref name="Filter"/> is not used.</param>
public sealed record IdentitySelection(IReadOnlyList<Guid>? Ids, IdentityFilter? Filter)
{
    public const int MaxIds = 1_000;

    internal Error? Fault => this switch
    {
        { Ids.Count: > MaxIds } => new Error.Invalid("ids", "Select at most 1,000 identities, or all that match the filter."),
        { Ids: null or { Count: 0 }, Filter: null } => new Error.Invalid("ids", "Select at least one identity."),
        _ => null,
    };

    internal async Task<IQueryable<Identity>> RowsAsync(
        GovernanceDb db, Actor actor, DateTimeOffset now, IDialect dialect, CancellationToken cancellationToken)
    {
        if (Ids is { Count: > 0 })
        {
            var ids = Ids.ToArray();
            return IdentityRows.Visible(db, actor).Where(i => ids.Contains(i.Id));
        }

        return await IdentityRows.MatchingAsync(db, actor, Filter!, now, dialect, cancellationToken);
    }
}

/// <param name="TeamId">Null: nobody is assigned any more, and the place's team answers again.</param>
/// <param name="Undo">
/// The assignment that this takes back: when one of them was assigned anew since, by anybody, nothing is done, and that is a conflict.
/// </param>
public sealed record AssignTeamRequest(IdentitySelection Selection, Guid? TeamId, Guid? Undo = null);

/// <param name="Selected">How many were meant.</param>
/// <param name="Changed">How many had another team.</param>
/// <param name="Before">
/// Who was assigned before, for an undo: the same command for each, audited like any. Null when more changed than one selection may name.
/// </param>
/// <param name="AssignmentId">For an undo.</param>
public sealed record AssignTeamResult(int Selected, int Changed, IReadOnlyList<AssignedBefore>? Before = null, Guid? AssignmentId = null);

/// <param name="TeamId">Null: nobody was.</param>
/// <param name="Ids">The identities that this team had before.</param>
public sealed record AssignedBefore(Guid? TeamId, IReadOnlyList<Guid> Ids);

/// <summary>Gives identities to a team, in bulk. A person's word wins over the mapping of places.</summary>
public sealed class AssignTeam(CommandDoor door, IDialect dialect) : Command<AssignTeamRequest, AssignTeamResult>(door)
{
    private const int Batch = 5_000;

    public override Permission Permission => Permission.AssignTeams;

    protected override async Task<Result<AssignTeamResult>> ApplyAsync(
        AssignTeamRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (request.Selection.Fault is { } fault)
        {
            return fault;
        }

        var names = await context.Db.Set<Team>().AsNoTracking().Select(t => new { t.Id, t.Name }).ToDictionaryAsync(t => t.Id, t => t.Name, cancellationToken);
        if (request.TeamId is { } wanted && !await TeamHold.TakeAsync(context.Db, wanted, cancellationToken))
        {
            return new Error.NotFound("This team");
        }

        if (request.TeamId is null)
        {
            // Then the place's team answers: whoever maps places meanwhile would not see these, and their old team would stay.
            await dialect.LockAsync(context.Db, PlaceMapper.Lock, cancellationToken);
        }

        var rows = await request.Selection.RowsAsync(context.Db, context.Actor, context.Now, dialect, cancellationToken);
        var selected = await rows.CountAsync(cancellationToken);
        if (selected == 0)
        {
            return new Error.NotFound("No identity of this selection");
        }

        if (request.Undo is { } undone)
        {
            // Held until the end of this transaction: whoever assigns meanwhile comes after it.
            await rows.ExecuteUpdateAsync(set => set.SetProperty(i => i.AssignmentId, i => i.AssignmentId), cancellationToken);
            if (await rows.AnyAsync(i => i.AssignmentId != undone, cancellationToken))
            {
                return new Error.Conflict("Somebody assigned a team to some of these since. Nothing was undone.");
            }
        }

        var (teamId, assignment) = (request.TeamId, context.NewId());
        var ids = await rows.Where(i => i.AssignedTeamId != teamId).OrderBy(i => i.Id).Select(i => i.Id).ToArrayAsync(cancellationToken);
        var before = ids.Length <= IdentitySelection.MaxIds
            ? (await context.Db.Set<Identity>().AsNoTracking().Where(i => ids.Contains(i.Id)).Select(i => new { i.Id, i.AssignedTeamId }).ToListAsync(cancellationToken))
                .GroupBy(i => i.AssignedTeamId, i => i.Id).Select(g => new AssignedBefore(g.Key, [.. g])).ToList()
            : null;
        foreach (var batch in ids.Chunk(Batch))
        {
            await AssignAsync(context, batch, teamId, assignment, names, cancellationToken);
        }

        if (ids.Length == 0)
        {
            context.Audit("identity.assign-team", "identity", Guid.Empty, null, new { TeamId = teamId }, $"{selected} selected, none changed");
        }

        context.Signal("inventory", teamId ?? Guid.Empty);
        return new AssignTeamResult(selected, ids.Length, before, ids.Length > 0 ? assignment : null);
    }

    private async Task AssignAsync(
        CommandContext context, Guid[] ids, Guid? teamId, Guid assignment, Dictionary<Guid, string> names, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var places = db.Set<Place>();
        var before = await db.Set<Identity>().AsNoTracking().Where(i => ids.Contains(i.Id))
            .Select(i => new { i.Id, i.TeamId, PlaceTeam = places.Where(p => p.Id == i.PlaceId).Select(p => p.TeamId).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        await db.Set<Identity>().Where(i => ids.Contains(i.Id)).ExecuteUpdateAsync(
            set => set.SetProperty(i => i.AssignedTeamId, teamId).SetProperty(i => i.AssignmentId, assignment)
                .SetProperty(i => i.TeamId, i => teamId ?? places.Where(p => p.Id == i.PlaceId).Select(p => p.TeamId).FirstOrDefault()),
            cancellationToken);
        KnownValue Name(Guid? id) => id is { } team ? KnownValue.Of(names.GetValueOrDefault(team, team.ToString())) : KnownValue.Never();
        var changes = before.Where(b => b.TeamId != (teamId ?? b.PlaceTeam)).Select(b => new InventoryChange
        {
            Id = context.NewId(), SubjectKind = "identity", SubjectId = b.Id, IdentityId = b.Id, Kind = ChangeKind.TeamAssigned, Subject = "team",
            Before = InventoryJson.WriteValue(Name(b.TeamId)), After = InventoryJson.WriteValue(Name(teamId ?? b.PlaceTeam)), At = context.Now,
        });
        await new Bulk(db, dialect).LoadAsync(changes, cancellationToken);

        var digest = IdsDigest.Of(ids);
        context.Audit(
            "identity.assign-team", "identity-batch", context.NewId(), null, new { TeamId = teamId, Count = ids.Length, Ids = digest },
            $"{ids.Length} identities to {(teamId is null ? "their place's team" : "team " + teamId)}; ids sha256:{digest}");
    }
}
