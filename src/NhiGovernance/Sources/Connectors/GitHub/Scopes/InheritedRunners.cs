using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/actions/runner-groups/{id}/runners</c> of the groups that the enterprise shares: the organization's own list of
/// runners does not hold them. A list of its own, because an enterprise may not let its organizations see them (404), and the groups
/// are known all the same.
/// </summary>
internal sealed class InheritedRunners : OrganizationScope
{
    private const int RunnersAtOnce = 100;

    public override string Kind => "inherited-runners";

    public override string Title => "runners of the enterprise's groups";

    public override string Permission => "Self-hosted runners: read";

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/actions/runner-groups";
        var shared = new SortedSet<long>();
        await foreach (var page in reading.ListAsync(path, OrganizationRunnerGroups.Shape, cancellationToken))
        {
            shared.UnionWith(page.Where(g => g.Inherited == true).Select(g => (long)g.Id));
        }

        // By number, because a list that changed while it was read is read again.
        var inherited = new Dictionary<long, RunnerDocument>();
        foreach (var group in shared)
        {
            await foreach (var page in reading.ListAsync(string.Create(CultureInfo.InvariantCulture, $"{path}/{group}/runners"), Runners.Shape, cancellationToken))
            {
                foreach (var runner in page)
                {
                    // By the group's number in this organization: the enterprise counts its groups by itself.
                    inherited[runner.Id] = runner with { RunnerGroupId = group };
                }
            }
        }

        var ephemeral = new EphemeralRunners(reading, $"inherited:{owner.Id}", inherited: true);
        foreach (var some in inherited.Values.Chunk(RunnersAtOnce))
        {
            yield return [.. some.Where(r => !ephemeral.Take(r)).Select(r => Runners.MapInherited(r, owner, OrganizationRunners.Where(owner, r.RunnerGroupId)))];
        }

        yield return ephemeral.End(owner.Reference, group => OrganizationRunners.Where(owner, group));
    }
}
