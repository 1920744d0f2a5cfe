using NhiGovernance.Common;
using NhiGovernance.Inventory;

namespace NhiGovernance.Web.Inventory;

/// <param name="Key">What is counted: "total", a kind, a state, "withoutTeam".</param>
/// <param name="Label">The same in words.</param>
/// <param name="Count">Exact to 10,000.</param>
/// <param name="More">True beyond.</param>
/// <param name="Filter">The query of `/identities` that lists its rows.</param>
public sealed record FigureAnswer(string Key, string Label, int Count, bool More, string Filter);

/// <param name="Key">What is counted: "lastUsed", "expires", "team"; for the lists of sources "scopes".</param>
/// <param name="Label">The same in words.</param>
/// <param name="Known">Of how many it is known.</param>
/// <param name="Of">Of how many it could be known.</param>
/// <param name="Unknown">The query of `/identities` that lists the rows with holes, where a filter can.</param>
/// <param name="Unsure">What is not known either and may belong to it or not, such as a denied list that may hold a team's things: at least known / (of + unsure) is known.</param>
public sealed record CoverageAnswer(string Key, string Label, long Known, long Of, string? Unknown, long Unsure);

/// <summary>The inventory in numbers, each with the query that lists its rows.</summary>
/// <param name="Total">All but the retired ones.</param>
/// <param name="Kinds">By kind, most first; the retired left out.</param>
/// <param name="States">By state, the retired among them.</param>
/// <param name="WithoutTeam">No team answers for them.</param>
/// <param name="AltersRelease">Hold a grant that can alter a release.</param>
/// <param name="Privileged">Hold a grant that administers.</param>
/// <param name="Expired">Whose expiry, or that of a credential, has passed.</param>
/// <param name="ExpiringIn30Days">Whose expiry, or that of a credential, comes within 30 days.</param>
/// <param name="NotUsedIn90Days">Whose last use is known and was not in the last 90 days.</param>
/// <param name="FirstSeenIn7Days">First seen in the last 7 days.</param>
/// <param name="Coverage">How much of what could be known of them is known.</param>
/// <param name="Scopes">How many of the lists that sources read were last read to their end.</param>
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
