using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>A thing that rules look at and that is no principal: a repository, a branch's protection, an alert.</summary>
public sealed class Resource : IObserved
{
    public required Guid Id { get; init; }

    public required Guid SourceId { get; init; }

    public required Guid ScopeId { get; set; }

    public required Guid PlaceId { get; set; }

    public required string NaturalKey { get; init; }

    public required ResourceKind Kind { get; set; }

    public required string Name { get; set; }

    public string? Url { get; set; }

    public Presence Presence { get; set; }

    public required string Facts { get; set; }

    public required byte[] ContentHash { get; set; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset ChangedAt { get; set; }

    public required Guid ChangedRunId { get; set; }

    public DateTimeOffset? MissingSince { get; set; }

    public int MissedRuns { get; set; }

    public DateTimeOffset? RetiredAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Resource>
    {
        public void Configure(EntityTypeBuilder<Resource> builder)
        {
            builder.ToTable("Resources");
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.Property(r => r.NaturalKey).HasMaxLength(400);
            builder.Property(r => r.Name).HasMaxLength(300);
            builder.Property(r => r.Url).HasMaxLength(1000);
            builder.Property(r => r.Facts).IsJson();
            builder.Property(r => r.ContentHash).HasMaxLength(32);
            builder.HasIndex(r => new { r.SourceId, r.NaturalKey }).IsUnique();
            builder.HasIndex(r => new { r.PlaceId, r.Kind });
            builder.HasIndex(r => r.ScopeId);
        }
    }
}
