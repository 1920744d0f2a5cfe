using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>The form and the list of permissions.</summary>
internal static class GitHubDescriptor
{
    public const string Address = "address";
    public const string Organization = "organization";
    public const string Auth = "auth";
    public const string Token = "token";
    public const string AppId = "appId";
    public const string Installation = "installationId";
    public const string PrivateKey = "privateKey";
    public const string Enterprise = "enterprise";
    public const string EnterpriseInstallation = "enterpriseInstallationId";
    public const string WebhookSecret = "webhookSecret";
    public const string Include = "include";
    public const string Exclude = "exclude";
    public const string Concurrency = "concurrency";
    public const string SecretAlerts = "secretAlerts";
    public const string Members = "members";
    public const string Codespaces = "codespacesSecrets";
    public const string AuditLog = "auditLog";

    public static readonly IReadOnlyList<SettingField> Toggles =
    [
        new(Members, "Read members", SettingKind.Toggle, "People, their role, and where visible their two-factor state.") { Default = "true" },
        new(SecretAlerts, "Read secret-scanning alerts", SettingKind.Toggle, "State, validity and place of each alert. The secret itself is dropped on arrival.") { Default = "true" },
        new(Codespaces, "Read Codespaces secrets", SettingKind.Toggle, "One more request for each repository.") { Default = "false" },
        new(AuditLog, "Read the audit log", SettingKind.Toggle, "Enterprise plans only. Tells when apps and tokens were last used; costs up to 50 requests a run, and goes on at the next.") { Default = "false" },
    ];

    public static readonly ConnectorDescriptor Value = new(
        "github",
        "GitHub",
        "Deploy keys, apps, tokens, CI secrets, runners, webhooks, secret alerts, branch rules, environments and members of github.com or an Enterprise Server.",
        [
            new(Address, "Address", SettingKind.Url, "https://github.com, or the address of your Enterprise Server.")
            {
                Required = true, Default = GitHubSettings.DefaultAddress, Placeholder = GitHubSettings.DefaultAddress,
            },
            new(Organization, "Organization", SettingKind.Text, "The organization's or user's name as it stands in addresses; several with commas.")
            {
                Required = true, Placeholder = "acme",
            },
            new(Auth, "Sign in with", SettingKind.Choice, "A GitHub App sees more (fine-grained tokens) and its access ends with the hour.")
            {
                Required = true, Default = "token", Choices = [new("token", "Token"), new("app", "GitHub App")],
            },
            new(Token, "Token", SettingKind.Secret, "A fine-grained token of the organization, or a classic one.") { OnlyWhen = (Auth, "token") },
            new(AppId, "App id", SettingKind.Text, "The App's id or client id, from its settings page.") { OnlyWhen = (Auth, "app") },
            new(Installation, "Installation id", SettingKind.Number, "The number that ends the address of the installation's settings page.") { OnlyWhen = (Auth, "app") },
            new(PrivateKey, "Private key", SettingKind.Secret, "The PEM file that GitHub gave for the App, whole.") { OnlyWhen = (Auth, "app") },
            new(WebhookSecret, "Webhook secret", SettingKind.Secret, "The same as in the webhook's settings at GitHub, so that changes are known at once. Polling stays the truth."),
            new(Enterprise, "Enterprise", SettingKind.Text, "Reads app installations by way of this enterprise, with the repositories chosen for each. Needs an App that is installed on the enterprise. Empty: by way of each organization.") { Placeholder = "acme-corp" },
            new(EnterpriseInstallation, "Enterprise installation id", SettingKind.Number, "The number that ends the address of the App's installation on the enterprise. Empty: the installation above is used.") { OnlyWhen = (Auth, "app") },
            new(Include, "Only these repositories", SettingKind.LongText, "Patterns such as ledger-* or acme/ledger, one a line. Empty: all.") { Placeholder = "acme/*" },
            new(Exclude, "Not these repositories", SettingKind.LongText, "Patterns. What was read of them before is kept, and called not covered."),
            .. Toggles,
            new(Concurrency, "Requests at once", SettingKind.Number, "From 1 to 20. GitHub asks for few.") { Default = "4" },
        ],
        GitHubPermissions.Needed,
        TimeSpan.FromMinutes(60))
    {
        Icon = "i-github",
        HostSetting = Address,
    };
}
