using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Git;

/// <param name="Content">Null when the object is larger than was asked for; it was read past, not kept.</param>
internal sealed record GitObject(string Id, string Type, long Size, byte[]? Content);

/// <summary>One <c>git cat-file --batch</c> as a stream: a name in, one object out, memory bounded by the object asked for.</summary>
internal sealed class CatFile : IAsyncDisposable
{
    private readonly GitRun _run;
    private readonly GitRun.Watcher _watch;
    private readonly PipeReader _output;

    public CatFile(GitProgram git, string mirror, CancellationToken cancellationToken)
    {
        _run = git.Start([$"--git-dir={mirror}", "cat-file", "--batch"], input: true);
        _watch = _run.Watch(git.Options.FetchTime, null, cancellationToken);
        _output = PipeReader.Create(_run.Output, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
    }

    /// <summary>Null when there is no such object.</summary>
    /// <param name="name">An object id, or "commit:path" with no line break in it.</param>
    public async Task<GitObject?> ReadAsync(string name, int limit, CancellationToken cancellationToken)
    {
        if (name.AsSpan().ContainsAny('\n', '\r', '\0'))
        {
            return null;
        }

        try
        {
            await _run.Input.WriteAsync(Encoding.UTF8.GetBytes(name + "\n"), cancellationToken);
            await _run.Input.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            throw Ended();
        }

        var header = await LineAsync(cancellationToken);
        var parts = header.Split(' ');
        if (parts.Length != 3 || !Utf8Parser.TryParse(Encoding.ASCII.GetBytes(parts[2]), out long size, out _))
        {
            // "<name> missing" or "<name> ambiguous"; the name may hold spaces.
            return header.EndsWith(" missing", StringComparison.Ordinal) || header.EndsWith(" ambiguous", StringComparison.Ordinal) ? null : throw Ended();
        }

        var content = size <= limit ? new byte[size] : null;
        await TakeAsync(content, size, cancellationToken);
        await TakeAsync(null, 1, cancellationToken);
        return new GitObject(parts[0], parts[1], size, content);
    }

    public async ValueTask DisposeAsync()
    {
        await _output.CompleteAsync();
        _watch.Dispose();
        await _run.DisposeAsync();
    }

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await _output.ReadAsync(cancellationToken);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(result.Buffer.Slice(0, end));
                _output.AdvanceTo(result.Buffer.GetPosition(1, end));
                return line;
            }

            _output.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted || result.Buffer.Length > 64 * 1024)
            {
                throw Ended();
            }
        }
    }

    private async Task TakeAsync(byte[]? into, long size, CancellationToken cancellationToken)
    {
        var taken = 0L;
        while (taken < size)
        {
            var result = await _output.ReadAsync(cancellationToken);
            if (result.Buffer.IsEmpty && result.IsCompleted)
            {
                throw Ended();
            }

            var piece = result.Buffer.Slice(0, Math.Min(size - taken, result.Buffer.Length));
            if (into is not null)
            {
                piece.CopyTo(into.AsSpan((int)taken));
            }

            taken += piece.Length;
            _output.AdvanceTo(piece.End);
        }
    }

    /// <exception cref="OperationCanceledException">It was killed because its caller wants no more.</exception>
    private GitFailure Ended()
    {
        _watch.Caller.ThrowIfCancellationRequested();
        return new(_watch.Reason ?? "git stopped while objects were being read.");
    }
}
