using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NhiGovernance.Common.Idempotency;

/// <summary>
/// A request that carried an <c>Idempotency-Key</c>, and the answer that it got. Neither the key nor the request's body is kept,
/// only digests of them; answers hold no secrets.
/// </summary>
public sealed class IdempotentRequest
{
    /// <summary>SHA-256 of caller and key: two callers never meet, however they name their keys.</summary>
    public required byte[] KeyDigest { get; init; }

    /// <summary>Keyed HMAC of method, path, query and body; null until the first answer is there. A body may hold a credential.</summary>
    public byte[]? RequestDigest { get; set; }

    /// <summary>Counts up when a request that died is taken over; the older one can then no longer commit.</summary>
    public long Fence { get; set; }

    public required DateTimeOffset StartedAt { get; set; }

    /// <summary>Until then the request counts as running. By the database's clock.</summary>
    public required DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Set in the command's own transaction: from then on the request has had its effect.</summary>
    public DateTimeOffset? CommittedAt { get; set; }

    /// <summary>The status of the first answer; null while there is none.</summary>
    public int? Status { get; set; }

    public string? ContentType { get; set; }

    public string? Location { get; set; }

    public byte[]? Answer { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<IdempotentRequest>
    {
        public void Configure(EntityTypeBuilder<IdempotentRequest> builder)
        {
            builder.ToTable("IdempotentRequests");
            builder.HasKey(r => r.KeyDigest);
            builder.Property(r => r.KeyDigest).HasMaxLength(32);
            builder.Property(r => r.RequestDigest).HasMaxLength(32);
            builder.Property(r => r.ContentType).HasMaxLength(100);
            builder.Property(r => r.Location).HasMaxLength(500);
            builder.HasIndex(r => r.StartedAt);
        }
    }
}
