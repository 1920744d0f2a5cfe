using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Sources.Manage;

/// <param name="Text">Part of the name; null for all.</param>
/// <param name="Cursor">From the page before.</param>
public sealed record ListSourcesRequest(string? Text = null, string? Connector = null, string? Cursor = null, int Limit = 100);

/// <summary>The sources by name, with how fresh each is and what its scopes say.</summary>
public sealed class ListSources(QueryDoor door, ConnectorCatalogue connectors) : Query<ListSourcesRequest, Page<SourceRow>>(door)
{
    public override Permission Permission => Permission.ReadSources;

    protected override async Task<Result<Page<SourceRow>>> ReadAsync(
        ListSourcesRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(request.Limit, 1, 500);
        var sources = context.Db.Set<Source>().Where(s => s.RemovedAt == null);
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var text = request.Text.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL.
            sources = sources.Where(s => s.Name.ToLower().Contains(text));
#pragma warning restore CA1304, CA1311, CA1862
        }

        if (!string.IsNullOrWhiteSpace(request.Connector))
        {
            sources = sources.Where(s => s.ConnectorKey == request.Connector);
        }

        var count = new BoundedCount(await sources.Take(BoundedCount.Limit + 1).CountAsync(cancellationToken));
        if (!string.IsNullOrEmpty(request.Cursor))
        {
#pragma warning disable CA1309 // Translated to SQL.
            sources = sources.Where(s => string.Compare(s.Name, request.Cursor) > 0);
#pragma warning restore CA1309
        }

        var rows = await SourceRows.ReadAsync(sources.OrderBy(s => s.Name).Take(limit + 1), connectors, context, cancellationToken);
        var more = rows.Count > limit;
        return new Page<SourceRow>(more ? rows[..limit] : rows, more ? rows[limit - 1].Name : null, count);
    }
}
