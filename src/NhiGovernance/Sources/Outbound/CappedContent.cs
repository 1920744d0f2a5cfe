using System.Net;

namespace NhiGovernance.Sources.Outbound;

/// <summary>A body that ends in an error once it is too long, too slow or silent for too long.</summary>
internal sealed class CappedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly string _host;
    private readonly OutboundOptions _options;
    private readonly TimeProvider _clock;

    public CappedContent(HttpContent inner, string host, OutboundOptions options, TimeProvider clock)
    {
        (_inner, _host, _options, _clock) = (inner, host, options, clock);
        foreach (var header in inner.Headers)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var body = await CreateContentReadStreamAsync(cancellationToken);
        await body.CopyToAsync(stream, cancellationToken);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new CappedStream(await _inner.ReadAsStreamAsync(cancellationToken), _host, _options, _clock);

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>Counts what is read. Reading is asynchronous only: a blocked thread cannot be timed.</summary>
internal sealed class CappedStream(Stream inner, string host, OutboundOptions options, TimeProvider clock) : Stream
{
    private readonly long _started = clock.GetTimestamp();
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public static HttpRequestException TooLong(string host, long limit) =>
        new(HttpRequestError.ConfigurationLimitExceeded, $"The answer of {host} is longer than {limit / (1024 * 1024)} MB (Sources:MaxAnswerBytes).");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var left = options.BodyTime - clock.GetElapsedTime(_started);
        if (left <= TimeSpan.Zero)
        {
            throw TooSlow();
        }

        using var timed = new CancellationTokenSource(left < options.SilenceTime ? left : options.SilenceTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timed.Token);
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (timed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TooSlow();
        }

        _read += count;
        return _read > options.MaxAnswerBytes ? throw TooLong(host, options.MaxAnswerBytes) : count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read this body asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private HttpRequestException TooSlow() => new(HttpRequestError.ResponseEnded, $"The answer of {host} took too long or stopped half-way.");
}
