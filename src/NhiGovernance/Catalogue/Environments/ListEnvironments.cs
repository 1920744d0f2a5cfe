using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Environments;

public sealed record ListEnvironmentsRequest(
    string? Search = null, string? Cursor = null, int Limit = 50,
    EnvironmentKind? Kind = null, EnvironmentTier? Tier = null, DataClass? DataClass = null) : CatalogueList(Search, Cursor, Limit);

/// <param name="Id">Id of the environment.</param>
/// <param name="Key">Names it in addresses and filters.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Tier">How much depends on it.</param>
/// <param name="DataClass">The most sensitive data in it.</param>
/// <param name="Rules">How many mapping rules it has.</param>
/// <param name="Places">How many places that were seen belong to it.</param>
/// <param name="Identities">How many identities live in those places.</param>
public sealed record EnvironmentRow(
    Guid Id, string Key, string Name, EnvironmentKind Kind, EnvironmentTier Tier, DataClass DataClass, int Rules, int Places, BoundedCount Identities);

/// <summary>The environments in key order, with what is in them.</summary>
public sealed class ListEnvironments(QueryDoor door, IDialect dialect, IPlaceFollowers followers)
    : Query<ListEnvironmentsRequest, Page<EnvironmentRow>>(door)
{
    public override Permission Permission => Permission.ReadEnvironments;

    protected override Task<Result<Page<EnvironmentRow>>> ReadAsync(
        ListEnvironmentsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var environments = db.Set<ReleaseEnvironment>().AsQueryable();
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            environments = dialect.WhereContains(environments, CatalogueSearch.Environment, request.Search);
        }

        if (request.Kind is { } kind)
        {
            environments = environments.Where(e => e.Kind == kind);
        }

        if (request.Tier is { } tier)
        {
            environments = environments.Where(e => e.Tier == tier);
        }

        if (request.DataClass is { } dataClass)
        {
            environments = environments.Where(e => e.DataClass == dataClass);
        }

        var identities = followers.Visible(context);
        var rows = environments.OrderBy(e => e.Key).Select(e => new EnvironmentRow(
            e.Id, e.Key, e.Name, e.Kind, e.Tier, e.DataClass,
            db.Set<MappingRule>().Count(r => r.EnvironmentId == e.Id),
            db.Set<PlaceEnvironment>().Count(p => p.EnvironmentId == e.Id),
            new BoundedCount(identities.Where(i => db.Set<PlaceEnvironment>().Any(p => p.PlaceId == i.PlaceId && p.EnvironmentId == e.Id))
                .Take(BoundedCount.Limit + 1).Count())));
        return CatalogueLists.PageAsync(rows, request, cancellationToken);
    }
}
