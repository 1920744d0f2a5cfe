using System.Threading.Channels;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Jobs;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Own;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Web.Shell.Live;

namespace NhiGovernance.Web.Jobs;

/// <summary>
/// What a process with the role worker does beside the ticks: takes queued runs and requested jobs as soon as it hears of them,
/// looks every few seconds in case it did not, and keeps the triggers in step.
/// </summary>
internal sealed class WorkerLoop(
    IServiceProvider services, ChangeFeed feed, PollWorker polls, JobRunner jobs, TriggerKeeper triggers, TimeProvider clock,
    ILogger<WorkerLoop> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Sync = TimeSpan.FromMinutes(1);

    private readonly Channel<string> _heard = Channel.CreateBounded<string>(
        new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    private CancellationToken _stop;
    private Task _asked = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stop = stoppingToken;
        using var listening = feed.Listen(Hear);
        using var timer = new PeriodicTimer(Look, clock);
        var looking = LookAsync(timer, stoppingToken);
        var synced = clock.GetTimestamp();
        await TryAsync("start", BeginAsync);
        await TryAsync("look", WorkAsync);
        try
        {
            await foreach (var topic in _heard.Reader.ReadAllAsync(stoppingToken))
            {
                if (topic is SourceTopics.Source or JobTopics.Job || clock.GetElapsedTime(synced) >= Sync)
                {
                    await TryAsync("schedule", triggers.SyncAsync);
                    synced = clock.GetTimestamp();
                }

                await TryAsync("look", WorkAsync);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: what runs ends as far as it came, and is queued again.
        }

        await looking;
        await _asked;
        await polls.DrainAsync();
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        await jobs.EnsureRowsAsync(cancellationToken);
        await using (var scope = services.CreateSystemScope("start"))
        {
            // Refused when it is there already.
            await scope.ServiceProvider.GetRequiredService<EnsureOwnSource>().RunAsync(new EnsureOwnSourceRequest(), cancellationToken);
        }

        await triggers.SyncAsync(cancellationToken);
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await polls.StartDueAsync(_stop);

        // On its own: a job may take an hour, and polls that people ask for must not wait for it. The next look finds what was asked for meanwhile.
        if (_asked.IsCompleted)
        {
            _asked = Task.Run(() => TryAsync("job", jobs.RunRequestedAsync), CancellationToken.None);
        }
    }

    private async Task LookAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                _heard.Writer.TryWrite(string.Empty);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void Hear(ChangeSignal signal)
    {
        if (signal.Topic is SourceTopics.Source or SourceTopics.Run or JobTopics.Job)
        {
            _heard.Writer.TryWrite(signal.Topic);
        }
    }

    private async Task TryAsync(string what, Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stop);
        }
        catch (Exception error) when (error is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            // The database is away, most likely; the next look tries again.
            log.LogWarning("The worker's {What} failed: {Fault} at {Where}", what, error.GetType().Name, error.StackTrace);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
