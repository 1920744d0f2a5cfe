using System.Runtime.CompilerServices;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>Rows of a CSV file as a stream: separator and encoding found out, a broken row reported and the next one read.</summary>
internal static class CsvInventory
{
    private const int MostColumns = 100;

    public static async IAsyncEnumerable<InventoryRecord> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var text = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        var csv = new CsvRows(text);
        var header = await HeaderAsync(csv, cancellationToken);
        var kind = InventorySchema.KindOf(header);
        if (kind is { } only && InventorySchema.Missing(only, header) is { Count: > 0 } missing)
        {
            throw new RefusedFileException($"The header lacks {string.Join(", ", missing)}.");
        }

        while (await csv.ReadAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Row(csv, header, kind) is { } record)
            {
                yield return record;
            }
        }
    }

    private static async Task<List<string>> HeaderAsync(CsvRows csv, CancellationToken cancellationToken)
    {
        var isThere = await csv.ReadAsync(cancellationToken);
        if (csv.Problem is { } problem)
        {
            throw new RefusedFileException($"The header cannot be read: {problem}.");
        }

        var columns = isThere ? Enumerable.Range(0, csv.Count).Select(i => csv[i].Trim()).ToList() : [];
        if (columns.TrueForAll(c => c.Length == 0))
        {
            throw new RefusedFileException("The file is empty.");
        }

        if (columns.Exists(c => c.Contains('\0', StringComparison.Ordinal)))
        {
            throw new RefusedFileException("The header is no text in UTF-8. UTF-16 and UTF-32 need a mark at the start; save the file as UTF-8.");
        }

        if (columns.Count > MostColumns)
        {
            throw new RefusedFileException("The header has more than 100 columns.");
        }

        if (columns.Find(InventorySchema.IsSecretColumn) is { } secret)
        {
            throw new RefusedFileException(
                $"The column {InventoryText.Quote(secret)} would hold secrets. Take it out: only names, ids, fingerprints and dates belong here. Nothing was read.");
        }

        var names = columns.Select(InventorySchema.Normalize).ToList();
        if (names.Where(n => n.Length > 0).GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new RefusedFileException($"The header names {InventoryText.Quote(twice.Key)} twice.");
        }

        return names;
    }

    private static InventoryRecord? Row(CsvRows csv, List<string> header, RecordKind? kind)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (csv.Problem is { } broken)
        {
            return new InventoryRecord(kind ?? RecordKind.Identity, csv.Line, values, broken);
        }

        var beyond = false;
        for (var i = 0; i < csv.Count; i++)
        {
            if (csv.IsEmpty(i))
            {
                continue;
            }

            beyond |= i >= header.Count;
            if (i < header.Count && header[i].Length > 0)
            {
                values[header[i]] = csv[i];
            }
        }

        if (values.Count == 0 && !beyond)
        {
            return null;
        }

        var problem = beyond ? $"the row has {csv.Count} fields, the header {header.Count}; a field with the separator in it needs quotation marks" : null;
        if (kind is { } known)
        {
            return new InventoryRecord(known, csv.Line, values, problem);
        }

        return values.GetValueOrDefault("record") is { Length: > 0 } word && char.IsLetter(word[0]) && Enum.TryParse<RecordKind>(word, ignoreCase: true, out var own)
            ? new InventoryRecord(own, csv.Line, values, problem)
            : new InventoryRecord(RecordKind.Identity, csv.Line, values, problem ?? "record must be identity, credential or person");
    }
}
