using NhiGovernance.Common;
using NhiGovernance.Inventory;

namespace NhiGovernance.Web.Inventory;

/// <param name="Count">Exact to 10,000.</param>
/// <param name="More">True beyond.</param>
/// <param name="Filter">The query of `/identities` that lists its rows.</param>
public sealed record FigureAnswer(string Key, string Label, int Count, bool More, string Filter);

/// <param name="Unknown">The query of `/identities` that lists the rows with holes, where a filter can.</param>
/// <param name="Unsure">What is not known either and may belong to it or not, such as a denied list that may hold a team's things: at least known / (of + unsure) is known.</param>
public sealed record CoverageAnswer(string Key, string Label, long Known, long Of, string? Unknown, long Unsure);

/// <summary>The inventory in numbers, each with the query that lists its rows.</summary>
public sealed record SummaryAnswer(
    FigureAnswer Total, IReadOnlyList<FigureAnswer> Kinds, IReadOnlyList<FigureAnswer> States, FigureAnswer WithoutTeam, FigureAnswer AltersRelease,
    FigureAnswer Privileged, FigureAnswer Expired, FigureAnswer ExpiringIn30Days, FigureAnswer NotUsedIn90Days, FigureAnswer FirstSeenIn7Days,
    IReadOnlyList<CoverageAnswer> Coverage, CoverageAnswer Scopes)
{
    public static SummaryAnswer Of(InventorySummaryResult summary) => new(
        Of(summary.Total), [.. summary.Kinds.Select(Of)], [.. summary.States.Select(Of)], Of(summary.WithoutTeam), Of(summary.AltersRelease),
        Of(summary.Privileged), Of(summary.Expired), Of(summary.ExpiringIn30Days), Of(summary.NotUsedIn90Days), Of(summary.FirstSeenIn7Days),
        [.. summary.Coverage.Select(Of)], Of(summary.Scopes));

    private static FigureAnswer Of(Figure figure) =>
        new(figure.Key, figure.Label, Math.Min(figure.Count.Value, BoundedCount.Limit), figure.Count.IsMore, figure.Filter.ToQueryString());

    private static CoverageAnswer Of(CoverageFigure figure) => new(figure.Key, figure.Label, figure.Known, figure.Of, figure.Unknown?.ToQueryString(), figure.Unsure);
}
