using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Environments;

/// <param name="Version">The version that was read; null to change it whatever it is now.</param>
public sealed record UpdateEnvironmentRequest(
    string Key, string Name, EnvironmentKind Kind, EnvironmentTier Tier, DataClass DataClass, long? Version = null);

/// <summary>Changes name and classes of an environment. The key stays.</summary>
public sealed class UpdateEnvironment(CommandDoor door) : Command<UpdateEnvironmentRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageEnvironments;

    protected override async Task<Result<Done>> ApplyAsync(
        UpdateEnvironmentRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var name = fields.Name(request.Name);
        fields.Classes(request.Kind, request.Tier, request.DataClass);
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        var environment = await context.Db.Set<ReleaseEnvironment>().FirstOrDefaultAsync(e => e.Key == request.Key, cancellationToken);
        if (environment is null)
        {
            return new Error.NotFound($"Environment {request.Key}");
        }

        if (request.Version is { } read && read != environment.Version)
        {
            return CatalogueErrors.Stale;
        }

        var before = EnvironmentPicture.Of(environment);
        (environment.Name, environment.Kind, environment.Tier, environment.DataClass) = (name, request.Kind, request.Tier, request.DataClass);
        var after = EnvironmentPicture.Of(environment);
        context.Audit("environment.update", "environment", environment.Id, before, after,
            before.Kind == after.Kind ? environment.Key : $"{environment.Key}: {before.Kind} to {after.Kind}");
        context.Signal("catalogue", environment.Id);
        return Done.Value;
    }
}
