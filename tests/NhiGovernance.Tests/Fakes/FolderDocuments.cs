using System.Security.Cryptography;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Fakes;

/// <summary>The files of a folder as a source's documents.</summary>
public sealed class FolderDocuments(string folder) : ISourceDocuments
{
    public Task<IReadOnlyList<SourceDocument>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SourceDocument>>([.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)
            .Select(f => new SourceDocument(Guid.CreateVersion7(), Path.GetFileName(f), new FileInfo(f).Length, SHA256.HashData(File.ReadAllBytes(f))))]);

    public Stream Open(SourceDocument document) => File.OpenRead(Path.Combine(folder, document.Name));
}
