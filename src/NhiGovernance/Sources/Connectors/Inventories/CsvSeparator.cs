namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>What separates the cells of a file, by its first line. Pure.</summary>
internal static class CsvSeparator
{
    private const string Known = ",;\t|";

    /// <summary>The separator, and how much of the text was spent on saying so.</summary>
    /// <param name="head">From the first line's first character on.</param>
    public static (char Separator, int Length) In(ReadOnlySpan<char> head)
    {
        // Spreadsheets write "sep=;" as a line of its own before the header.
        if (head.Length > 4 && head.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && Known.AsSpan().Contains(head[4])
            && (head.Length == 5 || head[5] is '\r' or '\n'))
        {
            return (head[4], 5);
        }

        var counts = new int[Known.Length];
        var isQuoted = false;
        foreach (var character in head)
        {
            if (character == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && character is '\r' or '\n')
            {
                break;
            }
            else if (!isQuoted && Known.AsSpan().IndexOf(character) is >= 0 and var which)
            {
                counts[which]++;
            }
        }

        return (Known[Array.IndexOf(counts, counts.Max())], 0);
    }
}
