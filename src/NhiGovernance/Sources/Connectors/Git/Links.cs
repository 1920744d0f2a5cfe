using System.Globalization;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>Addresses of web pages, where the host's scheme of them is known.</summary>
internal static class Links
{
    public static string? File(GitAddress address, string? branch, string path, int? line = null)
    {
        if (branch is null || address.WebRoot is not { } root || address.Uri is not { } uri)
        {
            return null;
        }

        var name = Uri.EscapeDataString(branch).Replace("%2F", "/", StringComparison.Ordinal);
        var file = Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal);
        var anchor = line is { } number ? string.Create(CultureInfo.InvariantCulture, $"#L{number}") : "";
        var link = uri.IdnHost.Contains("github", StringComparison.OrdinalIgnoreCase) ? $"{root}/blob/{name}/{file}{anchor}"
            : uri.IdnHost.Contains("gitlab", StringComparison.OrdinalIgnoreCase) ? $"{root}/-/blob/{name}/{file}{anchor}"
            : null;
        return link?.Length <= 1000 ? link : null;
    }
}
