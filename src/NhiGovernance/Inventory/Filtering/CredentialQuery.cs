using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Filtering;

/// <summary>The text form of <see cref="ListCredentialsRequest"/>: <c>?kind=DeployKey,SshKey&amp;expires=within:30d&amp;q=ledger</c>.</summary>
public static class CredentialQuery
{
    public static Result<ListCredentialsRequest> Parse(Guid? identity, string? kind, string? expires, string? q, string? cursor, int? limit)
    {
        var faults = new List<FieldFault>();
        var kinds = new List<CredentialKind>();
        foreach (var word in (kind ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Enum.TryParse<CredentialKind>(word, ignoreCase: true, out var known) && Enum.IsDefined(known) && !char.IsAsciiDigit(word[0]))
            {
                kinds.Add(known);
            }
            else
            {
                faults.Add(new FieldFault("kind", $"kind: \"{word}\" is not one of {string.Join(", ", Enum.GetNames<CredentialKind>())}."));
            }
        }

        var time = TimeFilter.Parse(expires ?? string.Empty);
        if (time is null)
        {
            faults.Add(new FieldFault("expires", "expires: write before:2026-01-31, after:2026-01-31, within:30d, not-within:90d, past, never or unknown."));
        }

        return faults.Count > 0 ? new Error.Invalid(faults) : new ListCredentialsRequest(identity, kinds, time ?? default, q, cursor, limit ?? 50);
    }
}
