using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NhiGovernance.Sources.Connectors.GitHub.Http;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>
/// What one scope reads with. Keeps the entity tags of all that it asked for, so that the next run can prove that nothing
/// changed, and the permissions that were missing for parts of it.
/// </summary>
internal sealed class ScopeReading(GitHubHttp http, ScopeTags? before, string issuer, PlaceTags? place = null)
{
    /// <summary>Beyond this many requests a scope is read in full each time.</summary>
    private const int MostTags = 300;

    private readonly List<RequestTag> _tags = [];
    private (Uri Address, Answer<byte[]> Answer)? _kept;
    private bool _provable = true;

    /// <summary>Permissions that parts of the scope lacked. Any makes the scope end Denied, with what was seen kept.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>What the run says of this reading.</summary>
    public List<string> Notes { get; } = [];

    public int Items { get; private set; }

    /// <summary>What earlier runs left behind for this organization or repository.</summary>
    public PlaceTags Place { get; } = place ?? new PlaceTags(string.Empty, []);

    /// <summary>Scopes of a classic token; null for fine-grained tokens and apps.</summary>
    public IReadOnlyList<string>? TokenScopes => http.Facts.Scopes;

    /// <summary>Who signs the OIDC tokens of workflow jobs here.</summary>
    public string Issuer => issuer;

    /// <summary>What to remember after a complete reading.</summary>
    public ScopeTags Tags(DateTimeOffset readAt) =>
        new(readAt, Items, _provable && _tags.Count is > 0 and <= MostTags ? _tags : []);

    /// <summary>True when everything that the last complete reading asked for answers 304.</summary>
    public async Task<bool> IsUnchangedAsync(CancellationToken cancellationToken)
    {
        if (before is not { Requests.Count: > 0 } || http.Clock.GetUtcNow() - before.ReadAt > http.Limits.TrustTagsFor)
        {
            return false;
        }

        foreach (var (path, etag) in before.Requests)
        {
            var address = http.At(path);
            var answer = await http.GetBytesAsync(address, etag, cancellationToken);
            if (!answer.IsUnchanged)
            {
                _kept = (address, answer);
                return false;
            }
        }

        return true;
    }

    public IAsyncEnumerable<IReadOnlyList<T>> ListAsync<T>(string path, JsonTypeInfo<T[]> type, Func<T, string> key, CancellationToken cancellationToken) =>
        ListAsync(path, new PageShape<T[], T>(type, static page => page, static _ => null, key), cancellationToken);

    /// <exception cref="GitHubRefusal">The list was not read to its end.</exception>
    public async IAsyncEnumerable<IReadOnlyList<TItem>> ListAsync<TPage, TItem>(
        string path, PageShape<TPage, TItem> shape, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TPage : class
    {
        var size = Math.Min(shape.MostPerPage, http.Limits.PageSize);
        var first = http.At($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}per_page={size}");
        var walk = new PageWalk<TPage, TItem>(http, shape, (address, token) => KeptAsync(address, shape.Type, token));
        await foreach (var items in walk.ReadAsync(first, before?.Items > 0 && Items == 0, cancellationToken))
        {
            Items += items.Count;
            yield return items;
        }

        foreach (var mark in walk.Marks)
        {
            Remember(mark.Address, mark.ETag);
        }

        // A full last page may be followed by a new one without changing its own tag.
        _provable &= walk.Marks[^1].Items.Count < size;
    }

    /// <summary>One page of a list that has no end, and where it goes on. Nothing can be proven of such a list.</summary>
    public async Task<(IReadOnlyList<T> Items, Uri? Next)> PageAsync<T>(string path, JsonTypeInfo<T[]> type, CancellationToken cancellationToken)
        where T : class
    {
        _provable = false;
        var answer = await http.GetAsync(http.At(path), type, null, cancellationToken);
        return answer.Body!.Contains(null!)
            ? throw GitHubRefusal.Broken("GitHub's answer holds an empty place where an object should be.")
            : (answer.Body!, answer.Next);
    }

    /// <summary>An address of this API as a path: what is kept may not choose a host.</summary>
    public string PathOf(Uri address) => http.Home.MakeRelativeUri(address).ToString();

    public DateTimeOffset Now => http.Clock.GetUtcNow();

    public int PageSize => http.Limits.PageSize;

    /// <summary>One document.</summary>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var address = http.At(path);
        var answer = await KeptAsync(address, type, cancellationToken) ?? await http.GetAsync(address, type, null, cancellationToken);
        Remember(address, answer.ETag);
        return answer.Body!;
    }

    /// <summary>
    /// One document, a part of the scope: null when it is refused. A missing permission is noted, so that the scope ends
    /// Denied; a 404 or a feature that is off is simply not there.
    /// </summary>
    /// <param name="extra">
    /// Not every server has it: a 404 is how one without it always answers, so the rest of the scope may still be proven unchanged.
    /// </param>
    public async Task<Part<T>> PartAsync<T>(
        string path, JsonTypeInfo<T> type, string permission, CancellationToken cancellationToken, bool hidden = false, bool extra = false)
        where T : class
    {
        try
        {
            return new(await GetAsync(path, type, cancellationToken), null);
        }
        catch (GitHubRefusal refusal) when (refusal.Kind == RefusalKind.Denied || (hidden && refusal.Kind == RefusalKind.NotFound))
        {
            _provable = false;
            Missing.Add(refusal.Permission ?? permission);
            return new(null, refusal.Permission ?? permission);
        }
        catch (GitHubRefusal refusal) when (refusal.Kind is RefusalKind.NotFound or RefusalKind.FeatureOff)
        {
            _provable &= extra;
            return new(null, null);
        }
    }

    private void Remember(Uri address, string? etag)
    {
        _provable &= etag is not null;
        if (etag is not null && _tags.Count <= MostTags)
        {
            // Paths, not addresses: nothing that is kept may choose a host.
            _tags.Add(new(PathOf(address), etag));
        }
    }

    /// <summary>The answer that broke the proof is not asked for a second time.</summary>
    private Task<Answer<T>?> KeptAsync<T>(Uri address, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_kept is not { } kept || kept.Address != address || kept.Answer.Status != HttpStatusCode.OK)
        {
            return Task.FromResult<Answer<T>?>(null);
        }

        _kept = null;
        try
        {
            var body = JsonSerializer.Deserialize(kept.Answer.Body!, type);
            return Task.FromResult(body is null ? null : new Answer<T>(HttpStatusCode.OK, body, kept.Answer.ETag, kept.Answer.Next, kept.Answer.LastPage));
        }
        catch (JsonException)
        {
            return Task.FromResult<Answer<T>?>(null);
        }
    }
}

/// <param name="Denied">The permission that is missing; null when the document is simply not there.</param>
internal sealed record Part<T>(T? Value, string? Denied)
    where T : class
{
    /// <summary>A field of the document, or why it is not known.</summary>
    public Contract.KnownValue Known(Func<T, Contract.KnownValue> field) =>
        Value is not null ? field(Value) : Denied is not null ? Contract.KnownValue.Denied(Denied) : Contract.KnownValue.NotExposed;
}
