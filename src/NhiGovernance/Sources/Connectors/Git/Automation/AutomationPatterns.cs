using System.Text.Json;
using System.Text.RegularExpressions;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git.Automation;

/// <summary>One known program that commits.</summary>
internal sealed record Automaton(string Key, string Name, IdentityKind Kind);

/// <summary>
/// Who is no person among authors and trailers: a company's own programs, the marks of <c>automation-patterns.json</c>, any login that ends
/// in "[bot]", and any address of the form "noreply@…": who takes no answers is not somebody to ask.
/// </summary>
internal sealed class AutomationPatterns
{
    private static readonly string[] NoReplies = ["noreply", "no-reply", "no_reply", "donotreply", "do-not-reply"];

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private readonly Dictionary<string, Automaton> _logins = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Automaton> _emails = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(Regex Pattern, bool OfEmail, Automaton Who)> _patterns = [];
    private readonly Dictionary<string, Automaton> _words = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _personTrailers;
    private readonly HashSet<string> _toolTrailers;
    private readonly HashSet<string> _platformNames;
    private readonly Dictionary<string, string> _platformKeys;

    public static readonly AutomationPatterns Known = Load();

    private AutomationPatterns(File file)
    {
        _personTrailers = new(file.PersonTrailers, StringComparer.OrdinalIgnoreCase);
        _toolTrailers = new(file.ToolTrailers, StringComparer.OrdinalIgnoreCase);
        _platformNames = new(file.PlatformNames, StringComparer.OrdinalIgnoreCase);
        _platformKeys = file.PlatformKeys.ToDictionary(k => k.KeyId, k => k.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var entry in file.Automation)
        {
            var who = new Automaton(entry.Key, entry.Name, Enum.Parse<IdentityKind>(entry.Kind));
            _words[entry.Key] = _words[entry.Name] = who;
            entry.Logins?.ForEach(l => _logins[l] = who);
            entry.Emails?.ForEach(e => _emails[e] = who);
            entry.NamePatterns?.ForEach(p => _patterns.Add((new Regex(p, Linear), false, who)));
            entry.EmailPatterns?.ForEach(p => _patterns.Add((new Regex(p, Linear), true, who)));
        }
    }

    private AutomationPatterns(AutomationPatterns known, IEnumerable<OwnProgram> own)
    {
        (_personTrailers, _toolTrailers, _platformNames, _platformKeys, _patterns) =
            (known._personTrailers, known._toolTrailers, known._platformNames, known._platformKeys, known._patterns);
        _logins = new(known._logins, StringComparer.OrdinalIgnoreCase);
        _emails = new(known._emails, StringComparer.OrdinalIgnoreCase);
        _words = new(known._words, StringComparer.OrdinalIgnoreCase);
        foreach (var program in own)
        {
            var who = new Automaton($"own:{program.Mark.ToLowerInvariant()}", program.Name, IdentityKind.Bot);
            (program.Mark.Contains('@', StringComparison.Ordinal) ? _emails : _logins)[program.Mark] = who;
        }
    }

    /// <summary>The same, and a company's own programs before them.</summary>
    public AutomationPatterns With(IReadOnlyCollection<OwnProgram> own) => own.Count == 0 ? this : new(this, own);

    /// <summary>False for a program that an earlier run found by a mark which the settings no longer name, or name otherwise.</summary>
    public bool Holds(string key)
    {
        var (kind, mark) = key.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (key[..colon], key[(colon + 1)..]) : (string.Empty, key);
        return kind switch
        {
            "own" => Own(mark),
            "email" or "login" => !Own(mark),
            _ => true,
        };
    }

    private bool Own(string mark) => (_emails.TryGetValue(mark, out var who) || _logins.TryGetValue(mark, out who)) && who.Key.StartsWith("own:", StringComparison.Ordinal);

    /// <summary>The name of the platform whose own key this is (it signs for whoever pressed a button), or null.</summary>
    public string? PlatformKey(string? keyId) => keyId is not null && _platformKeys.TryGetValue(keyId, out var name) ? name : null;

