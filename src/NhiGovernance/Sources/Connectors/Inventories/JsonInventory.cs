using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>
/// { "format": "nhi-inventory/1", "identities": [ … ], "credentials": [ … ], "people": [ … ] } as a stream: memory is bounded by
/// one object. A bad object is reported with its line; broken JSON ends the file there.
/// </summary>
internal static class JsonInventory
{
    private const int LongestObject = 256 * 1024;

    public static async IAsyncEnumerable<InventoryRecord> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        var state = new Position();
        var first = true;
        var batch = new List<InventoryRecord>();
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (first)
            {
                if (buffer.Length < 3 && !result.IsCompleted)
                {
                    pipe.AdvanceTo(buffer.Start, buffer.End);
                    continue;
                }

                first = false;
                if (StartsWithMark(buffer))
                {
                    buffer = buffer.Slice(3);
                }
            }

            var consumed = Advance(buffer, result.IsCompleted, state, batch);
            foreach (var record in batch)
            {
                yield return record;
            }

            batch.Clear();
            var taken = buffer.Slice(0, consumed);
            state.Lines += CountLines(taken);

            // Asked before the pipe goes on: what it has let go of no longer knows its own length.
            var waiting = buffer.Length - consumed;
            pipe.AdvanceTo(buffer.GetPosition(consumed), buffer.End);
            if (waiting > LongestObject)
            {
                throw new RefusedFileException(At("An object is larger than 256 KB", state.Lines + 1));
            }

            if (result.IsCompleted)
            {
                break;
            }
        }

        await pipe.CompleteAsync();
        if (!state.Closed)
        {
            throw new RefusedFileException(At("The JSON ends before it is complete", state.Lines + 1));
        }

        if (!state.FormatSeen)
        {
            throw new RefusedFileException($"The document lacks \"format\": \"{InventorySchema.Format}\".");
        }
    }

    /// <summary>Reads whole tokens and whole objects; what is not whole yet stays for the next time. Returns the bytes used.</summary>
    private static long Advance(ReadOnlySequence<byte> buffer, bool last, Position state, List<InventoryRecord> into)
    {
        var reader = new Utf8JsonReader(buffer, last, state.Json);
        var kept = 0L;
        var (counted, lines) = (0L, 0L);
        try
        {
            while (true)
            {
                var before = reader;
                if (state.List is not null && reader.CurrentDepth >= 1)
                {
                    // The next value of a list: an object is taken only when all of it is here.
                    if (!reader.Read())
                    {
                        break;
                    }

                    if (reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == 1)
                    {
                        state.List = null;
                        (kept, state.Json) = (reader.BytesConsumed, reader.CurrentState);
                        continue;
                    }

                    var start = reader.TokenStartIndex;
                    lines += CountLines(buffer.Slice(counted, start - counted));
                    counted = start;
                    var line = (int)(state.Lines + lines + 1);
                    var probe = reader;
                    if (!probe.TrySkip())
                    {
                        reader = before;
                        break;
                    }

                    into.Add(reader.TokenType == JsonTokenType.StartObject
                        ? JsonRecord.Read(state.List.Value, line, buffer.Slice(start, probe.BytesConsumed - start))
                        : new InventoryRecord(state.List.Value, line, new Dictionary<string, string>(), "it is no object"));
                    reader = probe;
                }
                else if (!reader.Read())
                {
                    break;
                }
                else if (!Outer(ref reader, state))
                {
                    reader = before;
                    break;
                }

                (kept, state.Json) = (reader.BytesConsumed, reader.CurrentState);
            }
        }
        catch (JsonException error)
        {
            throw new RefusedFileException(At("It is no valid JSON", state.Lines + CountLines(buffer.Slice(0, kept)) + 1 + (kept == 0 ? error.LineNumber ?? 0 : 0)));
        }

        return kept;
    }

    /// <summary>A token outside of the lists. False when more bytes are needed.</summary>
    private static bool Outer(ref Utf8JsonReader reader, Position state)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when reader.CurrentDepth == 0:
                return true;
            case JsonTokenType.EndObject when reader.CurrentDepth == 0:
                state.Closed = true;
                return true;
            case JsonTokenType.PropertyName:
                var name = reader.GetString()!;
                if (!reader.Read())
                {
                    return false;
                }

                return Property(name, ref reader, state);
            default:
                throw new RefusedFileException("The document must be one object with identities, credentials or people in it.");
        }
    }

    private static bool Property(string name, ref Utf8JsonReader reader, Position state)
    {
        RecordKind? kind = name switch
        {
            "identities" => RecordKind.Identity,
            "credentials" => RecordKind.Credential,
            "people" => RecordKind.Person,
            _ => null,
        };
        if (kind is not null && reader.TokenType == JsonTokenType.StartArray)
        {
            if (!state.Seen.Add(name))
            {
                throw new RefusedFileException($"\"{name}\" stands twice.");
            }

            state.List = kind;
            return true;
        }

        if (name == "format")
        {
            if (reader.TokenType != JsonTokenType.String || reader.GetString() != InventorySchema.Format)
            {
                throw new RefusedFileException($"\"format\" is not {InventorySchema.Format}, the only one that is known.");
            }

            state.FormatSeen = true;
            return true;
        }

        if (kind is not null || InventorySchema.IsSecretColumn(name))
        {
            throw new RefusedFileException(kind is not null ? $"\"{name}\" must be a list." : $"{InventoryText.Quote(name)} would hold secrets; nothing of it is read.");
        }

        return reader.TrySkip();
    }

    private static bool StartsWithMark(ReadOnlySequence<byte> buffer) =>
        buffer.Length >= 3 && buffer.Slice(0, 3).ToArray() is [0xEF, 0xBB, 0xBF];

    private static long CountLines(ReadOnlySequence<byte> bytes)
    {
        var lines = 0L;
        foreach (var part in bytes)
        {
            lines += part.Span.Count((byte)'\n');
        }

        return lines;
    }

    private static string At(string what, long line) => string.Create(CultureInfo.InvariantCulture, $"{what} (line {line}).");

    private sealed class Position
    {
        public JsonReaderState Json { get; set; } = new(new JsonReaderOptions { MaxDepth = 12 });

        public RecordKind? List { get; set; }

        public HashSet<string> Seen { get; } = [];

        public bool FormatSeen { get; set; }

        public bool Closed { get; set; }

        public long Lines { get; set; }
    }
}
