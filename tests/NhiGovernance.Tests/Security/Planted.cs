using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace NhiGovernance.Tests.Security;

/// <summary>Distinctive secrets, one for each door, and the search for any of them in any form that a program might write.</summary>
internal sealed class Planted
{
    private readonly Dictionary<string, string> _needles = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _found = [];
    private SearchValues<string> _search = SearchValues.Create([], StringComparison.OrdinalIgnoreCase);

    /// <summary>What was searched, and how much of it.</summary>
    public Dictionary<string, int> Searched { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Found => _found.Distinct().Order(StringComparer.Ordinal).ToList();

    /// <param name="door">Where it enters: what a finding is called.</param>
    public string Add(string door, string secret)
    {
        foreach (var form in Forms(secret))
        {
            _needles.TryAdd(form, door);
        }

        _search = SearchValues.Create([.. _needles.Keys], StringComparison.OrdinalIgnoreCase);
        return secret;
    }

    /// <param name="kind">"log", "table", "answer", "page".</param>
    public void Search(string kind, string place, string text)
    {
        Searched[kind] = Searched.GetValueOrDefault(kind) + 1;
        for (var rest = text.AsSpan(); rest.IndexOfAny(_search) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            var here = rest[at..].ToString();
            var needle = _needles.Keys.First(n => here.StartsWith(n, StringComparison.OrdinalIgnoreCase));
            _found.Add($"{_needles[needle]} in {kind} {place}: …{text.Substring(Math.Max(0, text.Length - rest.Length + at - 60), Math.Min(60, text.Length - rest.Length + at))}");
        }
    }

    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return WebUtility.UrlEncode(secret);
        yield return WebUtility.HtmlEncode(secret);
        yield return JavaScriptEncoder.Default.Encode(secret);
        yield return Convert.ToHexStringLower(bytes);
        yield return Convert.ToHexStringLower(Encoding.Unicode.GetBytes(secret));

        // Base64 of a text that holds the secret: what stands for it depends on where it begins, so the sure middle of each.
        for (var before = 0; before < 3; before++)
        {
            var whole = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var middle = whole[(before == 0 ? 0 : 4)..^4];
            yield return middle;
            yield return middle.Replace('+', '-').Replace('/', '_');
        }
    }
}
