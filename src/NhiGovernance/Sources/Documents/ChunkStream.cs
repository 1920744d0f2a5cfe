using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Documents;

/// <summary>A document's bytes, one chunk in memory. No connection is held between two chunks.</summary>
internal sealed class ChunkStream(IDbContextFactory<GovernanceDb> contexts, DocumentCipher cipher, SourceDocument document) : Stream
{
    private long _position;
    private int _number = -1;
    private byte[] _chunk = [];
    private byte[]? _key;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => document.Bytes;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= Length || buffer.Length == 0)
        {
            return 0;
        }

        var number = (int)(_position / DocumentStore.ChunkBytes);
        if (number != _number)
        {
            (_chunk, _number) = (await LoadAsync(number, cancellationToken), number);
        }

        var at = (int)(_position % DocumentStore.ChunkBytes);
        var length = Math.Min(buffer.Length, _chunk.Length - at);
        _chunk.AsMemory(at, length).CopyTo(buffer);
        _position += length;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        SeekOrigin.End => Length,
        _ => throw new ArgumentOutOfRangeException(nameof(origin)),
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task<byte[]> LoadAsync(int number, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        _key ??= await cipher.KeyOfAsync(document.Id, cancellationToken);
        var closed = await db.Set<StoredDocumentChunk>().AsNoTracking().Where(c => c.DocumentId == document.Id && c.Number == number)
            .Select(c => c.Content).SingleOrDefaultAsync(cancellationToken);
        var wanted = Math.Min(DocumentStore.ChunkBytes, Length - ((long)number * DocumentStore.ChunkBytes));
        return closed is not null && DocumentCipher.Open(_key, number, closed) is { } chunk && chunk.Length == wanted
            ? chunk
            : throw new IOException($"A part of the stored document {document.Name} is not there, or is not what was uploaded.");
    }
}
