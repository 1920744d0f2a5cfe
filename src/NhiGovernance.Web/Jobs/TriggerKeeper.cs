using NhiGovernance.Jobs;
using Quartz;

namespace NhiGovernance.Web.Jobs;

/// <summary>Keeps one trigger for each source and job that is switched on, in step with their rows.</summary>
internal sealed class TriggerKeeper(ISchedulerFactory schedulers, SourceTick ticks, TimeProvider clock)
{
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        if (!await scheduler.Exists(Tick.Job, cancellationToken))
        {
            await scheduler.AddJob(
                JobBuilder.Create<Tick>().WithIdentity(Tick.Job).StoreDurably().Build(), AddJobOptions.Replacing, cancellationToken);
        }

        foreach (var source in await ticks.ListAsync(cancellationToken))
        {
            var next = await KeepAsync(scheduler, $"poll:{source.Id}", source.IsEnabled, source.IntervalMinutes, cancellationToken);
            if (next != source.NextRunAt)
            {
                await ticks.SayNextAsync(source.Id, next, cancellationToken);
            }
        }

        foreach (var job in await ticks.ListJobsAsync(cancellationToken))
        {
            var next = await KeepAsync(scheduler, job.Key, job.IsEnabled, job.IntervalMinutes, cancellationToken);
            if (next != job.NextRunAt)
            {
                await ticks.SayNextAsync(job.Key, next, cancellationToken);
            }
        }
    }

    /// <returns>When it fires next; null when it is off.</returns>
    private async Task<DateTimeOffset?> KeepAsync(IScheduler scheduler, string key, bool on, int minutes, CancellationToken cancellationToken)
    {
        var trigger = new TriggerKey(key, Tick.Group);
        var there = await scheduler.GetTrigger(trigger, cancellationToken);
        if (!on)
        {
            if (there is not null)
            {
                await scheduler.UnscheduleJob(trigger, cancellationToken);
            }

            return null;
        }

        var interval = TimeSpan.FromMinutes(minutes);
        if (there is ISimpleTrigger simple && simple.RepeatInterval == interval)
        {
            return there.NextFireTimeUtc;
        }

        var fresh = TriggerBuilder.Create(clock)
            .WithIdentity(trigger)
            .ForJob(Tick.Job)
            .UsingJobData(Tick.KeyName, key)
            .StartAt(Jitter.Next(key, interval, clock.GetUtcNow()))
            // However long everything was down: one run to catch up, then the usual pace.
            .WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever()
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount))
            .Build();
        await scheduler.ScheduleTrigger(fresh, TriggerConflict.Replace, cancellationToken);
        return fresh.StartTimeUtc;
    }
}
