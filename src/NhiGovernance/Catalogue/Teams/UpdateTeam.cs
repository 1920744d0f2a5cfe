using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Teams;

/// <param name="Version">The version that was read; null to change it whatever it is now.</param>
public sealed record UpdateTeamRequest(string Key, string Name, string? Contact, long? Version = null);

/// <summary>Renames a team or changes its contact. The key stays: links and files name it.</summary>
public sealed class UpdateTeam(CommandDoor door) : Command<UpdateTeamRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageTeams;

    protected override async Task<Result<Done>> ApplyAsync(UpdateTeamRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var (name, contact) = (fields.Name(request.Name), fields.Text("contact", request.Contact, 200));
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        var team = await context.Db.Set<Team>().FirstOrDefaultAsync(t => t.Key == request.Key, cancellationToken);
        if (team is null)
        {
            return new Error.NotFound($"Team {request.Key}");
        }

        if (request.Version is { } read && read != team.Version)
        {
            return CatalogueErrors.Stale;
        }

        var before = new { team.Key, team.Name, team.Contact };
        (team.Name, team.Contact) = (name, contact);
        context.Audit("team.update", "team", team.Id, before, new { team.Key, team.Name, team.Contact }, team.Key);
        context.Signal("catalogue", team.Id);
        return Done.Value;
    }
}
