using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/actions/runner-groups</c>; for groups of chosen repositories which those are. The runners of groups that the
/// enterprise shares are <see cref="InheritedRunners"/>.
/// </summary>
internal sealed class OrganizationRunnerGroups : OrganizationScope
{
    /// <summary>Above that the grant says how many.</summary>
    private const int MostNamed = 200;

    internal static readonly PageShape<RunnerGroupsDocument, RunnerGroupDocument> Shape = new(
        GitHubJson.Default.RunnerGroupsDocument, static p => p.RunnerGroups, static p => (long?)p.TotalCount,
        static g => g.Id.ToString(CultureInfo.InvariantCulture));

    public override string Kind => "runner-groups";

    public override string Title => "runner groups";

    public override string Permission => "Self-hosted runners: read";

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/actions/runner-groups";
        await foreach (var page in reading.ListAsync(path, Shape, cancellationToken))
        {
            var observations = new List<Observation>(page.Count);
            foreach (var group in page)
            {
                var id = ((long)group.Id).ToString(CultureInfo.InvariantCulture);
                var members = await ChosenRepositories.OfAsync(reading, $"{path}/{{0}}/repositories", id, group.Visibility, owner, Title, cancellationToken);
                observations.Add(Map(group, owner, members ?? []));
            }

            yield return observations;
        }
    }

    internal static IdentityObservation Map(RunnerGroupDocument group, OwnerPlace owner, IReadOnlyCollection<string> members)
    {
        var id = ((long)group.Id).ToString(CultureInfo.InvariantCulture);
        IEnumerable<string> where = group.Visibility switch
        {
            "selected" when members.Count <= MostNamed => members,
            "selected" => [$"{members.Count} repositories of {owner.Login}"],
            "private" => [$"{owner.Login}/* (private)"],
            _ => [$"{owner.Login}/*"],
        };
        return new($"runner-group:{owner.Id}:{id}", IdentityKind.RunnerGroup, Text.Name(group.Name, $"runner group {id}"), owner.Reference)
        {
            ExpiresAt = KnownValue.Never(),
            JoinKeys = [$"github:runner-group:{owner.Id}:{id}"],
            Grants = [.. where.Select(w => new GrantObservation("runs jobs", w, AltersRelease: true))],
            Facts = new Dictionary<string, KnownValue>
            {
                ["visibility"] = Text.Known(group.Visibility),
                ["isDefault"] = Text.Known(group.Default),
                ["inherited"] = Text.Known(group.Inherited),
                ["allowsPublicRepositories"] = Text.Known(group.AllowsPublicRepositories),
                ["onlyNamedWorkflows"] = Text.Known(group.RestrictedToWorkflows),
                ["workflows"] = Text.Set(group.SelectedWorkflows),
            },
        };
    }
}
