using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>
/// OpenSSH's own server on a free port of this machine, as the user who runs the tests: its keys, its configuration, its log.
/// test.sh installs openssh-server; nothing is started by the system.
/// </summary>
public sealed class GitSshServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";
    private readonly Process _process;
    private readonly string _log;

    private GitSshServer(Process process, int port, string folder, string log) => (_process, Port, Folder, _log) = (process, port, folder, log);

    public int Port { get; }

    public string Folder { get; }

    public string Authority => $"127.0.0.1:{Port}";

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>As ssh-keyscan prints it.</summary>
    public string KnownHosts => KnownAs(Path.Combine(Folder, "host.pub"));

    public string KnownAs(string publicKey) => $"[127.0.0.1]:{Port} {string.Join(' ', File.ReadAllText(publicKey).Split(' ')[..2])}";

    /// <summary>What the server wrote down so far.</summary>
    public string Log => ReadShared(_log);

    public string Address(string path) => $"ssh://{Environment.UserName}@{Authority}{path}";

    /// <param name="authorizedKey">The public key that may sign in.</param>
    /// <param name="asksForPasswords">True: it also offers what only a person at a keyboard could answer.</param>
    public static async Task<GitSshServer> StartAsync(GitSandbox sandbox, string authorizedKey, bool asksForPasswords = false)
    {
        var folder = Path.Combine(sandbox.Root, "sshd");
        Directory.CreateDirectory(folder);
        sandbox.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "host", "-f", Path.Combine(folder, "host"));
        await File.WriteAllTextAsync(Path.Combine(folder, "authorized"), await File.ReadAllTextAsync(authorizedKey));
        sandbox.Run("chmod", "600", Path.Combine(folder, "authorized"));
        if (Environment.UserName == "root")
        {
            // Where the privileged half of it keeps nothing; Debian makes it only when its own service starts.
            Directory.CreateDirectory("/run/sshd");
        }

        var port = FreePort();
        var log = Path.Combine(folder, "log");
        await File.WriteAllTextAsync(Path.Combine(folder, "config"), $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {folder}/host
            AuthorizedKeysFile {folder}/authorized
            PidFile none
            UsePAM no
            StrictModes no
            PermitRootLogin {(asksForPasswords ? "yes" : "prohibit-password")}
            PasswordAuthentication {(asksForPasswords ? "yes" : "no")}
            KbdInteractiveAuthentication no
            LogLevel VERBOSE

            """);
        var process = Process.Start(new ProcessStartInfo(Program, ["-D", "-f", Path.Combine(folder, "config"), "-E", log]))!;
        var server = new GitSshServer(process, port, folder, log);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await AnswersAsync(port, patience.Token))
        {
            process.HasExited.ShouldBeFalse(File.Exists(log) ? server.Log : "sshd ended");
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return await client.GetStream().ReadAsync(new byte[8], cancellationToken) > 0;
        }
        catch (SocketException)
        {
            await Task.Yield();
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(stream).ReadToEnd();
    }
}
