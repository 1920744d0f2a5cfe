using System.Globalization;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>Self-hosted runners that stay; those of one job are <see cref="EphemeralRunners"/>. GitHub tells neither when a runner was made nor when it last ran a job.</summary>
internal static class Runners
{
    public static readonly PageShape<RunnersDocument, RunnerDocument> Shape = new(
        GitHubJson.Default.RunnersDocument, static p => p.Runners, static p => p.TotalCount, static r => r.Id.ToString(CultureInfo.InvariantCulture));

    /// <param name="where">Which repositories' jobs it runs: "acme/ledger", or by its group.</param>
    public static IdentityObservation Map(RunnerDocument runner, PlaceReference place, string where) =>
        new($"runner:{place.Kind}:{runner.Id}", IdentityKind.Runner, Text.Name(runner.Name, $"runner {runner.Id}"), place)
        {
            CreatedAt = KnownValue.NotExposed,
            LastUsedAt = KnownValue.NotExposed,
            ExpiresAt = KnownValue.Never(),
            JoinKeys = [$"github:runner:{runner.Id}"],
            Grants = [new("runs jobs", where, AltersRelease: true)],
            Facts = new Dictionary<string, KnownValue>
            {
                ["os"] = Text.Known(runner.Os),
                ["labels"] = Text.Set(runner.Labels?.Select(l => l.Name)),
                ["online"] = runner.Status is null ? KnownValue.NotExposed : KnownValue.Of(runner.Status == "online") with { IsTally = true },
                ["ephemeral"] = Text.Known(runner.Ephemeral),
                ["version"] = Text.Known(runner.Version),
                ["group"] = Text.Known(runner.RunnerGroupId),
            },
        };

    /// <summary>A runner of the enterprise, as one of its organizations sees it.</summary>
    /// <remarks>
    /// Its number counts among the enterprise's runners, so that the organization may have another one of the same number; and which
    /// enterprise that is, its organizations are not told. So it is known by the organization, and joined with nothing.
    /// </remarks>
    public static IdentityObservation MapInherited(RunnerDocument runner, OwnerPlace owner, string where)
    {
        var own = Map(runner, owner.Reference, where);
        return own with
        {
            NaturalKey = $"runner:inherited:{owner.Id}:{runner.Id}",
            JoinKeys = [],
            Facts = new Dictionary<string, KnownValue>(own.Facts) { ["inherited"] = KnownValue.Of(true) },
        };
    }
}
