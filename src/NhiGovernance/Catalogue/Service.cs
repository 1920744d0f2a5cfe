using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue;

/// <summary>Something a team builds and runs: it has repositories and images, found by mapping rules, and one team.</summary>
public sealed class Service : IEntity, IVersioned
{
    public required Guid Id { get; init; }

    public required string Key { get; init; }

    public required string Name { get; set; }

    public Guid? TeamId { get; set; }

    public Guid? ProductId { get; set; }

    public long Version { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Service>
    {
        public void Configure(EntityTypeBuilder<Service> builder)
        {
            builder.ToTable("Services");
            builder.Property(s => s.Id).ValueGeneratedNever();
            builder.Property(s => s.Key).HasMaxLength(60);
            builder.Property(s => s.Name).HasMaxLength(120);
            builder.HasIndex(s => s.Key).IsUnique();
            builder.HasIndex(s => s.Name).IsUnique();
            builder.HasOne<Team>().WithMany().HasForeignKey(s => s.TeamId);
            builder.HasOne<Product>().WithMany().HasForeignKey(s => s.ProductId);
        }
    }
}

/// <summary>What is sold or offered: a set of services.</summary>
public sealed class Product : IEntity, IVersioned
{
    public required Guid Id { get; init; }

    public required string Key { get; init; }

    public required string Name { get; set; }

    public long Version { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Product>
    {
        public void Configure(EntityTypeBuilder<Product> builder)
        {
            builder.ToTable("Products");
            builder.Property(p => p.Id).ValueGeneratedNever();
            builder.Property(p => p.Key).HasMaxLength(60);
            builder.Property(p => p.Name).HasMaxLength(120);
            builder.HasIndex(p => p.Key).IsUnique();
            builder.HasIndex(p => p.Name).IsUnique();
        }
    }
}
