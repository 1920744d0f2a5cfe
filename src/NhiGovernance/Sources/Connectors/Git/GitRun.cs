using System.Diagnostics;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>One running git process. Disposing it kills whatever is left of it, children included.</summary>
internal sealed class GitRun : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private Watcher? _watcher;

    public GitRun(Process process)
    {
        _process = process;
        _errors = DrainAsync(process.StandardError.BaseStream);
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Kills the process tree on cancellation, after the time, or when <paramref name="stop"/> (asked twice a second) says so.</summary>
    public Watcher Watch(TimeSpan limit, Func<bool>? stop, CancellationToken cancellationToken) =>
        _watcher = new Watcher(this, limit, stop, cancellationToken);

    /// <summary>Waits for the end. Throws <see cref="GitFailure"/> unless it ended well.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        var errors = await _errors.WaitAsync(cancellationToken);

        // Cancelling kills it, and it may have ended before anybody looked: that is no failure of the host's. Whoever started it is asked,
        // because a token that is linked to theirs is cancelled only after the kill.
        cancellationToken.ThrowIfCancellationRequested();
        _watcher?.Caller.ThrowIfCancellationRequested();
        if (_watcher?.Reason is { } reason)
        {
            throw new GitFailure(reason);
        }

        if (_process.ExitCode != 0)
        {
            throw GitFailure.From(errors, _process.ExitCode);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            // Killed and not gone: nothing more can be done from here.
        }

        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <summary>Keeps the first 8 KB; the rest is read and dropped so that the program never blocks on it.</summary>
    private static async Task<string> DrainAsync(Stream stream)
    {
        var kept = new byte[8192];
        var length = 0;
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                var take = Math.Min(read, kept.Length - length);
                buffer.AsSpan(0, take).CopyTo(kept.AsSpan(length));
                length += take;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The process was killed.
        }

        return Encoding.UTF8.GetString(kept, 0, length);
    }

    /// <summary>Watches one run. <see cref="Token"/> is cancelled when it was stopped for any reason.</summary>
    internal sealed class Watcher : IDisposable
    {
        private readonly CancellationTokenSource _source;
        private readonly Timer _timer;
        private readonly CancellationTokenRegistration _cancelled;

        public Watcher(GitRun run, TimeSpan limit, Func<bool>? stop, CancellationToken cancellationToken)
        {
            Caller = cancellationToken;
            _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var started = TimeProvider.System.GetTimestamp();
            _cancelled = cancellationToken.Register(run.Kill);
            _timer = new Timer(_ =>
            {
                if (Reason is not null)
                {
                    return;
                }

                if (TimeProvider.System.GetElapsedTime(started) > limit)
                {
                    Stop(run, $"git was stopped after {limit.TotalMinutes:0.#} minutes, the limit.");
                }
                else if (stop?.Invoke() == true)
                {
                    Stop(run, "The repository is larger than the setting Sources:GitMaxMegabytes allows.");
                }
            }, null, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(500));
        }

        /// <summary>The token of whoever started the run; when it is cancelled the process is killed.</summary>
        public CancellationToken Caller { get; }

        public string? Reason { get; private set; }

        public CancellationToken Token => _source.Token;

        /// <summary>Also ends the waiting: a process that left the tree may keep the pipes open.</summary>
        private void Stop(GitRun run, string reason)
        {
            Reason = reason;
            run.Kill();
            try
            {
                _source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended meanwhile.
            }
        }

        public void Dispose()
        {
            _timer.Dispose();
            _cancelled.Dispose();
            _source.Dispose();
        }
    }
}
