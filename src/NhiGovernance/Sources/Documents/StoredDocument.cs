using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Sources.Documents;

/// <summary>A document of a source. Its bytes are <see cref="StoredDocumentChunk"/>s, which are there before it is.</summary>
public sealed class StoredDocument : IEntity
{
    /// <summary>Also the id of its chunks.</summary>
    public required Guid Id { get; init; }

    public required Guid SourceId { get; init; }

    /// <summary>"people.csv"; of one name there is one in force.</summary>
    public required string Name { get; init; }

    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the bytes.</summary>
    public required byte[] Digest { get; init; }

    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>Since when another is in its place, or it was taken away; null while it is in force. A run that had begun reads it still.</summary>
    public DateTimeOffset? ReplacedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<StoredDocument>
    {
        public void Configure(EntityTypeBuilder<StoredDocument> builder)
        {
            builder.ToTable("StoredDocuments");
            builder.Property(d => d.Id).ValueGeneratedNever();
            builder.Property(d => d.Name).HasMaxLength(120);
            builder.Property(d => d.Digest).HasMaxLength(32);
            builder.HasIndex(d => new { d.SourceId, d.Name }).IsUnique().HasFilter("replaced_at IS NULL");
            builder.HasOne<Source>().WithMany().HasForeignKey(d => d.SourceId);
        }
    }
}

/// <summary>At most 1 MB of a document. All but the last one are full, so that a position names its chunk.</summary>
public sealed class StoredDocumentChunk
{
    /// <summary>A document's bytes come in before anybody has said that it is one: until then no row has this id.</summary>
    public required Guid DocumentId { get; init; }

    /// <summary>From 0.</summary>
    public required int Number { get; init; }

    public required int Length { get; init; }

    /// <summary>Sealed by <see cref="DocumentCipher"/>.</summary>
    public required byte[] Content { get; init; }

    public required DateTimeOffset StoredAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<StoredDocumentChunk>
    {
        public void Configure(EntityTypeBuilder<StoredDocumentChunk> builder)
        {
            builder.ToTable("StoredDocumentChunks");
            builder.HasKey(c => new { c.DocumentId, c.Number });
            builder.HasIndex(c => c.StoredAt);
        }
    }
}
