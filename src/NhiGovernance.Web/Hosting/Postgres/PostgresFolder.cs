using System.Text;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>Where the embedded server keeps what, below the data folder.</summary>
internal sealed class PostgresFolder(string dataFolder)
{
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
    private const int LongestSocketPath = 103;

    public string Root { get; } = Path.Combine(dataFolder, "postgres");

    public string Cluster => Path.Combine(Root, "cluster");

    /// <summary>initdb works here and the folder is renamed when it is whole, so that an interrupted one leaves nothing half done.</summary>
    public string Draft => Path.Combine(Root, "cluster.draft");

    public string Socket => Path.Combine(Root, "socket");

    public string Logs => Path.Combine(Root, "log");

    public string StartLog => Path.Combine(Logs, "start.log");

    public string Passwords => Path.Combine(Root, "passwords.json");

    public string State => Path.Combine(Root, "server.json");

    public string Lock => Path.Combine(Root, "lock");

    public string PidFile => Path.Combine(Cluster, "postmaster.pid");

    /// <summary>False: the path is too long for a Unix socket; then a free loopback port serves.</summary>
    public bool SocketFits => Encoding.UTF8.GetByteCount(Path.Combine(Socket, ".s.PGSQL.5432")) <= LongestSocketPath;

    public void Create()
    {
        foreach (var folder in new[] { dataFolder, Root, Socket, Logs })
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, Private);
            }
        }
    }

    /// <summary>Writes a file that only we may read, whole or not at all.</summary>
    public static async Task WritePrivateAsync(string path, string text, CancellationToken cancellationToken)
    {
        var draft = path + ".draft";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = PrivateFile;
        }

        await using (var file = new FileStream(draft, options))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
