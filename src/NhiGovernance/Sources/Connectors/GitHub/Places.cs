using System.Globalization;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>An organization or a user whose repositories are read.</summary>
/// <param name="IsSelf">The user that the token signs in as: only their own token lists their private repositories.</param>
internal sealed record OwnerPlace(long Id, string Login, bool IsOrganization, bool IsSelf)
{
    public PlaceReference Reference => new("organization", Login);

    /// <summary>Stays when the account is renamed.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"owner:{Id}");
}

/// <param name="FullName">"acme/ledger".</param>
/// <param name="DefaultBranch">Null when GitHub did not say.</param>
internal sealed record RepositoryPlace(OwnerPlace Owner, long Id, string FullName, string? DefaultBranch, string Visibility, bool Archived)
{
    public PlaceReference Reference => new("repository", FullName);

    /// <summary>Stays when the repository is renamed or moved.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"repository:{Id}");

    /// <summary>"repos/acme/ledger", each segment escaped.</summary>
    public string Path { get; } = "repos/" + string.Join('/', FullName.Split('/').Select(Uri.EscapeDataString));
}
