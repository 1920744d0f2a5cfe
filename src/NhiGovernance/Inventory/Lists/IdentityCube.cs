using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <summary>How many identities share these values.</summary>
internal sealed record CubeCell(
    Guid SourceId, Presence Presence, IdentityKind Kind, Guid? TeamId, bool AltersRelease, bool Privileged, bool Disabled,
    Knowledge LastUsedState, Knowledge ExpiresState, long Count);

/// <summary>
/// Identities grouped by every facet at once: a few thousand cells instead of a million rows, from one index that holds just
/// these columns. Facets are counted from the cells, each without its own part of the filter.
/// </summary>
internal static class IdentityCube
{
    /// <summary>
    /// The cells under those parts of the filter that are no facet of the cube. When such a part is set, at most 10,000 matching
    /// rows are grouped, and the result says whether that was all.
    /// </summary>
    public static async Task<(IReadOnlyList<CubeCell> Cells, bool Complete)> ReadAsync(
        QueryContext context, IdentityFilter filter, IDialect dialect, CountMemory memory, CancellationToken cancellationToken)
    {
        var rest = CubeFacets.Without(filter);
        if (rest with { States = Choice.Any } == IdentityFilter.All)
        {
            // All rows are the same for everybody who sees them all; a team's are few, and read from the index each time.
            var visible = IdentityRows.Visible(context.Db, context.Actor);
            return (await (context.Actor.SeesAll
                ? memory.GetAsync(string.Empty, () => CellsAsync(visible, cancellationToken), cancellationToken)
                : CellsAsync(visible, cancellationToken)), true);
        }

        var rows = await IdentityRows.MatchingAsync(context.Db, context.Actor, rest, context.Now, dialect, cancellationToken);
        var cells = await CellsAsync(rows.Take(BoundedCount.Limit + 1), cancellationToken);
        return (cells, cells.Sum(c => c.Count) <= BoundedCount.Limit);
    }

    public static async Task<IReadOnlyList<CubeCell>> CellsAsync(IQueryable<Identity> rows, CancellationToken cancellationToken) =>
        await rows
            .GroupBy(i => new { i.SourceId, i.Presence, i.Kind, i.TeamId, i.AltersRelease, i.Privileged, i.Disabled, i.LastUsedState, i.ExpiresState })
            .Select(g => new CubeCell(
                g.Key.SourceId, g.Key.Presence, g.Key.Kind, g.Key.TeamId, g.Key.AltersRelease, g.Key.Privileged, g.Key.Disabled,
                g.Key.LastUsedState, g.Key.ExpiresState, g.LongCount()))
            .ToListAsync(cancellationToken);
}
