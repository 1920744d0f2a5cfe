using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources;

public enum PollState
{
    Queued,
    Running,

    /// <summary>Every scope was read to its end.</summary>
    Complete,

    /// <summary>Some scopes were denied, failed or were cut off; the others count.</summary>
    Partial,

    /// <summary>Nothing could be read.</summary>
    Failed,
    Cancelled,

    /// <summary>Its worker died or lost the lease; another run took over.</summary>
    Abandoned,

    /// <summary>Read to its end, but so much is gone that a person must release the disappearances.</summary>
    Held,
}

public enum PollTrigger
{
    Schedule,
    Person,
    Webhook,
    Start,

    /// <summary>The run before it lost its worker.</summary>
    Takeover,
}

/// <summary>One reading of a source.</summary>
public sealed class PollRun : IEntity
{
    public required Guid Id { get; init; }

    /// <summary>Counts from 1 for each source; "seen in run 4,788".</summary>
    public required long Number { get; init; }

    public required Guid SourceId { get; init; }

    /// <summary>The lease's number; 0 while it is queued.</summary>
    public required long Fence { get; set; }

    public required PollTrigger Trigger { get; init; }

    public required PollState State { get; set; }

    public DateTimeOffset QueuedAt { get; set; }

    /// <summary>A queued run starts no earlier: what is asked for meanwhile joins it.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>While it is queued: when it was queued.</summary>
    public required DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>JSON array of the only lists that it is to read (<see cref="ReadTarget"/>); null: everything.</summary>
    public string? Targets { get; set; }

    /// <summary>How often everything was tried in vain because a delivery of a webhook asked for it; null: none did.</summary>
    public int? WebhookTries { get; set; }

    /// <summary>What is being read now, for live progress.</summary>
    public string? Progress { get; set; }

    public int ScopesStarted { get; set; }

    public int ScopesComplete { get; set; }

    public int ScopesDenied { get; set; }

    public int ScopesFailed { get; set; }

    public long Seen { get; set; }

    public long Added { get; set; }

    public long Changed { get; set; }

    public long WentMissing { get; set; }

    /// <summary>For <see cref="PollState.Held"/>: how many would have gone missing.</summary>
    public long HeldBack { get; set; }

    /// <summary>Set by a person; the worker stops at the next batch.</summary>
    public bool CancelRequested { get; set; }

    /// <summary>Why it failed, one plain sentence.</summary>
    public string? Error { get; set; }

    /// <summary>Notes of the connector, one a line.</summary>
    public string? Notes { get; set; }

    /// <summary>JSON array of the scopes that were not read to their end (at most 200), as they were in this run.</summary>
    public string? Problems { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<PollRun>
    {
        public void Configure(EntityTypeBuilder<PollRun> builder)
        {
            builder.ToTable("PollRuns");
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.Property(r => r.Progress).HasMaxLength(300);
            builder.Property(r => r.Error).HasMaxLength(1000);
            builder.Property(r => r.Notes).HasMaxLength(4000);
            builder.Property(r => r.Problems).IsJsonOrNull();
            builder.Property(r => r.Targets).IsJsonOrNull();
            builder.HasIndex(r => new { r.SourceId, r.Number }).IsUnique();
            builder.HasIndex(r => r.StartedAt);
            
            // Named: two indexes on the same column are one to the model otherwise, the later over the earlier.
            builder.HasIndex(r => r.SourceId, "ix_poll_runs_held").HasFilter("state = 'Held'");
            builder.HasIndex(r => r.SourceId, "ix_poll_runs_queued").IsUnique().HasFilter("state = 'Queued'");
            builder.HasIndex(r => r.SourceId, "ix_poll_runs_running").IsUnique().HasFilter("state = 'Running'");
            builder.HasOne<Source>().WithMany().HasForeignKey(r => r.SourceId);
        }
    }
}

/// <summary>A scope of a source, with how it was last read.</summary>
public sealed class SourceScope : IEntity
{
    public required Guid Id { get; init; }

    public required Guid SourceId { get; init; }

    public required string Kind { get; init; }

    /// <summary>The place's immutable id, or else its name: by kind and key a scope is the same from run to run.</summary>
    public required string Key { get; init; }

    /// <summary>As it was called when it was last read.</summary>
    public required string Place { get; set; }

    public Guid? ParentId { get; set; }

    public Guid? LastRunId { get; set; }

    public ScopeOutcome? LastOutcome { get; set; }

    public DateTimeOffset? LastReadAt { get; set; }

    /// <summary>When it was last read to its end: the "last seen" of everything in it that is present.</summary>
    public DateTimeOffset? LastCompleteAt { get; set; }

    /// <summary>What to grant, when denied; what may be missing, when it is not known whether there is such a list.</summary>
    public string? Permission { get; set; }

    public string? Error { get; set; }

    public long Items { get; set; }

    /// <summary>Since when its parent's complete list is without it; null once it was read to its end again.</summary>
    public DateTimeOffset? GoneSince { get; set; }

    /// <summary>
    /// Since when the source does not ask for it any more, because its settings leave it out, or they, or this version's connector,
    /// no longer name it. Nobody can say then whether what it listed is still there. Null once it was read to its end again.
    /// </summary>
    public DateTimeOffset? UncoveredSince { get; set; }

    /// <summary>Not there by its parent's word; an attempt to read it since then, however it ended, says that it is.</summary>
    public bool IsGone => GoneSince is { } since && !(LastReadAt > since);

    /// <summary>Not asked for since then.</summary>
    public bool IsUncovered => UncoveredSince is { } since && !(LastReadAt > since);

    /// <summary>The same as a question to the database: those that are there, and asked for.</summary>
    public static readonly System.Linq.Expressions.Expression<Func<SourceScope, bool>> IsAskedFor = s =>
        (s.GoneSince == null || s.LastReadAt > s.GoneSince) && (s.UncoveredSince == null || s.LastReadAt > s.UncoveredSince);

    /// <summary>A list of a time that passes (one day of a log): that it is not read again says nothing.</summary>
    public bool Passing { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<SourceScope>
    {
        public void Configure(EntityTypeBuilder<SourceScope> builder)
        {
            builder.ToTable("SourceScopes");
            builder.Ignore(s => s.IsGone);
            builder.Ignore(s => s.IsUncovered);
            builder.Property(s => s.Id).ValueGeneratedNever();
            builder.Property(s => s.Kind).HasMaxLength(60);
            builder.Property(s => s.Key).HasMaxLength(400);
            builder.Property(s => s.Place).HasMaxLength(400);
            builder.Property(s => s.Permission).HasMaxLength(300);
            builder.Property(s => s.Error).HasMaxLength(1000);
            builder.HasIndex(s => new { s.SourceId, s.Kind, s.Key }).IsUnique();
            builder.HasOne<Source>().WithMany().HasForeignKey(s => s.SourceId);
        }
    }
}
