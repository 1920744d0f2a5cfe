using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NhiGovernance.Access;

/// <summary>
/// A session that was signed out before its end: its cookie may have been copied, and other pages of it may be open. Kept for as
/// long as the cookie could be used.
/// </summary>
public sealed class EndedSession
{
    /// <summary>The session's id, as its cookie carries it.</summary>
    public required Guid Id { get; init; }

    public required Guid AccountId { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<EndedSession>
    {
        public void Configure(EntityTypeBuilder<EndedSession> builder)
        {
            builder.ToTable("EndedSessions");
            builder.Property(s => s.Id).ValueGeneratedNever();
            builder.HasIndex(s => s.EndedAt);
        }
    }
}
