using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Filtering;

/// <summary>The text form of <see cref="ListCredentialsRequest"/>: <c>?kind=DeployKey,SshKey&amp;expires=within:30d&amp;q=ledger</c>.</summary>
public static class CredentialQuery
{
    /// <summary>What <see cref="Parse"/> reads, in words.</summary>
    public static IReadOnlyList<(string Name, string Says)> Keys { get; } =
    [
        ("kind", $"One of {string.Join(", ", Enum.GetNames<CredentialKind>())}. {IdentityFilterText.Several}"),
        .. IdentityFilterText.Keys.Where(k => k.Name is "q" or "state" or "used" or "expires"),
        .. IdentityFilterText.Keys.Where(k => k.Name is "source" or "team" or "product" or "service" or "environment").Select(k => (k.Name, "Of its identity: " + k.Says)),
    ];

    /// <summary>
    /// Of the query: <c>kind</c>, <c>state</c>, <c>expires</c> and <c>used</c> of the credential; <c>source</c>, <c>team</c>,
    /// <c>product</c>, <c>service</c> and <c>environment</c> of whose it is. All faults at once.
    /// </summary>
    public static Result<ListCredentialsRequest> Parse(
        Guid? identity, IEnumerable<KeyValuePair<string, string?>> query, string? cursor, int? limit)
    {
        var parts = FilterText.Read(query);
        var of = IdentityFilter.Parse(parts.Where(p => p.Key is "state" or "used" or "expires" or "source" or "team" or "product" or "service" or "environment")
            .Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));
        var faults = of.IsOk ? [] : of.Error is Error.Invalid invalid ? invalid.Faults.ToList() : [];
        var text = FilterText.Words(parts.GetValueOrDefault("q", string.Empty), faults);
        var kinds = FilterText.Enumerated<CredentialKind>("kind", parts.GetValueOrDefault("kind", string.Empty), faults);
        if (faults.Count > 0)
        {
            return new Error.Invalid(faults);
        }

        return new ListCredentialsRequest(
            identity, kinds.IsAny ? null : [.. Enum.GetValues<CredentialKind>().Where(k => kinds.Admits(k.ToString()))], of.Value.Expires, text, cursor,
            limit ?? 50, of.Value.LastUsed, of.Value.States, of.Value);
    }
}
