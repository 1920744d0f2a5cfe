using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Access.Views;

/// <summary>A list's state under a name: its page and what stands in the address. The owner's alone, or a team's too.</summary>
public sealed class SavedView : IEntity, IVersioned
{
    public required Guid Id { get; init; }

    /// <summary>The account of who made it.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>"/identities".</summary>
    public required string Page { get; init; }

    public required string Name { get; set; }

    /// <summary>Normal form of the address's query, without "?": see <see cref="ViewQuery"/>.</summary>
    public required string Query { get; set; }

    /// <summary>Its members see it too. No foreign key: a team that goes leaves the view to its owner.</summary>
    public Guid? TeamId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public long Version { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<SavedView>
    {
        public void Configure(EntityTypeBuilder<SavedView> builder)
        {
            builder.ToTable("SavedViews");
            builder.Property(v => v.Id).ValueGeneratedNever();
            builder.Property(v => v.Page).HasMaxLength(ViewQuery.LongestPage);
            builder.Property(v => v.Name).HasMaxLength(ViewQuery.LongestName);
            builder.Property(v => v.Query).HasMaxLength(ViewQuery.Longest);
            builder.HasIndex(v => new { v.AccountId, v.Page, v.Name }).IsUnique();
            builder.HasIndex(v => new { v.TeamId, v.Page });
        }
    }
}

/// <summary>Which view the navigation opens for one person on one page.</summary>
public sealed class DefaultView
{
    public required Guid AccountId { get; init; }

    public required string Page { get; init; }

    public required Guid ViewId { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<DefaultView>
    {
        public void Configure(EntityTypeBuilder<DefaultView> builder)
        {
            builder.ToTable("DefaultViews");
            builder.HasKey(d => new { d.AccountId, d.Page });
            builder.Property(d => d.Page).HasMaxLength(ViewQuery.LongestPage);
            builder.HasOne<SavedView>().WithMany().HasForeignKey(d => d.ViewId);
            builder.HasIndex(d => d.ViewId);
        }
    }
}
