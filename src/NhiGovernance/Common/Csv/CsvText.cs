using System.Buffers;

namespace NhiGovernance.Common.Csv;

/// <summary>
/// Writes CSV that a spreadsheet cannot run: RFC 4180 quoting, and a leading single quote before a field that begins with
/// <c>= + - @</c>, tab or NUL (ASVS 5.0 V1.2.10). Full-width forms of those signs are treated alike, since spreadsheets do so.
/// </summary>
public static class CsvText
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r\n\0＝＋－＠");

    /// <summary>One line, with its line end.</summary>
    public static void WriteLine(TextWriter writer, params ReadOnlySpan<string?> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
            {
                writer.Write(',');
            }

            WriteField(writer, fields[i]);
        }

        writer.Write("\r\n");
    }

    private static void WriteField(TextWriter writer, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        var risky = IsRisky(text);
        if (!risky && text.AsSpan().IndexOfAny(Quoted) < 0)
        {
            writer.Write(text);
            return;
        }

        writer.Write('"');
        if (risky)
        {
            writer.Write('\'');
        }

        writer.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        writer.Write('"');
    }

    // A blank before the sign does not make it safe: some programs trim first.
    private static bool IsRisky(string text)
    {
        var start = text.AsSpan().TrimStart(' ');
        return Formula.Contains(text[0]) || (start.Length > 0 && Formula.Contains(start[0]));
    }
}
