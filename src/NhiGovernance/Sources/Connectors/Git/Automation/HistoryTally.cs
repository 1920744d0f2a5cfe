using NhiGovernance.Sources.Connectors.Git.Objects;
using NhiGovernance.Sources.Connectors.Git.Signatures;

namespace NhiGovernance.Sources.Connectors.Git.Automation;

/// <summary>
/// Counts signers and automation over commits and tags as they stream by. Bounded: what would make it larger than
/// <see cref="Most"/> is counted as left out, and said.
/// </summary>
internal sealed class HistoryTally(AutomationPatterns patterns, DateTimeOffset now)
{
    public const int Most = 5000;

    /// <summary>Clocks of committers are off, and some lie; a use in the future would never look dormant.</summary>
    private readonly DateTimeOffset _latest = now.AddDays(1);

    public Dictionary<string, SignerSum> Signers { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, AutomatonSum> Automata { get; } = new(StringComparer.Ordinal);

    public long Commits { get; private set; }

    public long SignedCommits { get; private set; }

    public long Tags { get; private set; }

    public long SignedTags { get; private set; }

    public long UnreadableSignatures { get; private set; }

    public long LeftOut { get; private set; }

    public void Add(CommitObject commit)
    {
        Commits++;
        SignedCommits += commit.Signatures.Count > 0 ? 1 : 0;
        Sign(commit.Signatures, commit.Author?.Email, commit.Committer?.At, tag: false);
        foreach (var tag in commit.MergedTags)
        {
            Sign(tag.Signatures, tag.Tagger?.Email, tag.Tagger?.At, tag: true);
        }

        var seen = new HashSet<string>();
        if (commit.Author is { } author && patterns.Match(author.Name, author.Email) is { } byAuthor && seen.Add(byAuthor.Key))
        {
            Count(byAuthor, commit, author: true);
        }

        if (commit.Committer is { } committer && patterns.Match(committer.Name, committer.Email) is { } byCommitter && seen.Add(byCommitter.Key))
        {
            Count(byCommitter, commit, author: false);
        }

        foreach (var (key, value) in Trailers.Read(commit.Message))
        {
            if (patterns.MatchTrailer(key, value) is { } byTrailer && seen.Add(byTrailer.Key))
            {
                Count(byTrailer, commit, author: false);
            }
        }
    }

    public void Add(TagObject tag)
    {
        Tags++;
        SignedTags += tag.Signatures.Count > 0 ? 1 : 0;
        Sign(tag.Signatures, tag.Tagger?.Email, tag.Tagger?.At, tag: true);
    }

    /// <summary>Signatures that name only a key id belong to the fingerprint that ends in it, when one is known.</summary>
    public void Join()
    {
        var full = Signers.Values.Where(s => s.Key.StartsWith("gpg:", StringComparison.Ordinal) && s.PgpKeyId is not null)
            .GroupBy(s => s.PgpKeyId!).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.First());
        foreach (var partial in Signers.Values.Where(s => s.Key.StartsWith("gpg-id:", StringComparison.Ordinal)).ToList())
        {
            if (partial.PgpKeyId is { } id && full.TryGetValue(id, out var whole))
            {
                whole.Take(partial);
                Signers.Remove(partial.Key);
            }
        }
    }

    private void Sign(IReadOnlyList<string> signatures, string? email, DateTimeOffset? objectTime, bool tag)
    {
        foreach (var signature in signatures)
        {
            var keys = SignatureReader.Read(signature);
            if (keys.Count == 0)
            {
                UnreadableSignatures++;
            }

            foreach (var key in keys)
            {
                if (!Signers.TryGetValue(key.Key, out var sum))
                {
                    if (Signers.Count >= Most)
                    {
                        LeftOut++;
                        continue;
                    }

                    Signers[key.Key] = sum = SignerSum.Of(key, patterns.PlatformKey(key.PgpKeyId));
                }

                sum.Use(key, Usable(key.At) ?? Usable(objectTime), email, tag);
            }
        }
    }

    private void Count(Automaton who, CommitObject commit, bool author)
    {
        if (!Automata.TryGetValue(who.Key, out var sum))
        {
            if (Automata.Count >= Most)
            {
                LeftOut++;
                return;
            }

            Automata[who.Key] = sum = new AutomatonSum { Key = who.Key, Name = who.Name, Kind = who.Kind };
        }

        sum.Is(who.Kind);
        sum.Count(Usable(commit.Committer?.At), author, commit.Signatures.Count > 0);
    }

    private DateTimeOffset? Usable(DateTimeOffset? at) => at <= _latest ? at : null;
}
