using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Environments;

/// <param name="Id">Id of the environment.</param>
/// <param name="Key">Names it in addresses and filters.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Tier">How much depends on it.</param>
/// <param name="DataClass">The most sensitive data in it.</param>
/// <param name="Rules">Which places belong to it.</param>
/// <param name="Places">How many places that were seen belong to it.</param>
/// <param name="Identities">How many identities live in those places.</param>
/// <param name="Version">Counts its changes; send it back with a change.</param>
public sealed record EnvironmentDetail(
    Guid Id, string Key, string Name, EnvironmentKind Kind, EnvironmentTier Tier, DataClass DataClass, IReadOnlyList<RuleInput> Rules,
    int Places, BoundedCount Identities, long Version);

/// <summary>One environment with its mapping rules.</summary>
public sealed class GetEnvironment(QueryDoor door, IPlaceFollowers followers) : Query<string, EnvironmentDetail>(door)
{
    public override Permission Permission => Permission.ReadEnvironments;

    protected override async Task<Result<EnvironmentDetail>> ReadAsync(string request, QueryContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var identities = followers.Visible(context);
        var environment = await db.Set<ReleaseEnvironment>().Where(e => e.Key == request).Select(e => new EnvironmentDetail(
            e.Id, e.Key, e.Name, e.Kind, e.Tier, e.DataClass,
            db.Set<MappingRule>().Where(r => r.EnvironmentId == e.Id).OrderBy(r => r.PlaceKind).ThenBy(r => r.Pattern)
                .Select(r => new RuleInput(r.PlaceKind, r.Pattern)).ToList(),
            db.Set<PlaceEnvironment>().Count(p => p.EnvironmentId == e.Id),
            new BoundedCount(identities.Where(i => db.Set<PlaceEnvironment>().Any(p => p.PlaceId == i.PlaceId && p.EnvironmentId == e.Id))
                .Take(BoundedCount.Limit + 1).Count()),
            e.Version)).FirstOrDefaultAsync(cancellationToken);
        return environment is null ? new Error.NotFound($"Environment {request}") : environment;
    }
}
