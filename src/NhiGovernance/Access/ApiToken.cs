using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <summary>
/// A bearer token of the API: <c>nhi_&lt;kind&gt;_&lt;public id&gt;_&lt;secret&gt;&lt;checksum&gt;</c>. Only the SHA-256 of the secret is
/// kept. It always expires; a revocation counts with the next request.
/// </summary>
public sealed class ApiToken : IEntity, IVersioned
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The part that is shown and looked up.</summary>
    public required string PublicId { get; init; }

    public required byte[] SecretHash { get; init; }

    /// <summary>Space-separated, sorted: "evidence:write identities:read".</summary>
    public required string Scopes { get; init; }

    /// <summary>The token sees this team's things only; null: all.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>The account that made it; null for the command line.</summary>
    public Guid? CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public long Version { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<ApiToken>
    {
        public void Configure(EntityTypeBuilder<ApiToken> builder)
        {
            builder.ToTable("ApiTokens");
            builder.Property(t => t.Id).ValueGeneratedNever();
            builder.Property(t => t.Name).HasMaxLength(100);
            builder.Property(t => t.PublicId).HasMaxLength(20);
            builder.Property(t => t.SecretHash).HasMaxLength(32);
            builder.Property(t => t.Scopes).HasMaxLength(1000);
            builder.HasIndex(t => t.PublicId).IsUnique();
        }
    }
}
