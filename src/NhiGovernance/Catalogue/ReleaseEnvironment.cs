using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue;

public enum EnvironmentKind
{
    Production,
    Staging,
    Development,

    /// <summary>For exercises. Numbers about releases will leave it out; the inventory counts it.</summary>
    Drill,
}

/// <summary>How much depends on it; 1 is most.</summary>
public enum EnvironmentTier
{
    Tier1,
    Tier2,
    Tier3,
}

public enum DataClass
{
    Public,
    Internal,
    Confidential,
    Restricted,
}

/// <summary>Where artifacts run and identities act: an environment of the catalogue. (Named so that it is never mixed up with System.Environment.)</summary>
public sealed class ReleaseEnvironment : IEntity, IVersioned
{
    public required Guid Id { get; init; }

    public required string Key { get; init; }

    public required string Name { get; set; }

    public required EnvironmentKind Kind { get; set; }

    public required EnvironmentTier Tier { get; set; }

    public required DataClass DataClass { get; set; }

    public long Version { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<ReleaseEnvironment>
    {
        public void Configure(EntityTypeBuilder<ReleaseEnvironment> builder)
        {
            builder.ToTable("Environments");
            builder.Property(e => e.Id).ValueGeneratedNever();
            builder.Property(e => e.Key).HasMaxLength(60);
            builder.Property(e => e.Name).HasMaxLength(120);
            builder.HasIndex(e => e.Key).IsUnique();
            builder.HasIndex(e => e.Name).IsUnique();
        }
    }
}
