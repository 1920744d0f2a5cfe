using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue;

/// <summary>Who answers for things. Members see the team's identities; the lead inherits a leaver's.</summary>
public sealed class Team : IEntity, IVersioned
{
    public required Guid Id { get; init; }

    /// <summary>Stable, in links and files: "payments".</summary>
    public required string Key { get; init; }

    public required string Name { get; set; }

    /// <summary>Where to reach them: "#ledger-oncall" or an address.</summary>
    public string? Contact { get; set; }

    public List<TeamMember> Members { get; init; } = [];

    public long Version { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Team>
    {
        public void Configure(EntityTypeBuilder<Team> builder)
        {
            builder.ToTable("Teams");
            builder.Property(t => t.Id).ValueGeneratedNever();
            builder.Property(t => t.Key).HasMaxLength(60);
            builder.Property(t => t.Name).HasMaxLength(120);
            builder.Property(t => t.Contact).HasMaxLength(200);
            builder.HasIndex(t => t.Key).IsUnique();
            builder.HasIndex(t => t.Name).IsUnique();
        }
    }
}

public sealed class TeamMember
{
    public required Guid TeamId { get; init; }

    public required Guid PersonId { get; init; }

    public Person? Person { get; init; }

    public bool IsLead { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<TeamMember>
    {
        public void Configure(EntityTypeBuilder<TeamMember> builder)
        {
            builder.ToTable("TeamMembers");
            builder.HasKey(m => new { m.TeamId, m.PersonId });
            builder.HasOne<Team>().WithMany(t => t.Members).HasForeignKey(m => m.TeamId);
            builder.HasOne(m => m.Person).WithMany().HasForeignKey(m => m.PersonId);
            builder.HasIndex(m => m.PersonId);
        }
    }
}
