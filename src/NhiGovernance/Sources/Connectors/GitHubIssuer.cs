namespace NhiGovernance.Sources.Connectors;

/// <summary>
/// Who signs the OIDC tokens of workflow jobs: https://docs.github.com/actions/reference/security/oidc and, for Enterprise Cloud with
/// data residency, https://docs.github.com/enterprise-cloud@latest/admin/data-residency/feature-overview-for-github-enterprise-cloud-with-data-residency.
/// </summary>
public static class GitHubIssuer
{
    private const string Residency = ".ghe.com";

    /// <summary>Of GitHub's own hosts, by the address of pages, API or Git; null for any other host, which may be an Enterprise Server or not GitHub at all.</summary>
    public static string? Of(Uri address)
    {
        var host = address.IdnHost.TrimEnd('.').ToLowerInvariant();
        if (host is "github.com" or "www.github.com" or "api.github.com" or "ssh.github.com")
        {
            return "https://token.actions.githubusercontent.com";
        }

        // "SUBDOMAIN.ghe.com", and "api.SUBDOMAIN.ghe.com" for its API.
        return host.EndsWith(Residency, StringComparison.Ordinal) && host[..^Residency.Length].Split('.') is { Length: > 0 } labels && labels[^1].Length > 0
            ? $"https://token.actions.{labels[^1]}{Residency}"
            : null;
    }

    /// <summary>Of a host that is known to be GitHub's: one of its own, or else an Enterprise Server.</summary>
    public static string OfGitHub(Uri address) => Of(address) ?? $"{address.Scheme}://{address.Authority}/_services/token";
}
