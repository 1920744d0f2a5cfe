using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Filtering;

/// <summary>
/// Which identities: what the list, its facets, counts, exports, the API and bulk commands share. It prints to and parses from
/// a query string, so that a link is a list. Everything left empty is "any", except that retired ones are listed only when
/// <see cref="States"/> names them.
/// </summary>
public sealed record IdentityFilter
{
    public static readonly IdentityFilter All = new();

    /// <summary><c>kind</c>: <see cref="IdentityKind"/>.</summary>
    public Choice Kinds { get; init; } = Choice.Any;

    /// <summary><c>provider</c>: a connector's key.</summary>
    public Choice Providers { get; init; } = Choice.Any;

    /// <summary><c>source</c>: a source's id.</summary>
    public Choice Sources { get; init; } = Choice.Any;

    /// <summary><c>team</c>: a team's key, or "none".</summary>
    public Choice Teams { get; init; } = Choice.Any;

    /// <summary><c>product</c>: a product's key, or "none".</summary>
    public Choice Products { get; init; } = Choice.Any;

    /// <summary><c>service</c>: a service's key, or "none".</summary>
    public Choice Services { get; init; } = Choice.Any;

    /// <summary><c>environment</c>: an environment's key, or "none".</summary>
    public Choice Environments { get; init; } = Choice.Any;

    /// <summary><c>state</c>: <see cref="Presence"/>.</summary>
    public Choice States { get; init; } = Choice.Any;

    /// <summary><c>used</c>.</summary>
    public TimeFilter LastUsed { get; init; }

    /// <summary><c>expires</c>.</summary>
    public TimeFilter Expires { get; init; }

    /// <summary><c>seen</c>: first seen.</summary>
    public TimeFilter FirstSeen { get; init; }

    /// <summary><c>disabled</c>: true or false.</summary>
    public bool? Disabled { get; init; }

    /// <summary><c>alters</c>: can alter a release.</summary>
    public bool? AltersRelease { get; init; }

    /// <summary><c>privileged</c>.</summary>
    public bool? Privileged { get; init; }

    /// <summary><c>q</c>: words, all of which the name or place must contain.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>Every key of the text form, and what it takes.</summary>
    public static IReadOnlyList<(string Name, string Says)> Keys => IdentityFilterText.Keys;

    /// <summary>True when nothing is asked for.</summary>
    public bool IsAll => this == All;

    /// <summary>Of it only what says to whom and where a thing belongs: team, product, service and environment.</summary>
    public IdentityFilter Belonging() => new() { Teams = Teams, Products = Products, Services = Services, Environments = Environments };

    /// <summary>Reads a filter; keys that are none of a filter's are skipped (sort, cursor). All faults at once.</summary>
    public static Result<IdentityFilter> Parse(IEnumerable<KeyValuePair<string, string?>> query) => IdentityFilterText.Parse(query);

    /// <summary>Reads "?kind=DeployKey&amp;q=ledger", with or without the question mark.</summary>
    public static Result<IdentityFilter> Parse(string queryString) => IdentityFilterText.Parse(QueryText.Read(queryString));

    /// <summary>The parts as key and value, in a fixed order; only what is asked for.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToPairs() => IdentityFilterText.Pairs(this);

    /// <summary>"kind=DeployKey&amp;q=ledger", escaped, without a question mark; empty for <see cref="All"/>.</summary>
    public string ToQueryString() => QueryText.Write(ToPairs());
}
