namespace NhiGovernance.Sources.Connectors.GitHub.Documents;

internal sealed record RepositoriesDocument(long? TotalCount, RepositoryDocument[]? Repositories);

internal sealed record RepositoryDocument(
    long Id, string? Name, string? FullName, AccountDocument? Owner, string? HtmlUrl, bool? Private, string? Visibility, bool? Archived,
    bool? Disabled, bool? Fork, string? DefaultBranch, string? CreatedAt, bool? AllowForking, bool? WebCommitSignoffRequired, bool? IsTemplate,
    SecuritySettingsDocument? SecurityAndAnalysis);

internal sealed record SecuritySettingsDocument(
    StatusDocument? AdvancedSecurity, StatusDocument? SecretScanning, StatusDocument? SecretScanningPushProtection,
    StatusDocument? SecretScanningNonProviderPatterns, StatusDocument? SecretScanningValidityChecks, StatusDocument? DependabotSecurityUpdates);

internal sealed record StatusDocument(string? Status);

internal sealed record DeployKeyDocument(
    long Id, string? Key, string? Title, bool? Verified, string? CreatedAt, bool? ReadOnly, string? AddedBy, string? LastUsed, bool? Enabled);

internal sealed record SecretsDocument(long? TotalCount, SecretDocument[]? Secrets);

internal sealed record SecretDocument(string? Name, string? CreatedAt, string? UpdatedAt, string? Visibility);

internal sealed record HookDocument(
    long Id, string? Name, bool? Active, string[]? Events, HookConfigDocument? Config, string? CreatedAt, string? UpdatedAt, HookResponseDocument? LastResponse);

/// <summary>Of <c>secret</c> only that there is one, and of <c>url</c> only the host: chat systems put tokens into the path.</summary>
internal sealed record HookConfigDocument(
    string? Url, string? ContentType, System.Text.Json.JsonElement InsecureSsl,
    [property: System.Text.Json.Serialization.JsonConverter(typeof(IsSet))] bool Secret = false);

/// <summary>What was sent, and what came back, are not here.</summary>
internal sealed record HookDeliveryDocument(string? DeliveredAt, string? Status, int? StatusCode, string? Event, bool? Redelivery);

internal sealed record VariablesDocument(long? TotalCount, VariableDocument[]? Variables);

internal sealed record VariableDocument(
    string? Name, string? CreatedAt, string? UpdatedAt, string? Visibility,
    [property: System.Text.Json.Serialization.JsonConverter(typeof(LooksLikeSecret))] bool Value = false);

internal sealed record ScanHistoryDocument(ScanDocument[]? IncrementalScans, ScanDocument[]? BackfillScans, ScanDocument[]? PatternUpdateScans, ScanDocument[]? CustomPatternBackfillScans);

internal sealed record ScanDocument(string? Type, string? Status, string? StartedAt, string? CompletedAt);

/// <summary>A request to push past push protection, or to close an alert. Every comment is left out.</summary>
internal sealed record ExemptionRequestDocument(
    long Id, long? Number, RepositoryDocument? Repository, ExemptionActor? Requester, string? RequestType, ExemptionData[]? Data,
    string? ResourceIdentifier, string? Status, string? ExpiresAt, string? CreatedAt, ExemptionResponse[]? Responses, string? HtmlUrl);

internal sealed record ExemptionActor(long? ActorId, string? ActorName);

internal sealed record ExemptionData(string? SecretType, string? BypassReason, string? Reason, string? Branch);

internal sealed record ExemptionResponse(long? Id, ExemptionActor? Reviewer, string? Status, string? CreatedAt);

internal sealed record HookResponseDocument(int? Code, string? Status);

/// <summary><c>secret</c> and every comment are not here.</summary>
internal sealed record SecretAlertDocument(
    long Number, string? CreatedAt, string? HtmlUrl, string? State, string? Resolution, string? ResolvedAt, AccountDocument? ResolvedBy,
    string? SecretType, string? SecretTypeDisplayName, string? Validity, bool? PubliclyLeaked, bool? MultiRepo, bool? PushProtectionBypassed,
    AccountDocument? PushProtectionBypassedBy, string? PushProtectionBypassedAt, AccountDocument? PushProtectionBypassRequestReviewer,
    string? PushProtectionBypassRequestHtmlUrl, AccountDocument? ClosureRequestReviewer, AccountDocument? AssignedTo, string? Provider,
    bool? IsBase64Encoded, RepositoryDocument? Repository, AlertDetailsDocument? FirstLocationDetected, bool? HasMoreLocations);

internal sealed record AlertLocationDocument(string? Type, AlertDetailsDocument? Details);

internal sealed record AlertDetailsDocument(
    string? Path, double? StartLine, double? StartColumn, string? CommitSha, string? BlobSha, string? IssueTitleUrl, string? IssueBodyUrl, string? IssueCommentUrl,
    string? DiscussionTitleUrl, string? DiscussionBodyUrl, string? DiscussionCommentUrl, string? PullRequestTitleUrl, string? PullRequestBodyUrl,
    string? PullRequestCommentUrl, string? PullRequestReviewUrl, string? PullRequestReviewCommentUrl, string? PageUrl);

internal sealed record BranchRuleDocument(
    string? Type, string? RulesetSourceType, string? RulesetSource, long? RulesetId, BranchRuleParameters? Parameters);

/// <summary><c>bypass_actors</c> is there only for those who may edit the ruleset.</summary>
internal sealed record RulesetDocument(
    long Id, string? Name, string? SourceType, string? Source, string? Enforcement, BypassActorDocument[]? BypassActors, string? CurrentUserCanBypass);

internal sealed record BypassActorDocument(long? ActorId, string? ActorType, string? BypassMode);

internal sealed record BranchRuleParameters(
    int? RequiredApprovingReviewCount, bool? DismissStaleReviewsOnPush, bool? RequireCodeOwnerReview, bool? RequireLastPushApproval,
    RequiredCheckDocument[]? RequiredStatusChecks, bool? StrictRequiredStatusChecksPolicy);

internal sealed record RequiredCheckDocument(string? Context, long? IntegrationId);

internal sealed record BranchProtectionDocument(
    RequiredChecksDocument? RequiredStatusChecks, ToggleDocument? EnforceAdmins, RequiredReviewsDocument? RequiredPullRequestReviews,
    RestrictionsDocument? Restrictions, ToggleDocument? RequiredLinearHistory, ToggleDocument? AllowForcePushes, ToggleDocument? AllowDeletions,
    ToggleDocument? RequiredSignatures, ToggleDocument? LockBranch, ToggleDocument? RequiredConversationResolution);

internal sealed record ToggleDocument(bool? Enabled);

internal sealed record RequiredChecksDocument(string[]? Contexts, bool? Strict);

internal sealed record RequiredReviewsDocument(
    int? RequiredApprovingReviewCount, bool? DismissStaleReviews, bool? RequireCodeOwnerReviews, bool? RequireLastPushApproval,
    RestrictionsDocument? BypassPullRequestAllowances);

internal sealed record RestrictionsDocument(AccountDocument[]? Users, SlugDocument[]? Teams, SlugDocument[]? Apps);

internal sealed record SlugDocument(string? Slug);
