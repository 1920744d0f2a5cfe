using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>
/// "This run saw this row, and left it as it is", kept only while the run lasts; rows that the run wrote carry its id. Answers
/// "who was not there". Not crash-safe on PostgreSQL (unlogged): a run whose sightings are fewer than it counted concludes nothing.
/// </summary>
public sealed class RunSighting
{
    public required Guid RunId { get; init; }

    public required Guid SubjectId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<RunSighting>
    {
        public void Configure(EntityTypeBuilder<RunSighting> builder)
        {
            builder.ToTable("RunSightings");
            builder.HasKey(s => new { s.RunId, s.SubjectId });
        }
    }
}

/// <summary>A disappearance that the brake holds back until a person releases it.</summary>
public sealed class HeldDisappearance
{
    public required Guid RunId { get; init; }

    public required Guid SubjectId { get; init; }

    public required Guid SourceId { get; init; }

    /// <summary>identity, credential, resource or person.</summary>
    public required string SubjectKind { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<HeldDisappearance>
    {
        public void Configure(EntityTypeBuilder<HeldDisappearance> builder)
        {
            builder.ToTable("HeldDisappearances");
            builder.HasKey(h => new { h.RunId, h.SubjectId });
            builder.Property(h => h.SubjectKind).HasMaxLength(20);
            builder.HasIndex(h => h.SourceId);
        }
    }
}
