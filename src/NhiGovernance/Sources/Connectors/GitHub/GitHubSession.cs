using System.Collections.Concurrent;
using System.Globalization;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>One test or read: settings, client and sign-in. Nothing of it outlives the call.</summary>
internal sealed class GitHubSession : IDisposable
{
    private readonly HttpClient _client;
    private readonly AppSignIn? _app;
    private GitHubHttp? _enterprise;
    private InstallationDocument? _installation;
    private string? _signedInAs;

    private GitHubSession(ConnectorContext context, GitHubSettings settings, HttpClient client, GitHubHttp http, IGitHubSignIn signIn)
    {
        (Context, Settings, _client, Http, SignIn) = (context, settings, client, http, signIn);
        _app = signIn as AppSignIn;
    }

    public ConnectorContext Context { get; }

    public GitHubSettings Settings { get; }

    public GitHubHttp Http { get; }

    public IGitHubSignIn SignIn { get; }

    /// <summary>Lists of which nobody can tell whether they are not there or hidden: what they list, and how many of them.</summary>
    public ConcurrentDictionary<string, int> Unclear { get; } = new(StringComparer.Ordinal);

    /// <summary>The client that a scope is read with: an enterprise's lists answer to the App's installation there, if one is named.</summary>
    public GitHubHttp For(GitHubScope scope) => scope.AsEnterprise && _enterprise is not null ? _enterprise : Http;

    /// <summary>What the installation may do; empty for tokens.</summary>
    public IReadOnlyDictionary<string, string> AppPermissions => _app?.Permissions ?? new Dictionary<string, string>();

    /// <exception cref="GitHubRefusal">The settings, the address or the credential cannot be used.</exception>
    public static async Task<GitHubSession> OpenAsync(ConnectorContext context, GitHubLimits limits, CancellationToken cancellationToken)
    {
        var (settings, faults) = GitHubSettings.Read(context.Settings);
        if (settings is null)
        {
            throw GitHubRefusal.Broken(string.Join(" ", faults.Select(f => f.Message)));
        }

        var secret = await context.Secrets.OpenAsync(settings.UsesApp ? GitHubDescriptor.PrivateKey : GitHubDescriptor.Token, cancellationToken);
        if (string.IsNullOrWhiteSpace(secret))
        {
            throw GitHubRefusal.Broken(settings.UsesApp
                ? "No private key is set, or it belongs to another address than this source now has."
                : "No token is set, or it belongs to another address than this source now has.");
        }

        if (!settings.UsesApp && secret.Trim().Any(c => c is <= ' ' or > '~'))
        {
            throw GitHubRefusal.Broken("The token holds characters that no GitHub token has; paste it again.");
        }

        HttpClient client;
        try
        {
            client = context.Http.CreateClient(settings.Api);
        }
        catch (OutboundRefusedException refused)
        {
            throw GitHubRefusal.Broken(refused.Message);
        }

        var http = new GitHubHttp(client, settings.Api, limits with { Concurrency = settings.Concurrency }, context.Clock, context.Progress);
        http.SignIn = settings.UsesApp ? new AppSignIn(http, settings.AppId, settings.InstallationId, secret) : new TokenSignIn(secret.Trim());
        var session = new GitHubSession(context, settings, client, http, http.SignIn);
        if (settings is { UsesApp: true, Enterprise.Length: > 0, EnterpriseInstallationId: > 0 })
        {
            session._enterprise = new GitHubHttp(client, settings.Api, limits with { Concurrency = settings.Concurrency }, context.Clock, context.Progress);
            session._enterprise.SignIn = new AppSignIn(session._enterprise, settings.AppId, settings.EnterpriseInstallationId, secret);
        }

        return session;
    }

    /// <summary>
    /// Who reads, and how far that reaches as GitHub tells it: the App's installation and its choice of repositories, or the token's
    /// user, scopes and end. Two sign-ins with one text see the same; of any others nobody knows that.
    /// </summary>
    /// <exception cref="GitHubRefusal">GitHub did not say.</exception>
    public async Task<string> SignedInAsAsync(CancellationToken cancellationToken) => _signedInAs ??= _app is not null
        ? $"installation {Settings.InstallationId} {Text.Clean((await InstallationAsync(_app, cancellationToken)).RepositorySelection, 40)}"
        : await TokenAsync(cancellationToken);

