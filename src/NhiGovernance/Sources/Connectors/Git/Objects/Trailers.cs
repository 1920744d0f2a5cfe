namespace NhiGovernance.Sources.Connectors.Git.Objects;

/// <summary>"Co-authored-by: X &lt;e&gt;" lines of the last paragraph of a message.</summary>
internal static class Trailers
{
    private const int Most = 100;

    public static IEnumerable<(string Key, string Value)> Read(string message)
    {
        var end = message.AsSpan().TrimEnd().Length;
        var start = Math.Max(message.AsSpan(0, end).LastIndexOf("\n\n"), message.AsSpan(0, end).LastIndexOf("\n\r\n"));
        var found = 0;
        foreach (var line in message[(start + 1)..end].Split('\n'))
        {
            var cut = line.IndexOf(':', StringComparison.Ordinal);
            if (cut is > 0 and < 60 && line[..cut].All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && found++ < Most)
            {
                yield return (line[..cut], line[(cut + 1)..].Trim());
            }
        }
    }
}
