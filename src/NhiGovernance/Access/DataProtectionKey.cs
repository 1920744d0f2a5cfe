using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <summary>A key of the cookie key ring, shared by all web nodes; its XML is sealed with the key-encryption key.</summary>
public sealed class DataProtectionKey : IEntity
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string SealedXml { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<DataProtectionKey>
    {
        public void Configure(EntityTypeBuilder<DataProtectionKey> builder)
        {
            builder.ToTable("DataProtectionKeys");
            builder.Property(k => k.Id).ValueGeneratedNever();
            builder.Property(k => k.Name).HasMaxLength(200);
        }
    }
}
