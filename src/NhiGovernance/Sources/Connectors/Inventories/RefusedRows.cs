using System.Globalization;
using System.Text.Json;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="File">The document's name.</param>
/// <param name="Line">Line in the file, from 1; 0 when the whole file was refused.</param>
/// <param name="Reason">Why it was refused, in a sentence.</param>
public sealed record RefusedRow(string File, int Line, string Reason);

/// <param name="Count">How many the run refused.</param>
/// <param name="Rows">The first of them, as many as are kept.</param>
internal sealed record RefusedReport(long Count, IReadOnlyList<RefusedRow> Rows)
{
    public static readonly RefusedReport None = new(0, []);
}

/// <summary>What a run refused: how much, and the first 10,000 of it, kept for the page and the import.</summary>
internal sealed class RefusedRows
{
    public const string MemoryKey = "refused-rows";
    public const int Most = 10_000;

    /// <summary>Of names and reasons together: however long they are, what a run holds and keeps is bounded.</summary>
    public const int MostCharacters = 4_000_000;

    // A run's notes hold 4,000 characters, each of them 500 at most; what does not fit is dropped.
    private const int MostNotes = 12;
    private const int MostNoteCharacters = 3_000;
    private const int LongestNote = 500;

    private readonly List<RefusedRow> _rows = [];
    private long _characters;

    public long Count { get; private set; }

    public void Add(string file, int line, string reason)
    {
        Count++;
        _characters += file.Length + reason.Length;

        // Once one is left out all later ones are: those that are kept are the first.
        if (_rows.Count == Count - 1 && _rows.Count < Most && _characters <= MostCharacters)
        {
            _rows.Add(new RefusedRow(file, line, reason));
        }
    }

    public async Task KeepAsync(ConnectorContext context, CancellationToken cancellationToken)
    {
        Note(context);
        await context.Memory.SetAsync(MemoryKey, Count == 0 ? null : JsonSerializer.Serialize(new RefusedReport(Count, _rows)), cancellationToken);
    }

    public static RefusedReport Read(string? json)
    {
        try
        {
            return json is null ? RefusedReport.None
                : json.StartsWith('[') ? OfRowsAlone(JsonSerializer.Deserialize<List<RefusedRow>>(json) ?? [])
                : JsonSerializer.Deserialize<RefusedReport>(json) is { Rows: not null } report ? report
                : RefusedReport.None;
        }
        catch (JsonException)
        {
            return RefusedReport.None;
        }
    }

    // As versions before this one kept them, until the next run.
    private static RefusedReport OfRowsAlone(List<RefusedRow> rows) => new(rows.Count, rows);

    private void Note(ConnectorContext context)
    {
        var notes = new List<string>();
        var room = MostNoteCharacters;
        foreach (var row in _rows.Take(MostNotes))
        {
            var note = string.Create(CultureInfo.InvariantCulture, $"{row.File}{(row.Line > 0 ? $", line {row.Line}" : "")}: {row.Reason}");
            room -= Math.Min(note.Length, LongestNote);
            if (room < 0)
            {
                break;
            }

            notes.Add(note);
        }

        // Before them, so that it is never what does not fit.
        if (Count > notes.Count)
        {
            var kept = _rows.Count == Count ? "all of them" : string.Create(CultureInfo.InvariantCulture, $"the first {_rows.Count:N0} of {Count:N0}");
            context.Note(string.Create(CultureInfo.InvariantCulture, $"{Count:N0} refusals, of which these are the first {notes.Count}; the source's page and the import list {kept}"));
        }

        foreach (var note in notes)
        {
            context.Note(note);
        }
    }
}
