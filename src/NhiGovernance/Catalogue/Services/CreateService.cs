using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Services;

/// <param name="Key">Names it in addresses and filters for good: lower-case letters, digits and hyphens.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Team">Key of the team that builds and runs it, or null.</param>
/// <param name="Product">Key of the product that it is part of, or null.</param>
public sealed record CreateServiceRequest(string Key, string Name, string? Team = null, string? Product = null);

/// <summary>Makes a service without mapping rules; nothing belongs to it until it has some.</summary>
public sealed class CreateService(CommandDoor door) : Command<CreateServiceRequest, Guid>(door)
{
    public override Permission Permission => Permission.ManageServices;

    protected override async Task<Result<Guid>> ApplyAsync(CreateServiceRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var (key, name) = (fields.Key(request.Key), fields.Name(request.Name));
        var (team, product) = await ServiceParents.FindAsync(context.Db, fields, request.Team, request.Product, cancellationToken);
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        if (await context.Db.Set<Service>().AnyAsync(s => s.Key == key || s.Name == name, cancellationToken))
        {
            return new Error.Conflict("A service with this key or name is there already.");
        }

        var service = new Service { Id = context.NewId(), Key = key, Name = name, TeamId = team, ProductId = product };
        context.Db.Add(service);
        context.Audit("service.create", "service", service.Id, null, new { key, name, team, product }, key);
        context.Signal("catalogue", service.Id);
        return service.Id;
    }
}
