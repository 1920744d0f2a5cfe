using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Services;

/// <summary>Removes a service with its rules; its places go to the next service that claims them, or to nobody.</summary>
public sealed class RemoveService(CommandDoor door, IPlaceMapper mapper) : Command<string, MappingEffect>(door)
{
    public override Permission Permission => Permission.ManageServices;

    protected override async Task<Result<MappingEffect>> ApplyAsync(string request, CommandContext context, CancellationToken cancellationToken)
    {
        var service = await context.Db.Set<Service>().FirstOrDefaultAsync(s => s.Key == request, cancellationToken);
        if (service is null)
        {
            return new Error.NotFound($"Service {request}");
        }

        var rules = await context.Db.Set<MappingRule>().Where(r => r.ServiceId == service.Id).ToListAsync(cancellationToken);
        var before = new { service.Key, service.Name, service.TeamId, service.ProductId, Rules = RuleSets.Picture(rules) };
        context.Db.RemoveRange(rules);
        await context.Db.SaveChangesAsync(cancellationToken);
        var effect = await mapper.MapAllAsync(context.Db, RuleSets.Kinds(rules), cancellationToken);
        context.Db.Remove(service);
        context.Audit("service.remove", "service", service.Id, before, null, $"{service.Key}: {effect.Places} places, {effect.Moved} identities moved");
        context.Signal("catalogue", service.Id);
        context.Signal("inventory", service.Id);
        return effect;
    }
}
