using System.Globalization;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>Everything that one test or read has open: the address, the sign-in, the pinned addresses, the mirror. Disposed at its end.</summary>
internal sealed class GitSession : IAsyncDisposable
{
    public const string SeenKey = "references";

    private static readonly Version Oldest = new(2, 37);

    private readonly GitAccess _remoteAccess;
    private readonly GitAccess _localAccess;
    private readonly string? _temporary;
    private readonly string _settings;

    private GitSession(GitAddress address, GitAccess remote, GitAccess local, GitOptions options, string folder, bool temporary, string settings)
    {
        Address = address;
        _settings = settings;
        (_remoteAccess, _localAccess) = (remote, local);
        _temporary = temporary ? folder : null;
        Local = new GitProgram(options, local);
        Mirror = new GitMirror(new GitProgram(options, remote), Local, address, GitMirror.FolderFor(folder, address));
    }

    public GitAddress Address { get; }

    public GitMirror Mirror { get; }

    public GitProgram Local { get; }

    /// <summary>"main"; null until looked up and for an empty repository.</summary>
    public string? DefaultBranch { get; private set; }

    /// <summary>References, settings and this build: when all are as in the last complete run, so is everything read from them.</summary>
    public string? Seen { get; private set; }

    public bool Unchanged { get; set; }

    /// <summary>How many branches the host offers.</summary>
    public int Branches { get; private set; }

    public void Take(RemoteReferences references)
    {
        Branches = references.Branches;
        DefaultBranch = references.DefaultBranch?["refs/heads/".Length..];
        Seen = $"{references.Digest} {Address.Place} {_settings} {typeof(GitSession).Module.ModuleVersionId:N}";
    }

