using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git;

internal static class GitDescriptor
{
    public const string Url = "url";
    public const string SignIn = "signIn";
    public const string User = "user";
    public const string Token = "token";
    public const string SshKey = "sshKey";
    public const string KnownHosts = "knownHosts";
    public const string Budget = "commitBudget";
    public const string OwnPrograms = "ownPrograms";
    public const string Place = "repository";
    public const int DefaultBudget = 20_000;
    public const int MostBudget = 1_000_000;

    public static readonly ConnectorDescriptor Value = new(
        "git",
        "Git repository",
        "Reads workflows, signing keys, automation and CODEOWNERS of one repository on any host, from a bare mirror that is never checked out.",
        [
            new SettingField(Url, "Address", SettingKind.Url, "https://host/owner/name.git, ssh://git@host/owner/name.git, or a local path that an Admin has opened.")
            {
                Required = true,
                Placeholder = "https://github.com/acme/ledger.git",
            },
            new SettingField(SignIn, "Sign-in", SettingKind.Choice, "How to read the repository. A public one needs nothing.")
            {
                Default = "none",
                Choices = [new("none", "None (public or local)"), new("token", "Token over https"), new("ssh", "SSH key")],
            },
            new SettingField(User, "User name", SettingKind.Text, "Goes with the token. GitHub takes any; GitLab wants oauth2 or the name of the deploy token.")
            {
                Placeholder = "x-access-token",
                OnlyWhen = (SignIn, "token"),
            },
            new SettingField(Token, "Token", SettingKind.Secret, "May read this repository's contents and nothing else.") { OnlyWhen = (SignIn, "token") },
            new SettingField(SshKey, "SSH private key", SettingKind.Secret, "OpenSSH format, without a passphrase: a deploy key that only reads.") { OnlyWhen = (SignIn, "ssh") },
            new SettingField(KnownHosts, "Known hosts", SettingKind.LongText, "The host's keys as ssh-keyscan prints them, checked with the host's owner. Any other key is refused.")
            {
                OnlyWhen = (SignIn, "ssh"),
                Placeholder = "github.com ssh-ed25519 AAAA…",
            },
            new SettingField(Budget, "Commit budget", SettingKind.Number, "How many of the newest commits are read for signing keys and automation. A run says when there were more.")
            {
                Default = "20000",
            },
            new SettingField(OwnPrograms, "Own programs", SettingKind.LongText, "Programs of yours that commit, beside those that are known: one e-mail address or login a line, and a name after \"=\" when it should have another.")
            {
                Placeholder = "release@acme.example = Release robot",
            },
            new SettingField(Place, "Repository name", SettingKind.Text, "What the catalogue's mapping rules match. Empty: the path of the address, \"acme/ledger\".")
            {
                Placeholder = "acme/ledger",
            },
        ],
        [
            new NeededPermission("Contents: read (GitHub), read_repository (GitLab), or a deploy key without write access",
                "Workflows at the default branch, signatures of commits and tags, authors and trailers, CODEOWNERS.",
                "Everything: the run ends as denied and nothing is concluded."),
        ],
        TimeSpan.FromHours(6))
    {
        Icon = "i-git",
        HostSetting = Url,
    };
}
