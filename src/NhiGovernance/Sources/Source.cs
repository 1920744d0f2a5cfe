using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Sources;

/// <summary>One configured connector: "GitHub, org acme". Also holds the lease of whoever polls it now.</summary>
public sealed class Source : IEntity, IVersioned
{
    public required Guid Id { get; init; }

    /// <summary>The connector's key.</summary>
    public required string ConnectorKey { get; init; }

    public required string Name { get; set; }

    /// <summary>JSON object of strings: the settings without secrets.</summary>
    public required string Settings { get; set; }

    /// <summary>The host that the credentials are bound to, lower-case; empty when the connector has none.</summary>
    public required string Host { get; set; }

    public bool IsEnabled { get; set; } = true;

    public int IntervalMinutes { get; set; } = 60;

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>End of the last run that read every scope to its end.</summary>
    public DateTimeOffset? LastCompleteAt { get; set; }

    /// <summary>
    /// End of the last run in which nothing failed. A denied scope is a gap in coverage, not age, so it does not hold this back.
    /// </summary>
    public DateTimeOffset? LastReadAt { get; set; }

    public DateTimeOffset? LastRunAt { get; set; }

    public Guid? LastRunId { get; set; }

    public PollState? LastState { get; set; }

    /// <summary>When the schedule next asks for a run; null when it does not.</summary>
    public DateTimeOffset? NextRunAt { get; set; }

    /// <summary>The number of the newest run.</summary>
    public long LastRunNumber { get; set; }

    /// <summary>Counts up with every lease; a batch that carries an older one is refused.</summary>
    public long Fence { get; set; }

    /// <summary>Which worker holds the lease.</summary>
    public string? LeaseHolder { get; set; }

    /// <summary>By the database's clock.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    public long Version { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Source>
    {
        public void Configure(EntityTypeBuilder<Source> builder)
        {
            builder.ToTable("Sources");
            builder.Property(s => s.Id).ValueGeneratedNever();
            builder.Property(s => s.ConnectorKey).HasMaxLength(40);
            builder.Property(s => s.Name).HasMaxLength(120);
            builder.Property(s => s.Settings).IsJson();
            builder.Property(s => s.Host).HasMaxLength(255);
            builder.Property(s => s.LeaseHolder).HasMaxLength(100);
            builder.HasIndex(s => s.Name).IsUnique().HasFilter("removed_at IS NULL");
        }
    }
}

/// <summary>A credential of a source, sealed with AES-256-GCM bound to source, key and host. Write-only.</summary>
public sealed class SourceSecret : IEntity
{
    public required Guid Id { get; init; }

    public required Guid SourceId { get; init; }

    /// <summary>The setting's key: "token", "privateKey", "webhookSecret".</summary>
    public required string Key { get; init; }

    public required string Host { get; init; }

    public required byte[] Sealed { get; set; }

    /// <summary>Keyed HMAC of the value, to join copies; never the value.</summary>
    public required byte[] Fingerprint { get; set; }

    public required DateTimeOffset SetAt { get; set; }

    /// <summary>What its vendor said when it was last used; null: not said.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<SourceSecret>
    {
        public void Configure(EntityTypeBuilder<SourceSecret> builder)
        {
            builder.ToTable("SourceSecrets");
            builder.Property(s => s.Id).ValueGeneratedNever();
            builder.Property(s => s.Key).HasMaxLength(60);
            builder.Property(s => s.Host).HasMaxLength(255);
            builder.Property(s => s.Fingerprint).HasMaxLength(32);
            builder.HasIndex(s => new { s.SourceId, s.Key }).IsUnique();
            builder.HasOne<Source>().WithMany().HasForeignKey(s => s.SourceId);
        }
    }
}

/// <summary>What a connector keeps between runs: entity tags, positions. Never secrets.</summary>
public sealed class SourceMemory
{
    /// <summary>
    /// Not a connector's: which values are older than what the inventory holds. <see cref="Everything"/> from the moment a whole run
    /// takes the source until it ends well; else keys, one a line: those that a run of some lists asked for too. No row: none.
    /// </summary>
    internal const string DistrustKey = "~distrust";

    internal const string Everything = "*";

    public required Guid SourceId { get; init; }

    public required string Key { get; init; }

    public required string Value { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<SourceMemory>
    {
        public void Configure(EntityTypeBuilder<SourceMemory> builder)
        {
            builder.ToTable("SourceMemories");
            builder.HasKey(m => new { m.SourceId, m.Key });
            builder.Property(m => m.Key).HasMaxLength(200);
            builder.HasOne<Source>().WithMany().HasForeignKey(m => m.SourceId);
        }
    }
}

/// <summary>A webhook delivery that was taken, so that the same delivery has one effect.</summary>
public sealed class WebhookDelivery
{
    public required Guid SourceId { get; init; }

    public required string DeliveryId { get; init; }

    public required string Event { get; init; }

    /// <summary>SHA-256 of the signature that was right. The signature covers the body and not the id, so this is what shows a replay.</summary>
    public required byte[] BodyDigest { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<WebhookDelivery>
    {
        public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
        {
            builder.ToTable("WebhookDeliveries");
            builder.HasKey(d => new { d.SourceId, d.DeliveryId });
            builder.Property(d => d.DeliveryId).HasMaxLength(100);
            builder.Property(d => d.Event).HasMaxLength(60);
            builder.Property(d => d.BodyDigest).HasMaxLength(32);
            builder.HasIndex(d => d.ReceivedAt);
            builder.HasIndex(d => new { d.SourceId, d.BodyDigest });
            builder.HasOne<Source>().WithMany().HasForeignKey(d => d.SourceId);
        }
    }
}
