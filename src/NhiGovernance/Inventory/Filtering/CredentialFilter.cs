using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Filtering;

/// <summary>
/// Which credentials, as <see cref="IdentityFilter"/> says which identities: it parses from a query string,
/// <c>?kind=DeployKey,SshKey&amp;expires=within:30d&amp;q=ledger</c>.
/// </summary>
public sealed record CredentialFilter
{
    public static readonly CredentialFilter All = new();

    /// <summary><c>identity</c>: only those of one identity, by its id.</summary>
    public Guid? IdentityId { get; init; }

    /// <summary><c>kind</c>: <see cref="CredentialKind"/>.</summary>
    public Choice Kinds { get; init; } = Choice.Any;

    /// <summary><c>state</c>: <see cref="Presence"/>; any leaves out retired ones, unless one identity is asked for.</summary>
    public Choice States { get; init; } = Choice.Any;

    /// <summary><c>used</c>: of the credential itself.</summary>
    public TimeFilter LastUsed { get; init; }

    /// <summary><c>expires</c>.</summary>
    public TimeFilter Expires { get; init; }

    /// <summary><c>q</c>: what the name must contain.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>Whose they are: provider, source, team, product, service and environment of the identity. Its other parts are not asked for.</summary>
    public IdentityFilter Of { get; init; } = IdentityFilter.All;

    /// <summary>True when nothing is asked for.</summary>
    public bool IsAll => this == All;

    /// <summary>What <see cref="Parse"/> reads, in words; <c>identity</c> stands by itself.</summary>
    public static IReadOnlyList<(string Name, string Says)> Keys { get; } =
    [
        ("kind", $"One of {string.Join(", ", Enum.GetNames<CredentialKind>())}. {IdentityFilterText.Several}"),
        .. IdentityFilterText.Keys.Where(k => k.Name is "q" or "state" or "used" or "expires"),
        .. IdentityFilterText.Keys.Where(k => IsOfIdentity(k.Name)).Select(k => (k.Name, "Of its identity: " + k.Says)),
    ];

    /// <summary>True for the parts that ask whose a credential is.</summary>
    public static bool IsOfIdentity(string key) => key is "provider" or "source" or "team" or "product" or "service" or "environment";

    /// <summary>Reads a filter; keys that are none of a filter's are skipped (sort, cursor). All faults at once.</summary>
    public static Result<CredentialFilter> Parse(Guid? identity, IEnumerable<KeyValuePair<string, string?>> query)
    {
        var parts = FilterText.Read(query);
        var read = IdentityFilter.Parse(parts.Where(p => p.Key is "state" or "used" or "expires" || IsOfIdentity(p.Key))
            .Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));
        var faults = read.IsOk ? [] : read.Error is Error.Invalid invalid ? invalid.Faults.ToList() : [];
        var text = FilterText.Words(parts.GetValueOrDefault("q", string.Empty), faults);
        var kinds = FilterText.Enumerated<CredentialKind>("kind", parts.GetValueOrDefault("kind", string.Empty), faults);
        if (faults.Count > 0)
        {
            return new Error.Invalid(faults);
        }

        var of = read.Value;
        return new CredentialFilter
        {
            IdentityId = identity, Kinds = kinds, States = of.States, LastUsed = of.LastUsed, Expires = of.Expires, Text = text,
            Of = of.Belonging() with { Providers = of.Providers, Sources = of.Sources },
        };
    }
}
