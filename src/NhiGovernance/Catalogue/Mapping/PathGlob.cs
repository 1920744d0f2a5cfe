namespace NhiGovernance.Catalogue.Mapping;

/// <summary>
/// A pattern over a place's path: <c>*</c> any characters within a segment, <c>**</c> any characters across segments,
/// <c>?</c> one character that is no slash; everything else stands for itself. Case-insensitive, anchored at both ends.
/// </summary>
/// <remarks>
/// Patterns come from people and tokens, so matching must not blow up: the pattern is a set of states kept in machine words,
/// and each character of the path moves them all at once. Time is path length times (pattern length / 64), whatever the input.
/// </remarks>
public sealed class PathGlob
{
    public const int MaxLength = 300;

    // State j: "the first j characters of the pattern, stars left out, are matched". A star is a loop on the state it follows.
    private readonly Dictionary<char, ulong[]> _letters = [];
    private readonly ulong[] _anyLetter;
    private readonly ulong[] _segmentLoops;
    private readonly ulong[] _pathLoops;
    private readonly int _states;

    public PathGlob(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Pattern = pattern;
        _states = pattern.Count(c => c != '*') + 1;
        var words = (_states + 63) / 64;
        (_anyLetter, _segmentLoops, _pathLoops) = (new ulong[words], new ulong[words], new ulong[words]);
        var state = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = Fold(pattern[i]);
            if (c == '*')
            {
                var across = i + 1 < pattern.Length && pattern[i + 1] == '*';
                Set(across ? _pathLoops : _segmentLoops, state);
                while (i + 1 < pattern.Length && pattern[i + 1] == '*')
                {
                    i++;
                }

                continue;
            }

            if (c == '?')
            {
                Set(_anyLetter, state);
            }
            else
            {
                if (!_letters.TryGetValue(c, out var bits))
                {
                    _letters[c] = bits = new ulong[words];
                }

                Set(bits, state);
            }

            state++;
        }

        var wild = pattern.AsSpan().IndexOfAny('*', '?');
        Prefix = wild < 0 ? pattern : pattern[..wild];
        IsLiteral = wild < 0;
    }

    public string Pattern { get; }

    /// <summary>What every match begins with; a cheap first test.</summary>
    public string Prefix { get; }

    public bool IsLiteral { get; }

    public bool Matches(string path)
    {
        if (!StartsWithPrefix(path))
        {
            return false;
        }

        if (IsLiteral)
        {
            return path.Length == Prefix.Length;
        }

        var words = _anyLetter.Length;
        Span<ulong> now = stackalloc ulong[words];
        now[0] = 1;
        foreach (var raw in path)
        {
            var c = Fold(raw);
            var letters = _letters.GetValueOrDefault(c);
            var slash = c == '/';
            var carry = 0UL;
            var alive = 0UL;
            for (var w = 0; w < words; w++)
            {
                var at = now[w];
                var accepts = (letters is null ? 0 : letters[w]) | (slash ? 0 : _anyLetter[w]);
                var moved = at & accepts;
                var loops = _pathLoops[w] | (slash ? 0 : _segmentLoops[w]);
                now[w] = (moved << 1) | carry | (at & loops);
                carry = moved >> 63;
                alive |= now[w];
            }

            if (alive == 0)
            {
                return false;
            }
        }

        var last = _states - 1;
        return (now[last / 64] >> (last % 64) & 1) == 1;
    }

    private bool StartsWithPrefix(string path)
    {
        if (path.Length < Prefix.Length)
        {
            return false;
        }

        for (var i = 0; i < Prefix.Length; i++)
        {
            if (Fold(path[i]) != Fold(Prefix[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Two paths are the same place for a rule when these are equal.</summary>
    internal static string Fold(string path) => string.Create(path.Length, path, static (folded, from) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = Fold(from[i]);
        }
    });

    private static char Fold(char c) => char.ToLowerInvariant(c);

    private static void Set(ulong[] bits, int state) => bits[state / 64] |= 1UL << (state % 64);
}
