using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Jobs;

public enum JobOutcome
{
    Running,
    Done,
    Failed,
    Cancelled,

    /// <summary>Its worker died or lost the lease.</summary>
    Abandoned,
}

public enum JobTrigger
{
    Schedule,
    Person,
}

/// <summary>What is known of a job between its runs, and who runs it now.</summary>
public sealed class ScheduledJob
{
    public required string Key { get; init; }

    public bool IsEnabled { get; set; } = true;

    public required int IntervalMinutes { get; set; }

    public DateTimeOffset? NextRunAt { get; set; }

    /// <summary>Set by a person; a worker takes it up at once.</summary>
    public DateTimeOffset? RequestedAt { get; set; }

    public bool CancelRequested { get; set; }

    public string? Progress { get; set; }

    public Guid? LastRunId { get; set; }

    public long Fence { get; set; }

    public string? LeaseHolder { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<ScheduledJob>
    {
        public void Configure(EntityTypeBuilder<ScheduledJob> builder)
        {
            builder.ToTable("ScheduledJobs");
            builder.HasKey(j => j.Key);
            builder.Property(j => j.Key).HasMaxLength(60);
            builder.Property(j => j.Progress).HasMaxLength(300);
            builder.Property(j => j.LeaseHolder).HasMaxLength(100);
        }
    }
}

/// <summary>One run of a job.</summary>
public sealed class JobRun : IEntity
{
    public required Guid Id { get; init; }

    public required string JobKey { get; init; }

    public required JobTrigger Trigger { get; init; }

    public required JobOutcome Outcome { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>What was done, or why not: one sentence.</summary>
    public string? Message { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<JobRun>
    {
        public void Configure(EntityTypeBuilder<JobRun> builder)
        {
            builder.ToTable("JobRuns");
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.Property(r => r.JobKey).HasMaxLength(60);
            builder.Property(r => r.Message).HasMaxLength(1000);
            builder.HasIndex(r => new { r.JobKey, r.StartedAt });
            builder.HasIndex(r => r.StartedAt);
        }
    }
}
