using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>Rows of a CSV file as a stream: separator and encoding found out, a broken row reported and the next one read.</summary>
internal static class CsvInventory
{
    private const int LongestRow = 256 * 1024;
    private const int MostColumns = 100;

    public static async IAsyncEnumerable<InventoryRecord> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var csv = CsvReader.Create(stream, new CsvReaderOptions
        {
            TrackLineNumbers = true,
            MaxRecordSize = LongestRow,
            TrimWhitespace = true,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            IncludeValuesInExceptions = false,
            SkipEmptyLines = true,
        }, leaveOpen: true);
        var header = await HeaderAsync(csv, cancellationToken);
        var kind = InventorySchema.KindOf(header);
        if (kind is { } only && InventorySchema.Missing(only, header) is { Count: > 0 } missing)
        {
            throw new RefusedFileException($"The header lacks {string.Join(", ", missing)}.");
        }

        while (await NextAsync(csv, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Row(csv, header, kind) is { } record)
            {
                yield return record;
            }
        }
    }

    private static async Task<bool> NextAsync(CsvReader csv, CancellationToken cancellationToken)
    {
        try
        {
            return await csv.ReadAsync(cancellationToken);
        }
        catch (CsvFormatException)
        {
            throw new RefusedFileException(string.Create(CultureInfo.InvariantCulture,
                $"The row after line {csv.LineNumber} cannot be read: it is longer than {LongestRow / 1024} KB, or a quotation mark is missing."));
        }
    }

    private static async Task<List<string>> HeaderAsync(CsvReader csv, CancellationToken cancellationToken)
    {
        try
        {
            await csv.ReadHeaderAsync(cancellationToken);
        }
        catch (CsvFormatException)
        {
            throw new RefusedFileException("The header cannot be read: it is too long, or a quotation mark is missing.");
        }

        var columns = csv.Headers.Select(h => h.Trim()).ToList();
        if (columns.Count == 0 || columns.TrueForAll(c => c.Length == 0))
        {
            throw new RefusedFileException("The file is empty.");
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

    private static InventoryRecord? Row(CsvReader csv, List<string> header, RecordKind? kind)
    {
        var line = (int)csv.LineNumber;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var beyond = false;
        for (var i = 0; i < csv.FieldCount; i++)
        {
            if (csv.IsEmpty(i))
            {
                continue;
            }

            beyond |= i >= header.Count;
            if (i < header.Count && header[i].Length > 0)
            {
                values[header[i]] = csv.GetString(i);
            }
        }

        if (values.Count == 0 && !beyond)
        {
            return null;
        }

        var problem = beyond ? $"the row has {csv.FieldCount} fields, the header {header.Count}; a field with the separator in it needs quotation marks" : null;
        if (kind is { } known)
        {
            return new InventoryRecord(known, line, values, problem);
        }

        return values.GetValueOrDefault("record") is { Length: > 0 } word && char.IsLetter(word[0]) && Enum.TryParse<RecordKind>(word, ignoreCase: true, out var own)
            ? new InventoryRecord(own, line, values, problem)
            : new InventoryRecord(RecordKind.Identity, line, values, problem ?? "record must be identity, credential or person");
    }
}
