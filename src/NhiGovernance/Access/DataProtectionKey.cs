using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <summary>A key of the cookie key ring, shared by all web nodes; its XML is sealed with the key-encryption key.</summary>
public sealed class DataProtectionKey : IEntity
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The key's XML, sealed for this record and the field "xml".</summary>
    public required byte[] Sealed { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public SealedPlace Place => new(Id, "xml");

    internal sealed class Configuration : IEntityTypeConfiguration<DataProtectionKey>
    {
        public void Configure(EntityTypeBuilder<DataProtectionKey> builder)
        {
            builder.ToTable("DataProtectionKeys");
            builder.Property(k => k.Id).ValueGeneratedNever();
            builder.Property(k => k.Name).HasMaxLength(200);
            builder.Ignore(k => k.Place);
        }
    }

    /// <summary>For key rotation.</summary>
    public sealed class Store : ISealedStore
    {
        public string Name => "cookie keys";

        public async Task<IReadOnlyList<SealedRow>> ReadAsync(GovernanceDb db, Guid after, int limit, CancellationToken cancellationToken) =>
            await db.Set<DataProtectionKey>().AsNoTracking().Where(k => k.Id > after).OrderBy(k => k.Id).Take(limit)
                .Select(k => new SealedRow(k.Id, k.Sealed)).ToListAsync(cancellationToken);

        public async Task<bool> ReplaceAsync(GovernanceDb db, SealedRow old, byte[] rewrapped, CancellationToken cancellationToken) =>
            await db.Set<DataProtectionKey>().Where(k => k.Id == old.Id && k.Sealed == old.Sealed)
                .ExecuteUpdateAsync(k => k.SetProperty(x => x.Sealed, rewrapped), cancellationToken) == 1;

        public async Task DropAsync(CommandContext context, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
        {
            await context.Db.Set<DataProtectionKey>().Where(k => ids.Contains(k.Id)).ExecuteDeleteAsync(cancellationToken);
            context.Audit("keys.drop", "key", Guid.Empty, new { ids }, null, $"{ids.Count} cookie keys; sessions under them have ended");
        }
    }
}
