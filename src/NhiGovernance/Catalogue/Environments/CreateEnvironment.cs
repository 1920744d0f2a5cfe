using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Environments;

/// <param name="Key">Names it in addresses and filters for good: lower-case letters, digits and hyphens.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Tier">How much depends on it.</param>
/// <param name="DataClass">The most sensitive data in it.</param>
public sealed record CreateEnvironmentRequest(string Key, string Name, EnvironmentKind Kind, EnvironmentTier Tier, DataClass DataClass);

/// <summary>Adds an environment. Rules say later which places belong to it.</summary>
public sealed class CreateEnvironment(CommandDoor door) : Command<CreateEnvironmentRequest, Guid>(door)
{
    public override Permission Permission => Permission.ManageEnvironments;

    protected override async Task<Result<Guid>> ApplyAsync(
        CreateEnvironmentRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var (key, name) = (fields.Key(request.Key), fields.Name(request.Name));
        fields.Classes(request.Kind, request.Tier, request.DataClass);
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        if (await context.Db.Set<ReleaseEnvironment>().AnyAsync(e => e.Key == key || e.Name == name, cancellationToken))
        {
            return new Error.Conflict("An environment with this key or name is there already.");
        }

        var environment = new ReleaseEnvironment
        {
            Id = context.NewId(), Key = key, Name = name, Kind = request.Kind, Tier = request.Tier, DataClass = request.DataClass,
        };
        context.Db.Add(environment);
        context.Audit("environment.create", "environment", environment.Id, null, EnvironmentPicture.Of(environment), key);
        context.Signal("catalogue", environment.Id);
        return environment.Id;
    }
}
