using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <summary>A way to sign in. The person behind it is a row of the catalogue; teams belong to the person, roles to the account.</summary>
public sealed class Account : IdentityUser<Guid>, IEntity, IVersioned
{
    public required Guid PersonId { get; set; }

    public Person? Person { get; init; }

    public Role Roles { get; set; }

    public bool IsDisabled { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastSignInAt { get; set; }

    public long Version { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Account>
    {
        public void Configure(EntityTypeBuilder<Account> builder)
        {
            builder.ToTable("Accounts");
            builder.Property(a => a.Id).ValueGeneratedNever();
            builder.Property(a => a.Roles).HasConversion<int>();
            builder.Property(a => a.UserName).HasMaxLength(256);
            builder.Property(a => a.NormalizedUserName).HasMaxLength(256);
            builder.Property(a => a.Email).HasMaxLength(256);
            builder.Property(a => a.NormalizedEmail).HasMaxLength(256);
            builder.Property(a => a.ConcurrencyStamp).HasMaxLength(100);
            builder.Property(a => a.SecurityStamp).HasMaxLength(100);
            builder.Property(a => a.PasswordHash).HasMaxLength(500);
            builder.Property(a => a.PhoneNumber).HasMaxLength(40);
            builder.HasIndex(a => a.NormalizedUserName).IsUnique();
            builder.HasIndex(a => a.NormalizedEmail);
            builder.HasIndex(a => a.PersonId).IsUnique();
            builder.HasOne(a => a.Person).WithMany().HasForeignKey(a => a.PersonId);
        }
    }

    internal sealed class Claims : IEntityTypeConfiguration<IdentityUserClaim<Guid>>
    {
        public void Configure(EntityTypeBuilder<IdentityUserClaim<Guid>> builder)
        {
            builder.ToTable("AccountClaims");
            builder.HasOne<Account>().WithMany().HasForeignKey(c => c.UserId);
        }
    }

    internal sealed class Logins : IEntityTypeConfiguration<IdentityUserLogin<Guid>>
    {
        public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> builder)
        {
            builder.ToTable("AccountLogins");
            builder.HasKey(l => new { l.LoginProvider, l.ProviderKey });
            builder.Property(l => l.LoginProvider).HasMaxLength(200);
            builder.Property(l => l.ProviderKey).HasMaxLength(200);
            builder.HasOne<Account>().WithMany().HasForeignKey(l => l.UserId);
        }
    }

    internal sealed class Tokens : IEntityTypeConfiguration<IdentityUserToken<Guid>>
    {
        public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> builder)
        {
            builder.ToTable("AccountTokens");
            builder.HasKey(t => new { t.UserId, t.LoginProvider, t.Name });
            builder.Property(t => t.LoginProvider).HasMaxLength(100);
            builder.Property(t => t.Name).HasMaxLength(100);
            builder.HasOne<Account>().WithMany().HasForeignKey(t => t.UserId);
        }
    }
}
