using NhiGovernance.Common;

namespace NhiGovernance.Sources.Connectors.Git;

internal enum GitTransport
{
    Https,
    Ssh,
    File,
}

/// <summary>Where a repository is. Made only by <see cref="TryParse"/>, so that what reaches the program is one of three known shapes.</summary>
internal sealed record GitAddress(GitTransport Transport, string Operand, Uri? Uri, string Place)
{
    public string Protocol => Transport switch { GitTransport.Https => "https", GitTransport.Ssh => "ssh", _ => "file" };

    /// <summary>The web page's root for links and join keys: "https://github.com/acme/ledger". Null for local repositories.</summary>
    public string? WebRoot => Uri is null ? null : $"https://{Uri.Host}{(Transport == GitTransport.Https && !Uri.IsDefaultPort ? $":{Uri.Port}" : "")}/{Place}";

    /// <summary>"acme" of "acme/ledger"; empty when the place has one segment.</summary>
    public string Owner => Place.IndexOf('/', StringComparison.Ordinal) is > 0 and var cut ? Place[..cut] : "";

    public static Result<GitAddress> TryParse(string text, IReadOnlyList<string> localRoots)
    {
        var value = text.Trim();
        if (value.Length == 0)
        {
            return Refuse("Give the repository's address: https://, ssh:// or a local path.");
        }

        if (value.Length > 2000 || value.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || value[0] == '-')
        {
            return Refuse("The address holds characters that no repository address has.");
        }

        if (value[0] == '/' || value.StartsWith("file://", StringComparison.OrdinalIgnoreCase))
        {
            return Local(value, localRoots);
        }

        if (!value.Contains("://", StringComparison.Ordinal))
        {
            return Refuse("Write the address in full: https://host/owner/name.git, or ssh://git@host/owner/name.git instead of git@host:owner/name.git.");
        }

        return System.Uri.TryCreate(value, UriKind.Absolute, out var uri) ? Remote(uri) : Refuse("The address cannot be read.");
    }

    private static Result<GitAddress> Remote(Uri uri)
    {
        var transport = uri.Scheme switch { "https" => GitTransport.Https, "ssh" => GitTransport.Ssh, _ => (GitTransport?)null };
        if (transport is null)
        {
            return Refuse($"The protocol {uri.Scheme} is not allowed. https and ssh are; local paths below the folders of Sources:GitLocalRoots.");
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal) || (transport == GitTransport.Https && uri.UserInfo.Length > 0))
        {
            return Refuse("The address holds a user name or a secret. Take it out of the address; a token belongs in the secret field.");
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return Refuse("The address holds a query or a fragment. A repository's address has neither; a token belongs in the secret field.");
        }

        if (uri.IdnHost.Length == 0 || uri.IdnHost[0] == '-' || !uri.IdnHost.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '_')
            || !uri.UserInfo.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') || uri.UserInfo.StartsWith('-'))
        {
            return Refuse("The address names no host, or holds characters that no host or user name has.");
        }

        var place = uri.AbsolutePath.Trim('/');
        place = place.EndsWith(".git", StringComparison.Ordinal) ? place[..^4] : place;
        return place.Length == 0 || place.Length > 300
            ? Refuse("The address names no repository.")
            : new GitAddress(transport.Value, uri.AbsoluteUri, uri, System.Uri.UnescapeDataString(place));
    }

    private static Result<GitAddress> Local(string value, IReadOnlyList<string> roots)
    {
        if (roots.Count == 0)
        {
            return Refuse("Local paths are switched off. An Admin names the folders below which they are allowed in the setting Sources:GitLocalRoots.");
        }

        var path = value[0] == '/' ? value : System.Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Host.Length == 0 ? uri.LocalPath : "";
        if (ConfiguredFolders.Resolve(path, roots) is not { } real || !Directory.Exists(real))
        {
            return Refuse("There is no such folder below those named in the setting Sources:GitLocalRoots.");
        }

        var place = Path.GetFileName(real);
        return new GitAddress(GitTransport.File, real, null, place.EndsWith(".git", StringComparison.Ordinal) && place.Length > 4 ? place[..^4] : place);
    }

    private static Result<GitAddress> Refuse(string message) => new Error.Invalid("url", message);
}
