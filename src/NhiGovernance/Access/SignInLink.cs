using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <summary>
/// A one-time link: the first Admin's, an invitation, or a way back in. Used once, within 15 minutes (an invitation: 7 days).
/// Only the SHA-256 of its secret is kept.
/// </summary>
public sealed class SignInLink : IEntity
{
    public required Guid Id { get; init; }

    public required byte[] SecretHash { get; init; }

    /// <summary>The account it opens; null makes a new one with <see cref="Roles"/>.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>The person that a new account will belong to; null makes a new person.</summary>
    public Guid? PersonId { get; init; }

    public Role Roles { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<SignInLink>
    {
        public void Configure(EntityTypeBuilder<SignInLink> builder)
        {
            builder.ToTable("SignInLinks");
            builder.Property(l => l.Id).ValueGeneratedNever();
            builder.Property(l => l.SecretHash).HasMaxLength(32);
            builder.Property(l => l.Roles).HasConversion<int>();
            builder.HasIndex(l => l.SecretHash).IsUnique();
        }
    }
}
