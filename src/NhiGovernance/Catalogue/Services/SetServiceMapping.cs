using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Services;

/// <param name="Key">The service.</param>
/// <param name="Rules">All its rules from now on.</param>
/// <param name="Seen">The rules that were read; others meanwhile are a conflict. Null: replace whatever there is.</param>
public sealed record SetServiceMappingRequest(string Key, IReadOnlyList<RuleInput> Rules, IReadOnlyList<RuleInput>? Seen = null);

/// <summary>Says which places belong to a service; they and the identities in them move in the same transaction.</summary>
public sealed class SetServiceMapping(CommandDoor door, IPlaceMapper mapper) : Command<SetServiceMappingRequest, MappingEffect>(door)
{
    public override Permission Permission => Permission.ManageServices;

    protected override async Task<Result<MappingEffect>> ApplyAsync(
        SetServiceMappingRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var rules = fields.Rules(request.Rules);
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        var service = await context.Db.Set<Service>().FirstOrDefaultAsync(s => s.Key == request.Key, cancellationToken);
        if (service is null)
        {
            return new Error.NotFound($"Service {request.Key}");
        }

        if (request.Seen is { } seen && !await RuleSets.AreAsync(context.Db, service.Id, null, seen, cancellationToken))
        {
            return CatalogueErrors.Stale;
        }

        // The rules are part of the service: two people who edit them at once must not mix.
        context.Db.Entry(service).State = EntityState.Modified;
        var (effect, before, after) = await RuleSets.ReplaceAsync(context, mapper, service.Id, null, rules, cancellationToken);
        context.Audit("service.mapping", "service", service.Id, before, after,
            $"{service.Key}: {before.Count} to {after.Count} rules, {effect.Places} places, {effect.Moved} identities moved");
        context.Signal("catalogue", service.Id);
        context.Signal("inventory", service.Id);
        return effect;
    }
}
