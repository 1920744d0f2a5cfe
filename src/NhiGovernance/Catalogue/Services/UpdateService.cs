using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Services;

/// <param name="Version">The version that was read; null to change it whatever it is now.</param>
public sealed record UpdateServiceRequest(string Key, string Name, string? Team, string? Product, long? Version = null);

/// <summary>Changes a service. With another team, its places and the identities in them move in the same transaction.</summary>
public sealed class UpdateService(CommandDoor door, IPlaceMapper mapper) : Command<UpdateServiceRequest, MappingEffect>(door)
{
    public override Permission Permission => Permission.ManageServices;

    protected override async Task<Result<MappingEffect>> ApplyAsync(
        UpdateServiceRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var name = fields.Name(request.Name);
        var (team, product) = await ServiceParents.FindAsync(context.Db, fields, request.Team, request.Product, cancellationToken);
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        var service = await context.Db.Set<Service>().FirstOrDefaultAsync(s => s.Key == request.Key, cancellationToken);
        if (service is null)
        {
            return new Error.NotFound($"Service {request.Key}");
        }

        if (request.Version is { } read && read != service.Version)
        {
            return CatalogueErrors.Stale;
        }

        var before = new { service.Key, service.Name, service.TeamId, service.ProductId };
        var moves = service.TeamId != team;
        (service.Name, service.TeamId, service.ProductId) = (name, team, product);
        var effect = new MappingEffect(0, 0);
        if (moves)
        {
            await context.Db.SaveChangesAsync(cancellationToken);
            effect = await mapper.MapAllAsync(context.Db, kinds: null, cancellationToken);
            context.Signal("inventory", service.Id);
        }

        context.Audit("service.update", "service", service.Id, before,
            new { service.Key, service.Name, service.TeamId, service.ProductId },
            moves ? $"{service.Key}: another team, {effect.Moved} identities moved" : service.Key);
        context.Signal("catalogue", service.Id);
        return effect;
    }
}
