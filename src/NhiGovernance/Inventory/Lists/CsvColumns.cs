using System.Globalization;
using NhiGovernance.Common.Csv;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <param name="Of">The list's column that it belongs to, as <c>cols</c> names it; empty: always there; null: only when all are asked for.</param>
internal sealed record CsvColumn<T>(string? Of, string Head, Func<T, string?> Text);

/// <summary>Columns of a CSV, all or those that a list shows. Order and heads are the same either way.</summary>
internal sealed class CsvColumns<T>(IReadOnlyList<CsvColumn<T>> all)
{
    /// <param name="columns">Null or empty: all.</param>
    public void WriteHead(TextWriter writer, IReadOnlySet<string>? columns) =>
        CsvText.WriteLine(writer, [.. Chosen(columns).Select(c => c.Head)]);

    public void Write(TextWriter writer, T row, IReadOnlySet<string>? columns) =>
        CsvText.WriteLine(writer, [.. Chosen(columns).Select(c => c.Text(row))]);

    private IEnumerable<CsvColumn<T>> Chosen(IReadOnlySet<string>? columns) => columns is null or { Count: 0 }
        ? all
        : all.Where(c => c.Of is { } of && (of.Length == 0 || columns.Contains(of)));
}

/// <summary>What is not known says why in words; no cell is empty where a value could be known.</summary>
internal static class CsvValue
{
    public static string Text(bool value) => value ? "true" : "false";

    public static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string? Text(KnownValue value) => value.State switch
    {
        Knowledge.Value => value.Text,
        Knowledge.Never => value.Since is null ? "never" : $"never since {Text(value.Since)}",
        Knowledge.UnknownBefore => $"none since {Text(value.Since)}, unknown before",
        Knowledge.NotExposed => "not exposed",
        Knowledge.Denied => $"denied: needs {value.Permission}",
        Knowledge.Redacted => "redacted",
        _ => throw new InvalidOperationException($"No text for {value.State}."),
    };
}
