using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /repos/{owner}/{repo}/secret-scanning/scan-history</c>: that no alert is open says something only of what was searched.
/// GitHub has it for repositories with Advanced Security or Secret Protection.
/// </summary>
internal sealed class SecretScanHistory : RepositoryScope
{
    public override string Kind => "secret-scan-history";

    public override string Title => "history of secret scans";

    public override string Permission => "Secret scanning alerts: read";

    public override string? Toggle => GitHubDescriptor.SecretAlerts;

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return [Map(await reading.GetAsync($"{repository.Path}/secret-scanning/scan-history", GitHubJson.Default.ScanHistoryDocument, cancellationToken), repository)];
    }

    internal static ResourceObservation Map(ScanHistoryDocument history, RepositoryPlace repository)
    {
        var all = Of(history.BackfillScans).Concat(Of(history.PatternUpdateScans)).Concat(Of(history.CustomPatternBackfillScans)).ToList();
        return new($"secret-scan:{repository.Id}", ResourceKind.SecretScan, $"secret scans of {repository.FullName}", repository.Reference)
        {
            Facts = new Dictionary<string, KnownValue>
            {
                // Every push makes a newer one: to be scanned is no change.
                ["lastIncrementalScan"] = Newest(Of(history.IncrementalScans)) is { State: Knowledge.Value } at ? at with { IsTally = true } : KnownValue.Never(),
                ["wholeHistoryScanned"] = Newest(Of(history.BackfillScans).Where(s => s.Type == "git")),
                ["searched"] = Text.Set(Of(history.BackfillScans).Where(s => s.Status == "completed").Select(s => s.Type)),
                ["unfinished"] = Text.Set(all.Where(s => s.Status != "completed").Select(s => s.Type)),
            },
        };
    }

    private static IEnumerable<ScanDocument> Of(ScanDocument[]? scans) => scans ?? [];

    private static KnownValue Newest(IEnumerable<ScanDocument> scans) =>
        KnownValue.Or(scans.Where(s => s.Status == "completed").Select(s => Text.Instant(s.CompletedAt)).Max(), KnownValue.Never());
}
