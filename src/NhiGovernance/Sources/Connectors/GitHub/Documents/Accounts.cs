namespace NhiGovernance.Sources.Connectors.GitHub.Documents;

internal sealed record InstallationTokenDocument(string? Token, string? ExpiresAt, Dictionary<string, string>? Permissions, string? RepositorySelection);

internal sealed record AppDocument(long Id, string? Slug, string? Name, Dictionary<string, string>? Permissions);

internal sealed record AccountDocument(long Id, string? Login, string? Type, string? HtmlUrl, string? Name, bool? SiteAdmin);

internal sealed record OrganizationDocument(
    long Id, string? Login, string? HtmlUrl, string? CreatedAt, string? DefaultRepositoryPermission, bool? TwoFactorRequirementEnabled,
    bool? MembersCanCreateRepositories, bool? MembersCanCreatePublicRepositories, bool? WebCommitSignoffRequired,
    bool? DeployKeysEnabledForRepositories, bool? MembersCanChangeRepoVisibility, bool? MembersCanDeleteRepositories,
    bool? SecretScanningEnabledForNewRepositories, bool? SecretScanningPushProtectionEnabledForNewRepositories, PlanDocument? Plan);

internal sealed record PlanDocument(string? Name);

internal sealed record RateDocument(RateResources? Resources);

internal sealed record RateResources(RateResource? Core);

internal sealed record RateResource(long Limit, long Remaining, long Reset);

internal sealed record InstallationsDocument(long? TotalCount, InstallationDocument[]? Installations);

internal sealed record InstallationDocument(
    long Id, long? AppId, string? AppSlug, string? ClientId, string? RepositorySelection, Dictionary<string, string>? Permissions, string[]? Events,
    string? CreatedAt, string? SuspendedAt, string? HtmlUrl, AccountDocument? SuspendedBy, AccountDocument? Account = null);

/// <summary>A fine-grained token that was granted access, or asks for it.</summary>
internal sealed record FineGrainedTokenDocument(
    long Id, AccountDocument? Owner, string? RepositorySelection, FineGrainedPermissionsDocument? Permissions, string? AccessGrantedAt,
    string? CreatedAt, long? TokenId, string? TokenName, bool? TokenExpired, string? TokenExpiresAt, string? TokenLastUsedAt);

internal sealed record FineGrainedPermissionsDocument(
    Dictionary<string, string>? Organization, Dictionary<string, string>? Repository, Dictionary<string, string>? Other);

/// <summary>A credential that its owner authorized for SAML single sign-on. Enterprise Cloud only.</summary>
internal sealed record AuthorizedCredentialDocument(
    string? Login, long CredentialId, string? CredentialType, string? CredentialAuthorizedAt, string? CredentialAccessedAt, string[]? Scopes,
    string? Fingerprint, long? AuthorizedCredentialId, string? AuthorizedCredentialTitle, string? AuthorizedCredentialNote,
    string? AuthorizedCredentialExpiresAt);

internal sealed record AuditEventDocument(
    [property: System.Text.Json.Serialization.JsonPropertyName("_document_id")] string? DocumentId,
    [property: System.Text.Json.Serialization.JsonPropertyName("@timestamp")] long? Timestamp,
    string? Action, string? Actor, long? ActorId, bool? ActorIsBot, string? Repo, string? ProgrammaticAccessType, long? TokenId,
    string? TokenScopes, string? HashedToken, string? OperationType);