    /// <exception cref="GitFailure">The address, the program or the sign-in is not usable; the message says what to do.</exception>
    /// <exception cref="OutboundRefusedException">The guard refused the host.</exception>
    public static async Task<GitSession> OpenAsync(ConnectorContext context, GitOptions options, IOutboundGuard guard, CancellationToken cancellationToken)
    {
        var address = Read(context.Settings, options);
        await CheckProgramAsync(options, cancellationToken);
        var pinned = await CheckHostAsync(address, guard, cancellationToken);
        var signIn = await SignInAsync(context, address, cancellationToken);
        var folder = context.Folder ?? Directory.CreateTempSubdirectory("nhi-git-mirror-").FullName;
        GitAccess? remote = null;
        try
        {
            remote = GitAccess.For(address, signIn, pinned, options.TrustedRoots);
            return new GitSession(address, remote, GitAccess.None(), options, folder, context.Folder is null, $"{context.Settings.Get(GitDescriptor.Budget)}|{context.Settings.Get(GitDescriptor.OwnPrograms)}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            remote?.Dispose();
            throw new GitFailure("The folder for the mirror or the temporary folder cannot be written.");
        }
    }

    public static GitAddress Read(SourceSettings settings, GitOptions options)
    {
        var address = GitAddress.TryParse(settings.Get(GitDescriptor.Url), options.LocalRoots);
        if (!address.IsOk)
        {
            throw new GitFailure(address.Error.Message);
        }

        if (address.Value.Transport == GitTransport.File)
        {
            CheckLocal(address.Value.Operand);
        }

        return settings.Get(GitDescriptor.Place) is { Length: > 0 } place ? address.Value with { Place = place } : address.Value;
    }

    public static async Task<string> CheckProgramAsync(GitOptions options, CancellationToken cancellationToken)
    {
        using var access = GitAccess.None();
        var text = await new GitProgram(options, access).RunAsync(["version"], TimeSpan.FromSeconds(20), cancellationToken);
        var words = text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var number = string.Join('.', (words.ElementAtOrDefault(2) ?? "").Split('.').Take(2));
        return Version.TryParse(number, out var version) && version >= Oldest
            ? words[2]
            : throw new GitFailure(string.Create(CultureInfo.InvariantCulture,
                $"git {Oldest.Major}.{Oldest.Minor} or newer is needed: older ones cannot be pinned to the address that was checked."));
    }

    public static async Task<IReadOnlyList<System.Net.IPAddress>> CheckHostAsync(GitAddress address, IOutboundGuard guard, CancellationToken cancellationToken)
    {
        if (address.Uri is not { } uri)
        {
            return [];
        }

        // The user name of an ssh address ("git") is no credential; the guard refuses any.
        var plain = new UriBuilder(uri) { UserName = "", Password = "" }.Uri;
        guard.CheckAddress(plain);
        return await guard.ResolveAsync(uri.IdnHost, uri.Port > 0 ? uri.Port : address.Transport == GitTransport.Ssh ? 22 : 443, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _remoteAccess.Dispose();
        _localAccess.Dispose();
        if (_temporary is not null && Directory.Exists(_temporary))
        {
            Directory.Delete(_temporary, recursive: true);
        }

        await ValueTask.CompletedTask;
    }

    private static async Task<GitSignIn> SignInAsync(ConnectorContext context, GitAddress address, CancellationToken cancellationToken)
    {
        switch (context.Settings.Get(GitDescriptor.SignIn, "none"), address.Transport)
        {
            case ("token", GitTransport.Https):
                var token = await context.Secrets.OpenAsync(GitDescriptor.Token, cancellationToken);
                return token is { Length: > 0 } && !token.Any(char.IsControl)
                    ? new GitSignIn(context.Settings.Get(GitDescriptor.User), token, null, null)
                    : throw new GitFailure("No token is set for this host. Enter it again: it is cleared when the host changes.", denied: true);
            case ("ssh", GitTransport.Ssh):
                var key = await context.Secrets.OpenAsync(GitDescriptor.SshKey, cancellationToken);
                if (key is not { Length: > 0 })
                {
                    throw new GitFailure("No SSH key is set for this host. Enter it again: it is cleared when the host changes.", denied: true);
                }

                return SshKeyText.Fault(key) is { } fault
                    ? throw new GitFailure(fault)
                    : new GitSignIn(null, null, key, context.Settings.Get(GitDescriptor.KnownHosts));
            default:
                return GitSignIn.Nobody with { KnownHosts = context.Settings.Get(GitDescriptor.KnownHosts) };
        }
    }

    /// <summary>Links among objects and references lead into another repository; where the hooks are does not matter, none is run.</summary>
    private static bool HoldsLinks(string root)
    {
        var deep = new EnumerationOptions { AttributesToSkip = 0, RecurseSubdirectories = true };
        return new DirectoryInfo(root).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }).Any(e => IsLink(e) && e.Name != "hooks")
            || new[] { "objects", "refs" }.Select(n => new DirectoryInfo(Path.Combine(root, n))).Where(d => d.Exists)
                .Any(d => d.EnumerateFileSystemInfos("*", deep).Any(IsLink));
    }

    private static bool IsLink(FileSystemInfo entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    /// <summary>A repository that borrows objects from elsewhere would lead out of the folders that were opened.</summary>
    private static void CheckLocal(string folder)
    {
        var inner = Path.Combine(folder, ".git");
        var root = Directory.Exists(inner) ? inner : folder;
        var objects = new DirectoryInfo(Path.Combine(root, "objects"));
        var borrows = File.Exists(inner) || File.Exists(Path.Combine(root, "commondir")) || File.Exists(Path.Combine(root, "objects", "info", "alternates"))
            || new DirectoryInfo(root).LinkTarget is not null;
        var isRepository = objects.Exists && File.Exists(Path.Combine(root, "HEAD"));
        if (borrows || (isRepository && HoldsLinks(root)))
        {
            throw new GitFailure("This repository borrows its objects from another folder (alternates, a linked work tree or a link). Name the repository that owns them.");
        }

        if (!isRepository)
        {
            throw new GitFailure("The folder holds no git repository.");
        }
    }
}
