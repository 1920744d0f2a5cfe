using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>The settings, read and checked.</summary>
internal sealed record GitHubSettings(
    Uri Api, IReadOnlyList<string> Owners, bool UsesApp, string AppId, long InstallationId, IReadOnlyList<Regex> Include,
    IReadOnlyList<Regex> Exclude, int Concurrency, IReadOnlyDictionary<string, bool> Toggles)
{
    /// <summary>The enterprise by way of which app installations are read; empty: by way of each organization.</summary>
    public string Enterprise { get; private init; } = string.Empty;

    /// <summary>The App's installation on the enterprise; 0: the source's own sign-in is used.</summary>
    public long EnterpriseInstallationId { get; private init; }

    public const string DefaultAddress = "https://github.com";

    public bool IsCloud => Api.IdnHost == "api.github.com";

    /// <summary>Who signs the tokens of workflow jobs.</summary>
    public string OidcIssuer => GitHubIssuer.OfGitHub(Api);

    public bool IsOn(string toggle) => Toggles.GetValueOrDefault(toggle);

    public bool Reads(string fullName) =>
        (Include.Count == 0 || Include.Any(g => Matches(g, fullName))) && !Exclude.Any(g => Matches(g, fullName));

    /// <summary>What makes entity tags of an earlier run worthless when it changes.</summary>
    public string Form(SourceSettings raw)
    {
        var all = string.Join('\n', raw.Values.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));
        return "2:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16];
    }

    public static (GitHubSettings? Settings, IReadOnlyList<FieldFault> Faults) Read(SourceSettings raw)
    {
        var faults = new List<FieldFault>();
        var api = ApiOf(raw.Get(GitHubDescriptor.Address, DefaultAddress), faults);
        var owners = Words(raw.Get(GitHubDescriptor.Organization));
        if (owners.Count == 0)
        {
            faults.Add(new(GitHubDescriptor.Organization, "Name at least one organization or user."));
        }

        var enterprise = raw.Get(GitHubDescriptor.Enterprise).Trim();
        if (!IsName(enterprise))
        {
            faults.Add(new(GitHubDescriptor.Enterprise, "Give the enterprise's name as it stands in its address: letters, digits and hyphens."));
        }

        var ofEnterprise = 0L;
        if (raw.Get(GitHubDescriptor.EnterpriseInstallation).Trim() is { Length: > 0 } number
            && (!long.TryParse(number, CultureInfo.InvariantCulture, out ofEnterprise) || ofEnterprise <= 0))
        {
            faults.Add(new(GitHubDescriptor.EnterpriseInstallation, "Give the number that ends the address of the App's installation on the enterprise, or leave it empty."));
        }

        foreach (var owner in owners.Where(o => !IsName(o)))
        {
            faults.Add(new(GitHubDescriptor.Organization, $"\"{Text.Clean(owner, 60)}\" cannot be the name of an organization or user."));
        }

        var usesApp = raw.Get(GitHubDescriptor.Auth, "token") == "app";
        var appId = raw.Get(GitHubDescriptor.AppId).Trim();
        _ = long.TryParse(raw.Get(GitHubDescriptor.Installation).Trim(), CultureInfo.InvariantCulture, out var installation);
        if (usesApp && appId.Length == 0)
        {
            faults.Add(new(GitHubDescriptor.AppId, "Give the App's id or client id; it is on the App's settings page."));
        }

        if (usesApp && installation <= 0)
        {
            faults.Add(new(GitHubDescriptor.Installation, "Give the installation's number; it ends the address of the installation's settings page."));
        }

        var concurrency = 4;
        if (raw.Get(GitHubDescriptor.Concurrency) is { Length: > 0 } text
            && (!int.TryParse(text, CultureInfo.InvariantCulture, out concurrency) || concurrency is < 1 or > 20))
        {
            faults.Add(new(GitHubDescriptor.Concurrency, "Requests at once: a number from 1 to 20."));
        }

        var include = Globs(raw, GitHubDescriptor.Include, faults);
        var exclude = Globs(raw, GitHubDescriptor.Exclude, faults);
        var toggles = GitHubDescriptor.Toggles.ToDictionary(t => t.Key, t => raw.Values.ContainsKey(t.Key) ? raw.Is(t.Key) : t.Default == "true", StringComparer.Ordinal);
        return faults.Count > 0 || api is null
            ? (null, faults)
            : (new(api, owners, usesApp, appId, installation, include, exclude, concurrency, toggles) { Enterprise = enterprise, EnterpriseInstallationId = ofEnterprise }, []);
    }

    private static bool IsName(string name) => name.Length <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>github.com has its API on a host of its own; an Enterprise Server has it below /api/v3.</summary>
    private static Uri? ApiOf(string address, List<FieldFault> faults)
    {
        if (!Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0
            || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            faults.Add(new(GitHubDescriptor.Address, "The address is https://github.com or that of your Enterprise Server, without user, query or fragment."));
            return null;
        }

        if (uri.IdnHost is "github.com" or "www.github.com" or "api.github.com")
        {
            return new("https://api.github.com/");
        }

        // Enterprise Cloud with data residency: https://SUBDOMAIN.ghe.com has its API on api.SUBDOMAIN.ghe.com.
        if (uri.IdnHost.EndsWith(".ghe.com", StringComparison.Ordinal))
        {
            return new($"https://{(uri.IdnHost.StartsWith("api.", StringComparison.Ordinal) ? "" : "api.")}{uri.IdnHost}/");
        }

        return new($"{uri.Scheme}://{uri.Authority}/api/v3/");
    }

    private static List<string> Words(string raw) =>
        [.. raw.Split([',', ';', ' ', '\n', '\r', '\t'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    private static List<Regex> Globs(SourceSettings raw, string key, List<FieldFault> faults)
    {
        var globs = new List<Regex>();
        foreach (var glob in Words(raw.Get(key)))
        {
            if (glob.Length > 200)
            {
                faults.Add(new(key, "A pattern is at most 200 characters long."));
                continue;
            }

            // A pattern without a slash means the repository's own name, whoever owns it.
            var whole = glob.Contains('/', StringComparison.Ordinal) ? glob : $"*/{glob}";
            var pattern = Regex.Escape(whole).Replace(@"\*", "[^/]*", StringComparison.Ordinal).Replace(@"\?", "[^/]", StringComparison.Ordinal);
            globs.Add(new($"^{pattern}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1)));
        }

        return globs;
    }

    private static bool Matches(Regex glob, string fullName) => glob.IsMatch(fullName);
}
