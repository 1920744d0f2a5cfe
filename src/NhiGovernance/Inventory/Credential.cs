using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>What an identity proves itself with; metadata only, never the value.</summary>
public sealed class Credential : IObserved
{
    public required Guid Id { get; init; }

    public required Guid SourceId { get; init; }

    public required Guid ScopeId { get; set; }

    public required Guid IdentityId { get; set; }

    public required string NaturalKey { get; init; }

    public required CredentialKind Kind { get; set; }

    public required string Name { get; set; }

    public Presence Presence { get; set; }

    public bool Disabled { get; set; }

    /// <summary>JSON array of key ids, sorted. A change of the set is a material change.</summary>
    public required string KeyIds { get; set; }

    /// <summary>When the key-id set last changed under our eyes, or first seen; null when the source exposes no key ids.</summary>
    public DateTimeOffset? MaterialChangedAt { get; set; }

    public DateTimeOffset? CreatedAt { get; set; }

    public required Knowledge LastUsedState { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public required Knowledge ExpiresState { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>JSON object of known values.</summary>
    public required string Facts { get; set; }

    public required byte[] ContentHash { get; set; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset ChangedAt { get; set; }

    public required Guid ChangedRunId { get; set; }

    public DateTimeOffset? MissingSince { get; set; }

    public int MissedRuns { get; set; }

    public DateTimeOffset? RetiredAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Credential>
    {
        public void Configure(EntityTypeBuilder<Credential> builder)
        {
            builder.ToTable("Credentials");
            builder.Property(c => c.Id).ValueGeneratedNever();
            builder.Property(c => c.NaturalKey).HasMaxLength(400);
            builder.Property(c => c.Name).HasMaxLength(300);
            builder.Property(c => c.KeyIds).IsJson();
            builder.Property(c => c.Facts).IsJson();
            builder.Property(c => c.ContentHash).HasMaxLength(32);
            builder.HasIndex(c => new { c.SourceId, c.NaturalKey }).IsUnique();
            builder.HasIndex(c => c.IdentityId);
            builder.HasIndex(c => c.ScopeId);
            builder.HasIndex(c => new { c.ExpiresAt, c.Id });
            builder.HasIndex(c => new { c.LastUsedAt, c.Id });
            builder.HasIndex(c => new { c.MaterialChangedAt, c.Id });
        }
    }
}
