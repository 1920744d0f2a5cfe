using System.Diagnostics;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>
/// PostgreSQL refuses to run as root. As root its programs run in a user namespace in which root is an ordinary user: files
/// stay root's, nothing changes owner, and folders that only root may enter stay reachable.
/// </summary>
internal static class Unprivileged
{
    private static readonly string[] Namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"];

    /// <param name="detached">In a session of its own, so that a terminal's Ctrl-C reaches us and not the program.</param>
    public static ProcessStartInfo Start(IReadOnlyList<string> command, bool detached)
    {
        var words = new List<string>();
        if (detached && OperatingSystem.IsLinux())
        {
            words.Add("setsid");
        }

        if (Environment.IsPrivilegedProcess)
        {
            words.AddRange(Namespace);
        }

        words.AddRange(command);
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false, WorkingDirectory = "/" };

        // Our environment may hold connection strings and tokens; the server needs none of it.
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path ?? "/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }

    /// <summary>Runs a short program to its end. Throws with its last words when it fails.</summary>
    public static async Task RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var start = Start(command, detached: false);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Launch(start);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw Refused(Path.GetFileName(command[0]), await errors + await output);
        }
    }

    public static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new SettingException("Postgres", $"{start.FileName} could not be started: {error.Message}");
        }
    }

    /// <summary>What to tell a person when PostgreSQL did not start.</summary>
    public static SettingException Refused(string program, string said)
    {
        var last = string.Join(" ", said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(4));
        return said.Contains("unshare", StringComparison.Ordinal)
            ? new SettingException(
                "Postgres",
                "PostgreSQL refuses to run as root, and this machine refuses user namespaces to root; run as an ordinary user, or name "
                + $"a server by ConnectionStrings:NhiGovernance ({last})")
            : new SettingException("Postgres", $"{program} failed: {last}");
    }
}
