using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using NhiGovernance.Sources.Connectors.GitHub.Http;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>How to see a page as a list.</summary>
/// <param name="Items">Null when the answer holds no list, which is an error and never an empty list.</param>
/// <param name="Key">What tells one item from another.</param>
internal sealed record PageShape<TPage, TItem>(
    JsonTypeInfo<TPage> Type, Func<TPage, IReadOnlyList<TItem>?> Items, Func<TPage, long?> Total, Func<TItem, string> Key)
{
    /// <summary>GitHub gives at most 30 variables a page, and 100 of everything else.</summary>
    public int MostPerPage { get; init; } = 100;
}

/// <summary>What is remembered of a page: enough to see whether it is still the same, and to go on from it.</summary>
internal sealed record PageMark(Uri Address, string? ETag, ulong Keys, IReadOnlyList<ulong> Items, Uri? Next, int? LastPage, long? Total);

/// <summary>
/// Reads a list page by page to its end, and proves that it was one list: while pages are read, items come and go, and what
/// slides over a page's edge would be missed. So a list of several numbered pages is checked once more, by entity tags; if it
/// changed, that second reading counts and is checked again.
/// </summary>
internal sealed class PageWalk<TPage, TItem>(GitHubHttp http, PageShape<TPage, TItem> shape, Func<Uri, CancellationToken, Task<Answer<TPage>?>> kept)
    where TPage : class
{
    private readonly HashSet<ulong> _seen = [];

    /// <summary>The pages of the reading that counts.</summary>
    public List<PageMark> Marks { get; private set; } = [];

    /// <param name="mustNotBeEmpty">It had items before: an empty answer is asked for a second time.</param>
    /// <exception cref="GitHubRefusal">The list was not read to its end.</exception>
    public async IAsyncEnumerable<IReadOnlyList<TItem>> ReadAsync(
        Uri first, bool mustNotBeEmpty, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var pass = 1; ; pass++)
        {
            var before = Marks;
            Marks = [];
            _seen.Clear();
            var circle = new CircleCheck(first, http.Limits.MaxPages);
            for (var address = first; address is not null;)
            {
                var items = await PageAsync(address, before, cancellationToken);
                address = circle.Next(Marks[^1]);
                if (items is { Count: > 0 })
                {
                    yield return items;
                }
            }

            var same = pass > 1 && Same(before, Marks);
            var cursor = Marks.Count > 1 && Marks[0].Next is { } second && LinkHeader.PageNumber(second.Query) is null;
            var emptyOnce = mustNotBeEmpty && _seen.Count == 0 && !same;
            if (IsWhole() && (same || cursor || Marks.Count == 1) && !emptyOnce)
            {
                yield break;
            }

            if (same && !IsWhole())
            {
                throw GitHubRefusal.Broken("GitHub listed fewer things than it counts, or some of them twice, again and again.");
            }

            if (pass >= http.Limits.MaxPasses)
            {
                throw GitHubRefusal.Broken("The list kept changing while it was read; the next run reads it again.");
            }
        }
    }

    /// <summary>
    /// As many things as GitHub counts, as many pages as it promised, and nothing on two pages: what stands twice has pushed
    /// something else out.
    /// </summary>
    private bool IsWhole()
    {
        var total = Marks.Max(m => m.Total);
        var promised = Marks.Max(m => m.LastPage) ?? 0;
        var reached = LinkHeader.PageNumber(Marks[^1].Address.Query) ?? Marks.Count;
        var listed = Marks.Sum(m => m.Items.Count);
        return (total is null || _seen.Count >= total) && reached >= promised && (Marks.Count == 1 || listed == _seen.Count);
    }

    private static bool Same(List<PageMark> a, List<PageMark> b) =>
        a.Count == b.Count && a.Zip(b).All(p => p.First.Keys == p.Second.Keys && p.First.Items.Count == p.Second.Items.Count);

    /// <summary>Null when the page is what it was at the pass before.</summary>
    private async Task<IReadOnlyList<TItem>?> PageAsync(Uri address, List<PageMark> before, CancellationToken cancellationToken)
    {
        var old = before.Find(m => m.Address == address);
        Answer<TPage> answer;
        try
        {
            answer = (before.Count == 0 && Marks.Count == 0 ? await kept(address, cancellationToken) : null)
                ?? await http.GetAsync(address, shape.Type, old?.ETag, cancellationToken);
        }
        catch (GitHubRefusal refusal) when (refusal.Kind is RefusalKind.NotFound or RefusalKind.FeatureOff && Marks.Count > 0)
        {
            throw GitHubRefusal.Broken($"The list was cut off at page {Marks.Count + 1}: GitHub answered {(int)refusal.Status}.", refusal.Status);
        }

        if (answer.IsUnchanged && old is not null)
        {
            _seen.UnionWith(old.Items);
            Marks.Add(old with { Next = answer.Next ?? old.Next });
            return null;
        }

        var items = (answer.Body is null ? null : shape.Items(answer.Body))
            ?? throw GitHubRefusal.Broken("GitHub's answer does not hold the list that was asked for.");
        if (items.Any(i => i is null))
        {
            throw GitHubRefusal.Broken("GitHub's answer holds an empty place where an object should be.");
        }

        var prints = items.Select(i => Fingerprint.Add(Fingerprint.Start, shape.Key(i))).ToList();
        _seen.UnionWith(prints);
        var keys = prints.Aggregate(Fingerprint.Start, (all, one) => (all ^ one) * 1099511628211);
        Marks.Add(new(address, answer.ETag, keys, prints, answer.Next, answer.LastPage, shape.Total(answer.Body!)));
        return items;
    }
}

/// <summary>Notices that pages go round for ever.</summary>
internal sealed class CircleCheck(Uri first, int most)
{
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal) { first.AbsoluteUri };
    private readonly HashSet<ulong> _contents = [];
    private int _pages;

    /// <exception cref="GitHubRefusal">The page was there before, or its next one was.</exception>
    public Uri? Next(PageMark page)
    {
        _pages++;
        if ((page.Items.Count > 0 && !_contents.Add(page.Keys)) || (page.Next is { } next && !_addresses.Add(next.AbsoluteUri)))
        {
            throw GitHubRefusal.Broken($"GitHub's list goes round in a circle at page {_pages}.");
        }

        return page.Next is not null && _pages >= most ? throw GitHubRefusal.Broken($"The list has more than {most} pages.") : page.Next;
    }
}

/// <summary>FNV-1a, 64 bits: for telling pages apart, not for security.</summary>
internal static class Fingerprint
{
    public const ulong Start = 14695981039346656037;

    public static ulong Add(ulong hash, string text)
    {
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 1099511628211;
        }

        return (hash ^ 0xFFFF) * 1099511628211;
    }
}
