using System.Text;
using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Owners;

/// <param name="Owners">@user, @org/team or an e-mail address; none means that nobody owns what matches.</param>
internal sealed record OwnerRule(string Pattern, IReadOnlyList<string> Owners, int Line)
{
    private readonly Regex _path = CodeOwners.Compile(Pattern);

    /// <param name="path">From the root, without a leading slash.</param>
    public bool Matches(string path) => _path.IsMatch(path);
}

/// <summary>
/// GitHub's CODEOWNERS: the first of .github/, the root and docs/ counts; within it the last rule that matches a path. A line
/// that GitHub would skip (a negation, a character range, a name that is no owner) is skipped here too, and named.
/// </summary>
internal sealed partial record CodeOwners(IReadOnlyList<OwnerRule> Rules, IReadOnlyList<int> SkippedLines)
{
    /// <summary>In order of precedence.</summary>
    public static readonly IReadOnlyList<string> Places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

    /// <summary>GitHub ignores a larger file.</summary>
    public const int MostBytes = 3 * 1024 * 1024;
    public const int MostRules = 5000;

    /// <summary>The rule in force for a path, or null.</summary>
    public OwnerRule? For(string path) => Rules.LastOrDefault(r => r.Matches(path));

    public static CodeOwners Parse(ReadOnlySpan<byte> bytes)
    {
        var rules = new List<OwnerRule>();
        var skipped = new List<int>();
        var number = 0;
        foreach (var raw in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            number++;
            var words = Words(raw.TrimStart('\uFEFF').Trim());
            if (words.Count == 0)
            {
                continue;
            }

            var owners = words.Skip(1).ToList();
            if (!IsPattern(words[0]) || !owners.TrueForAll(o => Owner().IsMatch(o)) || rules.Count >= MostRules)
            {
                skipped.Add(number);
                continue;
            }

            rules.Add(new OwnerRule(words[0], owners, number));
        }

        return new CodeOwners(rules, skipped);
    }

    private static bool IsPattern(string text) =>
        text.Length is > 0 and <= 500 && text[0] != '!' && !text.AsSpan().ContainsAny('[', ']') && !text.Any(char.IsControl)
        && text.Count(c => c == '*') <= 20;

    /// <summary>Words between white space; "\ " is a space in a name; "#" begins a comment at the start of a word.</summary>
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && i + 1 < line.Length && line[i + 1] is ' ' or '#' && words.Count == 0)
            {
                word.Append(line[++i]);
            }
            else if (char.IsWhiteSpace(c))
            {
                Keep();
            }
            else if (c == '#' && word.Length == 0)
            {
                break;
            }
            else
            {
                word.Append(c);
            }
        }

        Keep();
        return words;

        void Keep()
        {
            if (word.Length > 0 && words.Count < 200)
            {
                words.Add(word.ToString());
            }

            word.Clear();
        }
    }

    /// <summary>gitignore's rules without negation: a slash before the end anchors; a name alone matches at any depth and all below it.</summary>
    internal static Regex Compile(string pattern)
    {
        var body = pattern.TrimEnd('/');
        var folderOnly = pattern.EndsWith('/');
        var anchored = body.Contains('/', StringComparison.Ordinal);
        body = body.TrimStart('/');
        var regex = new StringBuilder(anchored ? "^" : "^(.*/)?");
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] == '*' && i + 1 < body.Length && body[i + 1] == '*')
            {
                var slash = i + 2 < body.Length && body[i + 2] == '/';
                regex.Append(slash ? "(.*/)?" : ".*");
                i += slash ? 2 : 1;
            }
            else
            {
                regex.Append(body[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
            }
        }

        // "docs/*" owns the files in docs and no deeper; anything else owns what lies below it too.
        var shallow = body.EndsWith("/*", StringComparison.Ordinal) && !body.EndsWith("**", StringComparison.Ordinal);
        regex.Append(folderOnly ? "/.*$" : shallow ? "$" : "(/.*)?$");
        return new Regex(regex.ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    [GeneratedRegex(@"^(@[A-Za-z0-9](-?[A-Za-z0-9_.]){0,98}(/[A-Za-z0-9_.\-]{1,100})?|[^@\s]{1,100}@[^@\s]{1,150})$", RegexOptions.NonBacktracking)]
    private static partial Regex Owner();
}
