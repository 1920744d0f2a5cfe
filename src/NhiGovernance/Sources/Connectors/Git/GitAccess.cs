using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>The secrets of a source, opened for one call.</summary>
internal sealed record GitSignIn(string? User, string? Token, string? SshKey, string? KnownHosts)
{
    public static readonly GitSignIn Nobody = new(null, null, null, null);

    /// <summary>Keeps the values out of any log that prints the record.</summary>
    public override string ToString() => nameof(GitSignIn);
}

/// <summary>
/// What one test or read needs to sign in: environment variables for the one git process that talks to the host, and a folder
/// of mode 0700 that is also its empty HOME. Nothing of it is on a command line or in an address; disposing it wipes the files.
/// </summary>
internal sealed class GitAccess : IDisposable
{
    private const string Prefix = "nhi-git-";
    private readonly DirectoryInfo _folder;

    private GitAccess(DirectoryInfo folder, GitTransport? transport) => (_folder, Transport) = (folder, transport);

    public string Home => Path.Combine(_folder.FullName, "home");

    public GitTransport? Transport { get; }

    /// <summary>Configuration for the one process: the pinned address, and the header that signs in. Holds a secret.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; private init; } = [];

    public string? SshCommand { get; private init; }

    /// <summary>A file of PEM roots, when the installation trusts more than the machine does.</summary>
    public string? Roots { get; private init; }

    /// <summary>For commands that stay on this machine: no protocol at all is allowed.</summary>
    public static GitAccess None() => new(NewFolder(), null);

    /// <param name="checkedAddresses">What the outbound guard allowed. The program is pinned to them: the name is not resolved again.</param>
    public static GitAccess For(GitAddress address, GitSignIn signIn, IReadOnlyList<IPAddress> checkedAddresses, string? trustedRoots)
    {
        var folder = NewFolder();
        return address.Transport switch
        {
            GitTransport.Https => new GitAccess(folder, address.Transport)
            {
                Settings = [.. Https(address.Uri!, signIn, checkedAddresses)],
                Roots = trustedRoots is null ? null : Combine(folder, trustedRoots),
            },
            GitTransport.Ssh => new GitAccess(folder, address.Transport) { SshCommand = Ssh(folder, address.Uri!, signIn, checkedAddresses) },
            _ => new GitAccess(folder, address.Transport),
        };
    }

    public void Dispose()
    {
        try
        {
            foreach (var file in _folder.EnumerateFiles())
            {
                using var stream = file.OpenWrite();
                stream.Write(new byte[file.Length]);
            }

            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // The sweep of a later run takes it.
        }
    }

    private static IEnumerable<(string Key, string Value)> Https(Uri uri, GitSignIn signIn, IReadOnlyList<IPAddress> addresses)
    {
        if (addresses.Count > 0)
        {
            yield return ("http.curloptResolve", string.Create(CultureInfo.InvariantCulture,
                $"{uri.IdnHost}:{uri.Port}:{string.Join(',', addresses.Select(Literal))}"));
        }

        if (!string.IsNullOrEmpty(signIn.Token))
        {
            var user = string.IsNullOrEmpty(signIn.User) ? "x-access-token" : signIn.User;
            yield return ($"http.{uri.GetLeftPart(UriPartial.Authority)}/.extraHeader",
                "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{signIn.Token}")));
        }
    }

    private static string Literal(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private static string Ssh(DirectoryInfo folder, Uri uri, GitSignIn signIn, IReadOnlyList<IPAddress> addresses)
    {
        var hosts = Write(folder, "known_hosts", signIn.KnownHosts ?? "");
        var identity = string.IsNullOrWhiteSpace(signIn.SshKey) ? "/dev/null" : Write(folder, "key", signIn.SshKey);
        var port = uri.IsDefaultPort || uri.Port < 0 ? 22 : uri.Port;
        var alias = port == 22 ? uri.IdnHost : string.Create(CultureInfo.InvariantCulture, $"[{uri.IdnHost}]:{port}");
        var pinned = addresses.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).FirstOrDefault();

        // One address, one host key, one key, no configuration file, no other program and no other way to sign in.
        return $"ssh -F /dev/null -i '{identity}' -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes"
            + $" -o StrictHostKeyChecking=yes -o UserKnownHostsFile='{hosts}' -o GlobalKnownHostsFile=/dev/null -o UpdateHostKeys=no"
            + (pinned is null ? "" : $" -o HostName={pinned} -o 'HostKeyAlias={alias}' -o CheckHostIP=no")
            + " -o PreferredAuthentications=publickey -o ConnectTimeout=20 -o ServerAliveInterval=30 -o ClearAllForwardings=yes"
            + " -o PermitLocalCommand=no -o ProxyCommand=none -o ControlPath=none";
    }

    /// <summary>The program takes one file instead of the machine's roots, so it gets both in one.</summary>
    private static string Combine(DirectoryInfo folder, string trustedRoots)
    {
        var machine = new[] { "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem" }.FirstOrDefault(File.Exists);
        return Write(folder, "roots.pem", File.ReadAllText(trustedRoots) + "\n" + (machine is null ? "" : File.ReadAllText(machine)));
    }

    private static string Write(DirectoryInfo folder, string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n"));
        return path;
    }

    private static DirectoryInfo NewFolder()
    {
        Sweep();
        var folder = Directory.CreateTempSubdirectory(Prefix);
        folder.CreateSubdirectory("home");
        return folder;
    }

    /// <summary>What a killed process left behind. A run never lasts a day.</summary>
    private static void Sweep()
    {
        foreach (var old in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories(Prefix + "*"))
        {
            try
            {
                if (TimeProvider.System.GetUtcNow() - old.CreationTimeUtc > TimeSpan.FromDays(1))
                {
                    old.Delete(recursive: true);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another user's, or gone meanwhile.
            }
        }
    }
}
