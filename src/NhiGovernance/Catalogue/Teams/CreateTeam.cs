using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Teams;

/// <param name="Key">Names it in addresses and filters for good: lower-case letters, digits and hyphens.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Contact">Where the team is reached, in its own words; null: not said.</param>
public sealed record CreateTeamRequest(string Key, string Name, string? Contact = null);

/// <summary>Adds a team.</summary>
public sealed class CreateTeam(CommandDoor door) : Command<CreateTeamRequest, Guid>(door)
{
    public override Permission Permission => Permission.ManageTeams;

    protected override async Task<Result<Guid>> ApplyAsync(CreateTeamRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var (key, name, contact) = (fields.Key(request.Key), fields.Name(request.Name), fields.Text("contact", request.Contact, 200));
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        if (await context.Db.Set<Team>().AnyAsync(t => t.Key == key || t.Name == name, cancellationToken))
        {
            return new Error.Conflict("A team with this key or name is there already.");
        }

        var team = new Team { Id = context.NewId(), Key = key, Name = name, Contact = contact };
        context.Db.Add(team);
        context.Audit("team.create", "team", team.Id, null, new { key, name, contact }, key);
        context.Signal("catalogue", team.Id);
        return team.Id;
    }
}