    /// <summary>An organization, or a user.</summary>
    /// <exception cref="GitHubRefusal">There is none, it cannot be seen, or the App is installed on another account.</exception>
    public async Task<OwnerPlace> OwnerAsync(string login, CancellationToken cancellationToken)
    {
        var owner = await FindAsync(login, cancellationToken);
        if (_app is not null && (await InstallationAsync(_app, cancellationToken)).Account is { } account && account.Id != owner.Id)
        {
            // Anybody may see that an organization is there. Its repositories would be an empty list, and complete.
            throw new GitHubRefusal(RefusalKind.Denied, 0, $"The App's installation {Settings.InstallationId} is of {Text.Name(account.Login, "another account")}, not of {owner.Login}.")
            {
                Permission = $"Install the App on {owner.Login} and read it by a source of its own: this installation is of {Text.Name(account.Login, "another account")} only",
            };
        }

        return owner;
    }

    /// <summary>
    /// Whether the list of repositories that a whole run reads would name it. Anybody may ask for a public one, so that it answers
    /// proves nothing: an installation lists what was chosen for it, and the list of another user only what is public.
    /// </summary>
    /// <remarks>https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app</remarks>
    /// <exception cref="GitHubRefusal">GitHub did not say.</exception>
    public async Task<bool> ListsAsync(RepositoryPlace repository, CancellationToken cancellationToken)
    {
        if (_app is null)
        {
            return repository.Owner.IsOrganization || repository.Owner.IsSelf || repository.Visibility == "public";
        }

        if (repository.Visibility == "private")
        {
            return true;
        }

        try
        {
            var address = Http.At($"{repository.Path}/installation");
            var found = (await Http.GetAsAsync(address, GitHubJson.Default.InstallationDocument, _app.AsApp(), cancellationToken)).Body!;
            return found.Id > 0 ? found.Id == Settings.InstallationId : throw GitHubRefusal.NotAsDescribed();
        }
        catch (GitHubRefusal refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            return false;
        }
    }

    private async Task<OwnerPlace> FindAsync(string login, CancellationToken cancellationToken)
    {
        try
        {
            var organization = await Http.GetAsync(Http.At($"orgs/{login}"), GitHubJson.Default.OrganizationDocument, null, cancellationToken);
            return organization.Body!.Id <= 0 ? throw GitHubRefusal.NotAsDescribed() : new(organization.Body.Id, Text.Clean(organization.Body.Login ?? login, 100), true, false);
        }
        catch (GitHubRefusal refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            var user = await Http.GetAsync(Http.At($"users/{login}"), GitHubJson.Default.AccountDocument, null, cancellationToken);
            return user.Body!.Id <= 0 ? throw GitHubRefusal.NotAsDescribed() : new(user.Body.Id, Text.Clean(user.Body.Login ?? login, 100), user.Body.Type == "Organization", await IsSelfAsync(user.Body.Id, cancellationToken));
        }
    }

    public void Dispose()
    {
        Http.Dispose();
        _app?.Dispose();
        (_enterprise?.SignIn as AppSignIn)?.Dispose();
        _enterprise?.Dispose();
        _client.Dispose();
    }

    private async Task<InstallationDocument> InstallationAsync(AppSignIn app, CancellationToken cancellationToken)
    {
        if (_installation is null)
        {
            var address = Http.At($"app/installations/{Settings.InstallationId}");
            var found = (await Http.GetAsAsync(address, GitHubJson.Default.InstallationDocument, app.AsApp(), cancellationToken)).Body!;
            _installation = found is { Id: > 0, Account.Id: > 0 } ? found : throw GitHubRefusal.NotAsDescribed();
        }

        return _installation;
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        var user = (await Http.GetAsync(Http.At("user"), GitHubJson.Default.AccountDocument, null, cancellationToken)).Body!;
        var scopes = Http.Facts.Scopes is { } classic ? string.Join(',', classic.Order(StringComparer.Ordinal)) : "fine-grained";
        return string.Create(CultureInfo.InvariantCulture, $"user {user.Id} {Text.Clean(scopes, 300)} {Http.Facts.ExpiresAt?.ToUnixTimeSeconds() ?? 0}");
    }

    private async Task<bool> IsSelfAsync(long id, CancellationToken cancellationToken)
    {
        if (SignIn.IsApp)
        {
            return false;
        }

        try
        {
            return (await Http.GetAsync(Http.At("user"), GitHubJson.Default.AccountDocument, null, cancellationToken)).Body!.Id == id;
        }
        catch (GitHubRefusal refusal) when (refusal.Kind != RefusalKind.Broken)
        {
            return false;
        }
    }
}
