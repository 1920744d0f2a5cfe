namespace NhiGovernance.Sources.Contract;

/// <summary>A document that somebody uploaded for a source.</summary>
/// <param name="Digest">SHA-256 of its bytes, as they were taken.</param>
public sealed record SourceDocument(Guid Id, string Name, long Bytes, ReadOnlyMemory<byte> Digest);

/// <summary>The documents of one source. They are rows of the database: every worker reads the same ones, wherever it runs.</summary>
public interface ISourceDocuments
{
    /// <summary>Those that are in force now, by name.</summary>
    Task<IReadOnlyList<SourceDocument>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Its bytes, read as they are asked for, one chunk at a time; it may be read again from any position. Bytes that are not
    /// there any more end in an <see cref="IOException"/>, never in a shorter document.
    /// </summary>
    Stream Open(SourceDocument document);
}

/// <summary>For connectors that take no documents.</summary>
public sealed class NoDocuments : ISourceDocuments
{
    public static readonly NoDocuments Instance = new();

    public Task<IReadOnlyList<SourceDocument>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SourceDocument>>([]);

    public Stream Open(SourceDocument document) => throw new IOException("There are no documents.");
}
