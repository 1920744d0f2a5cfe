using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// The organization's Actions as a principal, which holds the organization's secrets; from <c>/orgs/{org}/actions/permissions</c>,
/// <c>…/workflow</c> and <c>…/selected-actions</c>.
/// </summary>
internal sealed class OrganizationPipelines : OrganizationScope
{
    public override string Kind => "organization-pipeline";

    public override string Title => "Actions policy";

    public override string Permission => "Administration (organization): read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/actions/permissions";
        var policy = await reading.PartAsync(path, GitHubJson.Default.ActionsPermissionsDocument, Permission, cancellationToken, hidden: true);
        var workflow = await reading.PartAsync($"{path}/workflow", GitHubJson.Default.WorkflowPermissionsDocument, Permission, cancellationToken, hidden: true);
        var selected = policy.Value?.AllowedActions == "selected"
            ? await reading.PartAsync($"{path}/selected-actions", GitHubJson.Default.SelectedActionsDocument, Permission, cancellationToken)
            : new Part<SelectedActionsDocument>(null, policy.Denied);
        var forks = policy.Denied is { } denied
            ? new Part<ForkApprovalDocument>(null, denied)
            : await reading.PartAsync($"{path}/fork-pr-contributor-approval", GitHubJson.Default.ForkApprovalDocument, Permission, cancellationToken);
        yield return [Map(owner, policy, workflow, selected, forks)];
    }

    internal static string KeyOf(OwnerPlace owner) => $"pipeline:organization:{owner.Id}";

    internal static IdentityObservation Map(
        OwnerPlace owner, Part<ActionsPermissionsDocument> policy, Part<WorkflowPermissionsDocument> workflow, Part<SelectedActionsDocument> selected,
        Part<ForkApprovalDocument> forks) =>
        new(KeyOf(owner), IdentityKind.Pipeline, $"GitHub Actions of {owner.Login}", owner.Reference)
        {
            Disabled = policy.Value?.EnabledRepositories == "none",
            ExpiresAt = KnownValue.Never(),
            JoinKeys = [$"github:owner:{owner.Id}"],
            Grants = Pipelines.Grants(workflow.Value, $"{owner.Login}/*"),
            Facts = Pipelines.Facts(policy, workflow, selected, forks),
        };
}