    /// <summary>Null for a person.</summary>
    public Automaton? Match(string name, string email)
    {
        var login = NoReplyLogin(email);
        if (_emails.TryGetValue(email, out var who) || (login is not null && _logins.TryGetValue(login, out who)) || _logins.TryGetValue(name, out who))
        {
            return who;
        }

        foreach (var (pattern, ofEmail, automaton) in _patterns)
        {
            if (pattern.IsMatch(ofEmail ? email : name))
            {
                return automaton;
            }
        }

        var bot = name.EndsWith("[bot]", StringComparison.OrdinalIgnoreCase) ? name
            : login?.EndsWith("[bot]", StringComparison.OrdinalIgnoreCase) == true ? login : null;
        return bot is not null ? new Automaton("login:" + bot.ToLowerInvariant(), bot, IdentityKind.Bot) : NoReply(name, email);
    }

    // A platform commits under such an address for whoever pressed a button there.
    private Automaton? NoReply(string name, string email)
    {
        var at = email.LastIndexOf('@');
        return at > 0 && at < email.Length - 1 && !_platformNames.Contains(name) && NoReplies.Contains(email[..at], StringComparer.OrdinalIgnoreCase)
            ? new Automaton("email:" + email.ToLowerInvariant(), email.ToLowerInvariant(), IdentityKind.Bot)
            : null;
    }

    /// <summary>From one trailer, or null: it names a person, or is none of the trailers that name authors.</summary>
    public Automaton? MatchTrailer(string key, string value)
    {
        if (_personTrailers.Contains(key))
        {
            var who = Objects.PersonStamp.Parse(value) is { } person ? Match(person.Name, person.Email) : null;

            // A program that nobody knows and that writes along with a person.
            return who is not null && who.Key.StartsWith("email:", StringComparison.Ordinal) && key.StartsWith("co-", StringComparison.OrdinalIgnoreCase)
                ? who with { Kind = IdentityKind.CodingAgent }
                : who;
        }

        if (!_toolTrailers.Contains(key))
        {
            return null;
        }

        var text = Objects.PersonStamp.Clean(value);
        if (Objects.PersonStamp.Parse(text) is { } stamp && Match(stamp.Name, stamp.Email) is { } known)
        {
            return known;
        }

        return _words.Where(w => Contains(text, w.Key)).Select(w => w.Value).FirstOrDefault()
            ?? (text.Length > 0 ? new Automaton($"trailer:{text.ToLowerInvariant()}", text, IdentityKind.CodingAgent) : null);
    }

    /// <summary>"49699333+dependabot[bot]@users.noreply.github.com" to "dependabot[bot]".</summary>
    private static string? NoReplyLogin(string email)
    {
        var at = email.IndexOf("@users.noreply.", StringComparison.OrdinalIgnoreCase);
        return at <= 0 ? null : email[(email.IndexOf('+', StringComparison.Ordinal) is var plus && plus < at ? plus + 1 : 0)..at];
    }

    private static bool Contains(string text, string word)
    {
        var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
            && (at + word.Length == text.Length || !char.IsLetterOrDigit(text[at + word.Length]));
    }

    private static AutomationPatterns Load() =>
        new(JsonSerializer.Deserialize<File>(EmbeddedFile.Open("automation-patterns.json"), JsonSerializerOptions.Web)!);

    private sealed record File(List<Entry> Automation, List<string> PersonTrailers, List<string> ToolTrailers, List<string> PlatformNames, List<PlatformKeyEntry> PlatformKeys);

    private sealed record Entry(string Key, string Name, string Kind)
    {
        public List<string>? Logins { get; init; }

        public List<string>? Emails { get; init; }

        public List<string>? NamePatterns { get; init; }

        public List<string>? EmailPatterns { get; init; }
    }

    private sealed record PlatformKeyEntry(string KeyId, string Name);
}
