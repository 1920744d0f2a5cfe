using System.Security.Cryptography;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>One file of inventory, wherever its bytes are. It is read twice, and must be the same both times.</summary>
internal abstract class InventoryFile(string name)
{
    public string Name { get; } = name;

    /// <summary>True when its bytes are ours to keep: if they are not there, nothing at all is concluded from the run.</summary>
    public abstract bool IsKeptByUs { get; }

    /// <summary>The bytes from their beginning, with a position that can be set.</summary>
    /// <exception cref="RefusedFileException">It is larger than allowed.</exception>
    public abstract Stream Open();

    /// <summary>Before it is read: what is wrong with the bytes, one plain sentence, or null.</summary>
    public abstract Task<string?> BeginAsync(CancellationToken cancellationToken);

    /// <summary>After it was read: why that does not count, or null.</summary>
    public abstract Task<string?> EndAsync(CancellationToken cancellationToken);

    protected async Task<byte[]> DigestAsync(CancellationToken cancellationToken)
    {
        await using var stream = Open();
        return await SHA256.HashDataAsync(stream, cancellationToken);
    }
}

/// <summary>A document that was uploaded: immutable, and checked against the digest that was taken then.</summary>
internal sealed class UploadedFile(SourceDocument document, ISourceDocuments documents) : InventoryFile(document.Name)
{
    public override bool IsKeptByUs => true;

    public override Stream Open() => documents.Open(document);

    public override async Task<string?> BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            var digest = await DigestAsync(cancellationToken);
            return document.Digest.Span.SequenceEqual(digest)
                ? null
                : $"The stored document {Name} is not what was uploaded: its SHA-256 is another. Upload it again.";
        }
        catch (IOException error)
        {
            return $"{error.Message} Upload it again.";
        }
    }

    public override Task<string?> EndAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}

/// <summary>A file below an opened folder. Somebody else writes it, maybe just now: then what was read is half of it.</summary>
internal sealed class PathFile(string name, string path, InventoryFileOptions options) : InventoryFile(name)
{
    private (long Length, DateTime Written, byte[] Digest)? _before;

    public override bool IsKeptByUs => false;

    public override Stream Open()
    {
        var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.SequentialScan | FileOptions.Asynchronous });
        if (stream.Length <= options.MaxBytes)
        {
            return stream;
        }

        stream.Dispose();
        throw new RefusedFileException("The file is larger than the setting Sources:FileMaxMegabytes allows.");
    }

    public override async Task<string?> BeginAsync(CancellationToken cancellationToken)
    {
        _before = await StampAsync(cancellationToken);
        return null;
    }

    public override async Task<string?> EndAsync(CancellationToken cancellationToken)
    {
        var after = await StampAsync(cancellationToken);
        return _before is { } before && before.Length == after.Length && before.Written == after.Written && before.Digest.AsSpan().SequenceEqual(after.Digest)
            ? null
            : "The file changed while it was read, so nothing is concluded from it. Write it under another name and move it into place; the next run reads it again.";
    }

    private async Task<(long Length, DateTime Written, byte[] Digest)> StampAsync(CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        return (file.Length, file.LastWriteTimeUtc, await DigestAsync(cancellationToken));
    }
}
