namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>All lists, in the order in which they are read: a pipeline comes before the secrets that it holds.</summary>
internal static class GitHubScopes
{
    public const string Organization = "organization";

    public static readonly IReadOnlyList<OrganizationScope> OfOrganizations =
    [
        new OrganizationPolicy(), new OrganizationPipelines(), new OrganizationOidcSubjects(), new OrganizationSecrets("actions"),
        new OrganizationSecrets("dependabot"), new OrganizationSecrets("codespaces"), new OrganizationVariables(), new AppInstallations(), new FineGrainedTokens(),
        new FineGrainedTokenRequests(), new AuthorizedCredentials(), new OrganizationRunnerGroups(), new OrganizationRunners(), new InheritedRunners(),
        new OrganizationWebhooks(), new SecretAlerts(), new Members(), new OutsideCollaborators(),
    ];

    /// <summary>Those of an organization with these settings.</summary>
    public static IEnumerable<OrganizationScope> For(GitHubSettings settings) => settings.Enterprise.Length == 0
        ? OfOrganizations
        : OfOrganizations.Select(s => s is AppInstallations ? new EnterpriseAppInstallations(settings.Enterprise) : s);

    public static readonly IReadOnlyList<RepositoryScope> OfRepositories =
    [
        new Pipelines(), new OidcSubjects(), new DeployKeys(), new RepositorySecrets("actions"), new RepositorySecrets("dependabot"),
        new RepositorySecrets("codespaces"), new RepositoryVariables(), new Environments(), new EnvironmentSecrets(), new EnvironmentVariables(),
        new RepositoryRunners(), new RepositoryWebhooks(), new BranchRules(), new BranchProtection(), new RepositorySecretAlerts(),
        new SecretScanHistory(),
    ];
}
