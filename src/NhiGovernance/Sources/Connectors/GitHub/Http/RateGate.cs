using System.Globalization;

namespace NhiGovernance.Sources.Connectors.GitHub.Http;

/// <summary>
/// Lets at most n requests out at once, and none while GitHub has asked for silence. All workers of a run share it, so that
/// one worker's Retry-After holds for the others too.
/// </summary>
/// <param name="say">Told when silence begins that a person who watches would notice.</param>
internal sealed class RateGate(GitHubLimits limits, TimeProvider clock, Action<string>? say = null) : IDisposable
{
    public const string Everything = "";

    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _slots = new(limits.Concurrency);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _silentUntil = [];
    private TimeSpan _waited;

    /// <summary>How long this run has stood still for limits.</summary>
    public TimeSpan Waited
    {
        get
        {
            lock (_lock)
            {
                return _waited;
            }
        }
    }

    /// <exception cref="GitHubRefusal">The silence is longer than this run may wait.</exception>
    public async Task EnterAsync(string bucket, CancellationToken cancellationToken)
    {
        while (true)
        {
            for (var left = Left(bucket); left > TimeSpan.Zero; left = Left(bucket))
            {
                await Task.Delay(left, clock, cancellationToken);
            }

            await _slots.WaitAsync(cancellationToken);
            try
            {
                if (Left(bucket) <= TimeSpan.Zero)
                {
                    return;
                }
            }
            catch
            {
                _slots.Release();
                throw;
            }

            _slots.Release();
        }
    }

    public void Leave() => _slots.Release();

    /// <summary>Nothing more goes out in this bucket before then; a Retry-After and a secondary limit hold for everything.</summary>
    public void SilenceFor(string bucket, TimeSpan wait)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var until = now + wait;
            var known = _silentUntil.TryGetValue(bucket, out var before) && before > now ? before : now;
            if (until > known)
            {
                _silentUntil[bucket] = until;
                _waited += until - known;
                if (wait >= Noticed)
                {
                    say?.Invoke($"waiting for GitHub's limit until {until.UtcDateTime.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}");
                }
            }
        }
    }

    public void Dispose() => _slots.Dispose();

    private TimeSpan Left(string bucket)
    {
        lock (_lock)
        {
            var until = _silentUntil.GetValueOrDefault(Everything);
            until = _silentUntil.TryGetValue(bucket, out var own) && own > until ? own : until;
            if (until == default)
            {
                return TimeSpan.Zero;
            }

            var left = until - clock.GetUtcNow();
            return left <= TimeSpan.Zero || _waited <= limits.WaitBudget
                ? left
                : throw GitHubRefusal.Broken(
                    $"GitHub's rate limit holds until {until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}, longer than a run waits; the next run goes on.",
                    System.Net.HttpStatusCode.TooManyRequests);
        }
    }
}
