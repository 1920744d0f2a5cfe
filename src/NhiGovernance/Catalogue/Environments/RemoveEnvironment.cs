using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Environments;

/// <summary>Removes an environment with its rules; its places stay, and are no longer in it.</summary>
public sealed class RemoveEnvironment(CommandDoor door, IPlaceMapper mapper) : Command<string, MappingEffect>(door)
{
    public override Permission Permission => Permission.ManageEnvironments;

    protected override async Task<Result<MappingEffect>> ApplyAsync(string request, CommandContext context, CancellationToken cancellationToken)
    {
        var environment = await context.Db.Set<ReleaseEnvironment>().FirstOrDefaultAsync(e => e.Key == request, cancellationToken);
        if (environment is null)
        {
            return new Error.NotFound($"Environment {request}");
        }

        var rules = await context.Db.Set<MappingRule>().Where(r => r.EnvironmentId == environment.Id).ToListAsync(cancellationToken);
        var before = new { Environment = EnvironmentPicture.Of(environment), Rules = RuleSets.Picture(rules) };
        context.Db.RemoveRange(rules);
        await context.Db.SaveChangesAsync(cancellationToken);
        var effect = await mapper.MapAllAsync(context.Db, RuleSets.Kinds(rules), cancellationToken);
        context.Db.Remove(environment);
        context.Audit("environment.remove", "environment", environment.Id, before, null, $"{environment.Key}: {effect.Places} places left it");
        context.Signal("catalogue", environment.Id);
        context.Signal("inventory", environment.Id);
        return effect;
    }
}
