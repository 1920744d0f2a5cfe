using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Sealing;

/// <summary>A key of the product itself, such as the one of fingerprints, sealed.</summary>
public sealed class SealedKey : IEntity
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required byte[] Sealed { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<SealedKey>
    {
        public void Configure(EntityTypeBuilder<SealedKey> builder)
        {
            builder.ToTable("SealedKeys");
            builder.Property(k => k.Id).ValueGeneratedNever();
            builder.Property(k => k.Name).HasMaxLength(60);
            builder.HasIndex(k => k.Name).IsUnique();
        }
    }

    /// <summary>For key rotation.</summary>
    public sealed class Store : ISealedStore
    {
        public string Name => "the product's own keys";

        public async Task<IReadOnlyList<SealedRow>> ReadAsync(GovernanceDb db, Guid after, int limit, CancellationToken cancellationToken) =>
            await db.Set<SealedKey>().AsNoTracking().Where(k => k.Id > after).OrderBy(k => k.Id).Take(limit)
                .Select(k => new SealedRow(k.Id, k.Sealed)).ToListAsync(cancellationToken);

        public async Task<bool> ReplaceAsync(GovernanceDb db, SealedRow old, byte[] rewrapped, CancellationToken cancellationToken) =>
            await db.Set<SealedKey>().Where(k => k.Id == old.Id && k.Sealed == old.Sealed)
                .ExecuteUpdateAsync(k => k.SetProperty(x => x.Sealed, rewrapped), cancellationToken) == 1;

        public async Task DropAsync(CommandContext context, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
        {
            foreach (var key in await context.Db.Set<SealedKey>().Where(k => ids.Contains(k.Id)).ToListAsync(cancellationToken))
            {
                context.Db.Remove(key);
                context.Audit("keys.drop", "key", key.Id, new { key.Name, key.CreatedAt }, null, $"the product's own key \"{key.Name}\"; a new one is made when it is needed");
            }
        }
    }
}
