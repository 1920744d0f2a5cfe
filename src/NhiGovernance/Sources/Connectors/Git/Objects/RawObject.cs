using System.Text;

namespace NhiGovernance.Sources.Connectors.Git.Objects;

/// <summary>
/// The headers and the message of a commit or tag as git writes them: "name value" lines, lines that go on start with a space,
/// an empty line, the message. Never throws: what cannot be read is absent.
/// </summary>
internal sealed record RawObject(IReadOnlyList<KeyValuePair<string, string>> Headers, string Message)
{
    private const int MostHeaders = 2000;

    public string? First(string name) => Headers.FirstOrDefault(h => h.Key == name).Value;

    public IEnumerable<string> All(string name) => Headers.Where(h => h.Key == name).Select(h => h.Value);

    public static RawObject Parse(ReadOnlySpan<byte> bytes)
    {
        var text = Decode(bytes);
        var headers = new List<KeyValuePair<string, string>>();
        string? name = null;
        var value = new StringBuilder();
        var at = 0;
        while (at < text.Length)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            var line = text.AsSpan(at, end - at);
            at = Math.Min(end + 1, text.Length);
            if (line.IsEmpty)
            {
                break;
            }

            if (line[0] == ' ' && name is not null)
            {
                value.Append('\n').Append(line[1..]);
                continue;
            }

            Keep();
            var cut = line.IndexOf(' ');
            name = cut > 0 && headers.Count < MostHeaders ? line[..cut].ToString() : null;
            value.Clear();
            value.Append(cut > 0 ? line[(cut + 1)..] : default);
        }

        Keep();
        return new RawObject(headers, text[at..]);

        void Keep()
        {
            if (name is not null)
            {
                headers.Add(new(name, value.ToString()));
            }
        }
    }

    /// <summary>UTF-8, or Latin-1 where it is not: every byte of an old commit has a character.</summary>
    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
