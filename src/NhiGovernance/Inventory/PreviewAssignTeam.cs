using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Inventory;

public sealed record PreviewAssignTeamRequest(IdentitySelection Selection, Guid? TeamId);

/// <param name="Selected">How many are meant.</param>
/// <param name="Changes">How many would get another assignment.</param>
/// <param name="Reassigned">How many of those a person had given to another team.</param>
public sealed record PreviewAssignTeamResult(int Selected, int Changes, int Reassigned);

/// <summary>What <see cref="AssignTeam"/> would do, exactly, before it does it.</summary>
public sealed class PreviewAssignTeam(QueryDoor door, IDialect dialect) : Query<PreviewAssignTeamRequest, PreviewAssignTeamResult>(door)
{
    public override Permission Permission => Permission.AssignTeams;

    protected override async Task<Result<PreviewAssignTeamResult>> ReadAsync(
        PreviewAssignTeamRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        if (request.Selection.Fault is { } fault)
        {
            return fault;
        }

        var rows = await request.Selection.RowsAsync(context.Db, context.Actor, context.Now, dialect, cancellationToken);
        var teamId = request.TeamId;
        return new PreviewAssignTeamResult(
            await rows.CountAsync(cancellationToken),
            await rows.CountAsync(i => i.AssignedTeamId != teamId, cancellationToken),
            await rows.CountAsync(i => i.AssignedTeamId != null && i.AssignedTeamId != teamId, cancellationToken));
    }
}
