using System.Globalization;
using System.Text.Json;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="File">The document's name.</param>
/// <param name="Line">Line in the file, from 1; 0 when the whole file was refused.</param>
/// <param name="Reason">Why it was refused, in a sentence.</param>
public sealed record RefusedRow(string File, int Line, string Reason);

/// <summary>The rows that a run refused, the first 1,000 of them, kept for the page and the import.</summary>
internal sealed class RefusedRows
{
    public const string MemoryKey = "refused-rows";
    public const int Most = 1000;
    private const int MostNotes = 12;

    private readonly List<RefusedRow> _rows = [];

    public long Count { get; private set; }

    public void Add(string file, int line, string reason)
    {
        Count++;
        if (_rows.Count < Most)
        {
            _rows.Add(new RefusedRow(file, line, reason));
        }
    }

    public async Task KeepAsync(ConnectorContext context, CancellationToken cancellationToken)
    {
        foreach (var row in _rows.Take(MostNotes))
        {
            context.Note(string.Create(CultureInfo.InvariantCulture, $"{row.File}{(row.Line > 0 ? $", line {row.Line}" : "")}: {row.Reason}"));
        }

        if (Count > MostNotes)
        {
            context.Note(string.Create(CultureInfo.InvariantCulture, $"and {Count - MostNotes:N0} more refusals; the source lists the first {Most:N0}"));
        }

        await context.Memory.SetAsync(MemoryKey, _rows.Count == 0 ? null : JsonSerializer.Serialize(_rows), cancellationToken);
    }

    public static IReadOnlyList<RefusedRow> Read(string? json)
    {
        try
        {
            return json is null ? [] : JsonSerializer.Deserialize<List<RefusedRow>>(json) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
