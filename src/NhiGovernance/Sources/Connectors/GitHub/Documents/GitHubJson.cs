using System.Text.Json.Serialization;

namespace NhiGovernance.Sources.Connectors.GitHub.Documents;

/// <summary>
/// GitHub's answers, as far as they are kept. What is not named here is dropped while it is parsed: the <c>secret</c> of an
/// alert, a hook's configuration beyond its address, every comment, every e-mail body.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(InstallationTokenDocument))]
[JsonSerializable(typeof(AppDocument))]
[JsonSerializable(typeof(AccountDocument))]
[JsonSerializable(typeof(AccountDocument[]))]
[JsonSerializable(typeof(OrganizationDocument))]
[JsonSerializable(typeof(RepositoryDocument))]
[JsonSerializable(typeof(RepositoryDocument[]))]
[JsonSerializable(typeof(RepositoriesDocument))]
[JsonSerializable(typeof(DeployKeyDocument[]))]
[JsonSerializable(typeof(InstallationsDocument))]
[JsonSerializable(typeof(InstallationDocument[]))]
[JsonSerializable(typeof(InstallationDocument))]
[JsonSerializable(typeof(FineGrainedTokenDocument[]))]
[JsonSerializable(typeof(AuthorizedCredentialDocument[]))]
[JsonSerializable(typeof(SecretsDocument))]
[JsonSerializable(typeof(RunnersDocument))]
[JsonSerializable(typeof(RunnerGroupsDocument))]
[JsonSerializable(typeof(HookDocument[]))]
[JsonSerializable(typeof(SecretAlertDocument[]))]
[JsonSerializable(typeof(AlertLocationDocument[]))]
[JsonSerializable(typeof(OidcSubjectDocument))]
[JsonSerializable(typeof(ActionsPermissionsDocument))]
[JsonSerializable(typeof(WorkflowPermissionsDocument))]
[JsonSerializable(typeof(SelectedActionsDocument))]
[JsonSerializable(typeof(BranchRuleDocument[]))]
[JsonSerializable(typeof(BranchProtectionDocument))]
[JsonSerializable(typeof(EnvironmentsDocument))]
[JsonSerializable(typeof(BranchPoliciesDocument))]
[JsonSerializable(typeof(AuditEventDocument[]))]
[JsonSerializable(typeof(PullRequestDocument[]))]
[JsonSerializable(typeof(ReviewDocument[]))]
[JsonSerializable(typeof(ApprovalDocument[]))]
[JsonSerializable(typeof(RateDocument))]
[JsonSerializable(typeof(HookDeliveryDocument[]))]
[JsonSerializable(typeof(VariablesDocument))]
[JsonSerializable(typeof(ScanHistoryDocument))]
[JsonSerializable(typeof(ExemptionRequestDocument[]))]
[JsonSerializable(typeof(RulesetDocument))]
[JsonSerializable(typeof(ForkApprovalDocument))]
internal sealed partial class GitHubJson : JsonSerializerContext;
