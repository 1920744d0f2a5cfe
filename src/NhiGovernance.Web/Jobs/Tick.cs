using NhiGovernance.Jobs;
using Quartz;

namespace NhiGovernance.Web.Jobs;

/// <summary>
/// What a trigger fires, and all that Quartz runs. A cluster may fire a tick twice; a source's tick only queues, and a job takes a
/// lease, so the second one does nothing.
/// </summary>
internal sealed class Tick(SourceTick sources, JobRunner jobs) : IJob
{
    public const string Group = "nhi";
    public const string KeyName = "key";
    public static readonly JobKey Job = new("tick", Group);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var key = (string)context.MergedJobDataMap[KeyName]!;
        if (!key.StartsWith("poll:", StringComparison.Ordinal))
        {
            await sources.SayNextAsync(key, context.NextFireTimeUtc, cancellationToken);
            await jobs.RunAsync(key, JobTrigger.Schedule, cancellationToken);
            return;
        }

        if (!await sources.TickAsync(Guid.Parse(key.AsSpan("poll:".Length)), context.NextFireTimeUtc, cancellationToken))
        {
            await context.Scheduler.UnscheduleJob(context.Trigger.Key, cancellationToken);
        }
    }
}
