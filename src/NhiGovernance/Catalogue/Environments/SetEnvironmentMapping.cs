using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Environments;

/// <param name="Key">The environment.</param>
/// <param name="Rules">All its rules from now on.</param>
/// <param name="Seen">The rules that were read; others meanwhile are a conflict. Null: replace whatever there is.</param>
public sealed record SetEnvironmentMappingRequest(string Key, IReadOnlyList<RuleInput> Rules, IReadOnlyList<RuleInput>? Seen = null);

/// <summary>Says which places are in an environment. A place may be in several.</summary>
public sealed class SetEnvironmentMapping(CommandDoor door, IPlaceMapper mapper) : Command<SetEnvironmentMappingRequest, MappingEffect>(door)
{
    public override Permission Permission => Permission.ManageEnvironments;

    protected override async Task<Result<MappingEffect>> ApplyAsync(
        SetEnvironmentMappingRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var rules = fields.Rules(request.Rules);
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        var environment = await context.Db.Set<ReleaseEnvironment>().FirstOrDefaultAsync(e => e.Key == request.Key, cancellationToken);
        if (environment is null)
        {
            return new Error.NotFound($"Environment {request.Key}");
        }

        if (request.Seen is { } seen && !await RuleSets.AreAsync(context.Db, null, environment.Id, seen, cancellationToken))
        {
            return CatalogueErrors.Stale;
        }

        // The rules are part of the environment: two people who edit them at once must not mix.
        context.Db.Entry(environment).State = EntityState.Modified;
        var (effect, before, after) = await RuleSets.ReplaceAsync(context, mapper, null, environment.Id, rules, cancellationToken);
        context.Audit("environment.mapping", "environment", environment.Id, before, after,
            $"{environment.Key}: {before.Count} to {after.Count} rules, {effect.Places} places changed");
        context.Signal("catalogue", environment.Id);
        context.Signal("inventory", environment.Id);
        return effect;
    }
}
