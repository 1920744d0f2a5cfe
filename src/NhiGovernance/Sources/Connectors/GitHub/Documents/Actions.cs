namespace NhiGovernance.Sources.Connectors.GitHub.Documents;

internal sealed record RunnersDocument(long? TotalCount, RunnerDocument[]? Runners);

internal sealed record RunnerDocument(
    long Id, string? Name, string? Os, string? Status, long? RunnerGroupId, bool? Ephemeral, string? Version, LabelDocument[]? Labels);

internal sealed record LabelDocument(string? Name);

internal sealed record RunnerGroupsDocument(double? TotalCount, RunnerGroupDocument[]? RunnerGroups);

internal sealed record RunnerGroupDocument(
    double Id, string? Name, string? Visibility, bool? Default, bool? Inherited, bool? AllowsPublicRepositories, bool? RestrictedToWorkflows,
    string[]? SelectedWorkflows);

internal sealed record OidcSubjectDocument(bool? UseDefault, string[]? IncludeClaimKeys, bool? UseImmutableSubject, string? SubClaimPrefix);

/// <summary>Of an organization (<c>enabled_repositories</c>) or of a repository (<c>enabled</c>).</summary>
internal sealed record ActionsPermissionsDocument(bool? Enabled, string? EnabledRepositories, string? AllowedActions, bool? ShaPinningRequired);

internal sealed record WorkflowPermissionsDocument(string? DefaultWorkflowPermissions, bool? CanApprovePullRequestReviews);

internal sealed record ForkApprovalDocument(string? ApprovalPolicy);

/// <summary>What a private repository gives to runs of pull requests from forks.</summary>
internal sealed record PrivateForksDocument(
    bool? RunWorkflowsFromForkPullRequests, bool? SendWriteTokensToWorkflows, bool? SendSecretsAndVariables, bool? RequireApprovalForForkPrWorkflows);

internal sealed record SelectedActionsDocument(bool? GithubOwnedAllowed, bool? VerifiedAllowed, string[]? PatternsAllowed);

internal sealed record EnvironmentsDocument(long? TotalCount, EnvironmentDocument[]? Environments);

internal sealed record EnvironmentDocument(
    long Id, string? Name, string? HtmlUrl, string? CreatedAt, bool? CanAdminsBypass, ProtectionRuleDocument[]? ProtectionRules,
    BranchPolicySettings? DeploymentBranchPolicy);

internal sealed record ProtectionRuleDocument(
    string? Type, int? WaitTimer, bool? PreventSelfReview, ReviewerDocument[]? Reviewers, SlugDocument? App);

internal sealed record ReviewerDocument(string? Type, ReviewerAccount? Reviewer);

internal sealed record ReviewerAccount(string? Login, string? Slug);

internal sealed record BranchPolicySettings(bool? ProtectedBranches, bool? CustomBranchPolicies);

internal sealed record BranchPoliciesDocument(long? TotalCount, BranchPolicyDocument[]? BranchPolicies);

internal sealed record BranchPolicyDocument(string? Name, string? Type);

internal sealed record PullRequestDocument(
    long Number, string? HtmlUrl, string? MergedAt, string? MergeCommitSha, AccountDocument? User, PullRequestEnd? Head, PullRequestEnd? Base);

internal sealed record PullRequestEnd(string? Sha, string? Ref);

internal sealed record ReviewDocument(
    long Id, AccountDocument? User, string? State, string? SubmittedAt, string? CommitId, string? HtmlUrl, string? AuthorAssociation);

internal sealed record ApprovalDocument(string? State, AccountDocument? User, ApprovedEnvironment[]? Environments);

internal sealed record ApprovedEnvironment(long Id, string? Name, string? HtmlUrl);
