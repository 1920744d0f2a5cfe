using System.Diagnostics;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>
/// The running server. A small shell stands between us: it holds the reading end of a pipe whose writing end only we have,
/// so when we end in whatever way, <c>kill -9</c> included, the pipe closes and the shell stops the server cleanly. Only the
/// server's own parent signals it, and only while it has not waited for it: a number that was given out again is never hit.
/// </summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private const string Supervisor = """
        log=$1; shift
        trap '' HUP INT TERM
        exec 3<&0 </dev/null >"$log" 2>&1
        "$@" 3<&- &
        server=$!
        stopping=
        trap 'stopping=yes; kill -INT "$server"' USR1
        ( while read -r line <&3; do :; done; kill -USR1 $$ ) &
        watcher=$!
        exec 3<&-
        wait "$server"; code=$?
        if [ -z "$stopping" ]; then kill -KILL "$watcher"; else wait "$server"; code=$?; fi
        [ "$code" = 127 ] && exit 0
        exit "$code"
        """;

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    private readonly Process _supervisor;

    private PostgresProcess(Process supervisor) => _supervisor = supervisor;

    /// <summary>Starts the server and returns when it takes connections. Recovery after a crash happens in here.</summary>
    public static async Task<PostgresProcess> StartAsync(
        string binaries, PostgresFolder folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = Unprivileged.Start(
            ["/bin/sh", "-c", Supervisor, "sh", folder.StartLog, Path.Combine(binaries, "bin", "postgres"), "-D", folder.Cluster, .. arguments],
            detached: true);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var server = new PostgresProcess(Unprivileged.Launch(start));
        try
        {
            await server.WaitUntilReadyAsync(folder, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A fast shutdown: sessions end, a checkpoint is written, nothing is left to recover.</summary>
    public async ValueTask DisposeAsync()
    {
        _supervisor.StandardInput.Close();
        try
        {
            using var patience = new CancellationTokenSource(StopPatience);
            await _supervisor.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _supervisor.Kill(entireProcessTree: true);
        }

        _supervisor.Dispose();
    }

    private async Task WaitUntilReadyAsync(PostgresFolder folder, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (!IsReady(folder))
        {
            if (_supervisor.HasExited)
            {
                throw Unprivileged.Refused("postgres", await LastWordsAsync(folder, cancellationToken));
            }

            if (Stopwatch.GetElapsedTime(since) > StartPatience)
            {
                throw new SettingException("Postgres", $"the server is not ready after {StartPatience.TotalMinutes} minutes; see {folder.Logs}");
            }

            await Task.Delay(Beat, cancellationToken);
        }
    }

    private async Task<string> LastWordsAsync(PostgresFolder folder, CancellationToken cancellationToken) =>
        await _supervisor.StandardError.ReadToEndAsync(cancellationToken)
        + (File.Exists(folder.StartLog) ? await File.ReadAllTextAsync(folder.StartLog, cancellationToken) : string.Empty);

    /// <summary>The eighth line of postmaster.pid says so; pg_ctl looks there too.</summary>
    private static bool IsReady(PostgresFolder folder)
    {
        try
        {
            var lines = File.ReadAllLines(folder.PidFile);
            return lines.Length >= 8 && lines[7].StartsWith("ready", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
