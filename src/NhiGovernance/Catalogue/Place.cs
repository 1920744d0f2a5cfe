using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue;

/// <summary>
/// A repository, organisation, account or namespace that identities live in, as sources name it; one row per (kind, path).
/// Mapping is kept here, so that a changed rule rewrites some places and not a million identities.
/// </summary>
public sealed class Place : IEntity
{
    public required Guid Id { get; init; }

    public required string Kind { get; init; }

    public required string Path { get; init; }

    /// <summary>By the mapping rules; the first matching service in key order.</summary>
    public Guid? ServiceId { get; set; }

    /// <summary>The service's team.</summary>
    public Guid? TeamId { get; set; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<Place>
    {
        public void Configure(EntityTypeBuilder<Place> builder)
        {
            builder.ToTable("Places");
            builder.Property(p => p.Id).ValueGeneratedNever();
            builder.Property(p => p.Kind).HasMaxLength(40);
            builder.Property(p => p.Path).HasMaxLength(400);
            builder.HasIndex(p => new { p.Kind, p.Path }).IsUnique();
            builder.HasIndex(p => p.ServiceId);
            builder.HasIndex(p => p.TeamId);
        }
    }
}

/// <summary>A place belongs to any number of environments, by mapping rules.</summary>
public sealed class PlaceEnvironment
{
    public required Guid PlaceId { get; init; }

    public required Guid EnvironmentId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<PlaceEnvironment>
    {
        public void Configure(EntityTypeBuilder<PlaceEnvironment> builder)
        {
            builder.ToTable("PlaceEnvironments");
            builder.HasKey(p => new { p.PlaceId, p.EnvironmentId });
            builder.HasOne<Place>().WithMany().HasForeignKey(p => p.PlaceId);
            builder.HasOne<ReleaseEnvironment>().WithMany().HasForeignKey(p => p.EnvironmentId);
            builder.HasIndex(p => p.EnvironmentId);
        }
    }
}
