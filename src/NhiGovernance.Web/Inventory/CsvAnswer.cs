using System.Globalization;
using System.Text;
using NhiGovernance.Web.Hosting.Api;

namespace NhiGovernance.Web.Inventory;

/// <summary>Rows as a CSV that is streamed: memory holds one page of them.</summary>
internal static class CsvAnswer
{
    /// <param name="rows">What is written.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="cols">The columns of the list, with commas; empty: all.</param>
    /// <param name="head">Writes the first line.</param>
    /// <param name="line">Writes one row.</param>
    public static Download<TKind> Of<TKind, T>(
        IAsyncEnumerable<T> rows, string name, string? cols, Action<TextWriter, IReadOnlySet<string>?> head, Action<TextWriter, T, IReadOnlySet<string>?> line)
        where TKind : IDownload => new(
        async body =>
        {
            var columns = cols?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);

            // With a byte-order mark, because spreadsheets read UTF-8 only then.
            await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), bufferSize: 32_768);
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            head(text, columns);
            await foreach (var row in rows)
            {
                line(text, row, columns);
                if (text.GetStringBuilder().Length > 16_384)
                {
                    await FlushAsync(writer, text);
                }
            }

            await FlushAsync(writer, text);
        },
        name);

    private static async Task FlushAsync(StreamWriter writer, StringWriter text)
    {
        await writer.WriteAsync(text.GetStringBuilder());
        await writer.FlushAsync();
        text.GetStringBuilder().Clear();
    }
}
