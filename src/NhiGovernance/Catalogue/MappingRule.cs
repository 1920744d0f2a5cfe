using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue;

/// <summary>
/// "Places of this kind whose path matches this pattern belong to this service (or environment)". Patterns are globs over
/// the path: <c>*</c> within a segment, <c>**</c> across segments, <c>?</c> one character; case-insensitive.
/// </summary>
public sealed class MappingRule : IEntity
{
    public required Guid Id { get; init; }

    /// <summary>Exactly one of <see cref="ServiceId"/> and <see cref="EnvironmentId"/> is set.</summary>
    public Guid? ServiceId { get; init; }

    public Guid? EnvironmentId { get; init; }

    /// <summary>organization, repository, environment, account, namespace, image or system.</summary>
    public required string PlaceKind { get; init; }

    public required string Pattern { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<MappingRule>
    {
        public void Configure(EntityTypeBuilder<MappingRule> builder)
        {
            builder.ToTable("MappingRules");
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.Property(r => r.PlaceKind).HasMaxLength(40);
            builder.Property(r => r.Pattern).HasMaxLength(300);
            builder.HasOne<Service>().WithMany().HasForeignKey(r => r.ServiceId);
            builder.HasOne<ReleaseEnvironment>().WithMany().HasForeignKey(r => r.EnvironmentId);
            builder.HasIndex(r => r.ServiceId);
            builder.HasIndex(r => r.EnvironmentId);
        }
    }
}
