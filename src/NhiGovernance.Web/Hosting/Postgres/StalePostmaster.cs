using System.Diagnostics;
using System.Globalization;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>What an earlier process of ours may have left behind: a server that is still ending, or the file of one that is gone.</summary>
internal static class StalePostmaster
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Waits for a server of this folder to end, asking it to if it does not by itself, and removes the file of one that is
    /// gone. Call it only with the folder's lock held: then no live process of ours needs that server.
    /// </summary>
    public static async Task ClearAsync(PostgresFolder folder, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.PidFile))
        {
            return;
        }

        var pid = await ReadPidAsync(folder, cancellationToken);
        var since = Stopwatch.GetTimestamp();
        var asked = false;
        while (pid is { } id && IsServerOf(id, folder))
        {
            var waited = Stopwatch.GetElapsedTime(since);
            if (!asked && waited > Patience / 6)
            {
                asked = true;
                await Unprivileged.RunAsync(["/bin/sh", "-c", $"kill -INT {id.ToString(CultureInfo.InvariantCulture)}"], cancellationToken);
            }

            if (waited > Patience)
            {
                throw new SettingException(PostgresOptions.DataKey, $"a PostgreSQL of this folder (process {id}) does not end; stop it first");
            }

            await Task.Delay(Beat, cancellationToken);
        }

        // The number may meanwhile belong to any other process, and then PostgreSQL would refuse to start.
        File.Delete(folder.PidFile);
    }

    private static async Task<int?> ReadPidAsync(PostgresFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            var lines = await File.ReadAllLinesAsync(folder.PidFile, cancellationToken);
            return lines.Length > 0 && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsServerOf(int id, PostgresFolder folder)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            if (process.HasExited)
            {
                return false;
            }

            if (!OperatingSystem.IsLinux())
            {
                return process.ProcessName.Contains("postgres", StringComparison.Ordinal);
            }

            var command = File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
            return Path.GetFileName(command[0]) == "postgres" && command.Contains(folder.Cluster, StringComparer.Ordinal);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
