using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Audit;

/// <summary>
/// One entry of the append-only log. <see cref="Sequence"/> is gap-free from 1. <see cref="Hash"/> is SHA-256 over the
/// canonical bytes, which begin with a version byte and the previous entry's hash. No personal names: actors are ids.
/// </summary>
public sealed class AuditEntry
{
    public required long Sequence { get; init; }

    /// <summary>The database's clock, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    public required ActorKind ActorKind { get; init; }

    /// <summary>Account or token id; for the system the part's name ("poll").</summary>
    public required string ActorId { get; init; }

    public required string Action { get; init; }

    public required string TargetKind { get; init; }

    public required string TargetId { get; init; }

    /// <summary>SHA-256 of the state before, lower-case hex; null when there was none.</summary>
    public string? BeforeDigest { get; init; }

    public string? AfterDigest { get; init; }

    public string? Note { get; init; }

    public required string RequestId { get; init; }

    public required byte FormatVersion { get; init; }

    public required byte[] PreviousHash { get; init; }

    public required byte[] Hash { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder)
        {
            builder.ToTable("AuditEntries");
            builder.HasKey(e => e.Sequence);
            builder.Property(e => e.Sequence).ValueGeneratedNever();
            builder.Property(e => e.ActorId).HasMaxLength(100);
            builder.Property(e => e.Action).HasMaxLength(80);
            builder.Property(e => e.TargetKind).HasMaxLength(60);
            builder.Property(e => e.TargetId).HasMaxLength(200);
            builder.Property(e => e.BeforeDigest).HasMaxLength(64);
            builder.Property(e => e.AfterDigest).HasMaxLength(64);
            builder.Property(e => e.Note).HasMaxLength(500);
            builder.Property(e => e.RequestId).HasMaxLength(100);
            builder.Property(e => e.PreviousHash).HasMaxLength(32);
            builder.Property(e => e.Hash).HasMaxLength(32);
            builder.HasIndex(e => e.At);
            builder.HasIndex(e => new { e.Action, e.Sequence });
            builder.HasIndex(e => new { e.TargetKind, e.TargetId, e.Sequence });
            builder.HasIndex(e => new { e.ActorId, e.Sequence });
        }
    }
}
