using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /orgs/{org}/actions/runners</c>.</summary>
internal sealed class OrganizationRunners : OrganizationScope
{
    public override string Kind => "organization-runners";

    public override string Title => "runners";

    public override string Permission => "Self-hosted runners: read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ephemeral = new EphemeralRunners(reading, $"organization:{owner.Id}");
        await foreach (var page in reading.ListAsync($"orgs/{Uri.EscapeDataString(owner.Login)}/actions/runners", Runners.Shape, cancellationToken))
        {
            yield return [.. page.Where(r => !ephemeral.Take(r)).Select(r => Runners.Map(r, owner.Reference, Where(owner, r.RunnerGroupId)))];
        }

        yield return ephemeral.End(owner.Reference, group => Where(owner, group));
    }

    internal static string Where(OwnerPlace owner, long? group) => group is { } id ? $"{owner.Login}, by runner group {id}" : $"{owner.Login}/*";
}
