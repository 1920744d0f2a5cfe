namespace NhiGovernance.Sources.Contract;

/// <summary>What kind of principal. Pages show the words of <c>docs/glossary.md</c>.</summary>
public enum IdentityKind
{
    AppInstallation,
    ServicePrincipal,
    ServiceAccount,
    MachineUser,
    Bot,
    CodingAgent,
    Runner,
    RunnerGroup,

    /// <summary>A repository's or organisation's CI as a principal: holds secrets, gets a job token, federates by OIDC.</summary>
    Pipeline,

    /// <summary>One workflow job that publishes, deploys or signs.</summary>
    WorkflowJob,

    /// <summary>A trust in another issuer's tokens, with no secret of its own.</summary>
    FederatedTrust,

    /// <summary>Whoever holds this deploy key: the key is all that is known of the principal.</summary>
    DeployKey,

    /// <summary>Whoever signs with this key.</summary>
    SigningKey,

    /// <summary>Whoever holds this token.</summary>
    AccessToken,
    Webhook,

    /// <summary>NhiGovernance's own: a connector's credential, an API token, a key.</summary>
    Own,
}

public enum CredentialKind
{
    AccessKey,
    ApiToken,
    FineGrainedToken,
    ClassicToken,
    ClientSecret,
    Certificate,
    DeployKey,
    SshKey,
    GpgKey,
    SigningKey,
    AppPrivateKey,
    WebhookSecret,

    /// <summary>A copy of a credential in a CI system's secret store.</summary>
    CiSecret,
    Password,
    EncryptionKey,
    Other,
}

public enum ResourceKind
{
    Organization,
    Repository,
    BranchProtection,
    Environment,
    SecretAlert,
    TokenRequest,
    WorkflowFile,
    Review,
    Approval,
    OwnerSuggestion,
    AuditEvent,
    Member,

    /// <summary>A variable of a CI system: kept in the clear there, so its value may be a secret that stands in the wrong place.</summary>
    CiVariable,

    /// <summary>How far a repository was searched for secrets.</summary>
    SecretScan,

    /// <summary>Somebody asks to push a secret past push protection.</summary>
    BypassRequest,

    /// <summary>Somebody asks to close a secret alert.</summary>
    DismissalRequest,
}

public enum PersonStatus
{
    Unknown,
    Active,
    Suspended,
    Left,
}
