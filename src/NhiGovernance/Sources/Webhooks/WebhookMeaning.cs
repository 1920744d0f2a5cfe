using System.Text.Json;
using System.Text.RegularExpressions;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Webhooks;

/// <summary>
/// What a delivery says to read: some lists, everything, or nothing. An event is mapped to the lists that it can change; one that says
/// where repositories went, or what the App may see, to everything; all others change nothing that is read here. Pure.
/// </summary>
/// <remarks>https://docs.github.com/webhooks/webhook-events-and-payloads</remarks>
/// <param name="Only">Null: everything.</param>
/// <param name="Ignored">Why nothing is read; null when something is.</param>
internal sealed partial record WebhookMeaning(IReadOnlyList<ReadTarget>? Only, string? Ignored)
{
    /// <summary>Longer bodies are not kept for long enough to look into; what they could name is read with everything else.</summary>
    public const int LongestBody = 1024 * 1024;

    private static readonly WebhookMeaning Everything = new(null, null);

    /// <summary>Lists of the repository, and lists of its organization, by event.</summary>
    private static readonly Dictionary<string, (string[] OfRepository, string[] OfOrganization)> Lists = new(StringComparer.Ordinal)
    {
        ["branch_protection_configuration"] = (["branch-protection", "branch-rules"], []),
        ["branch_protection_rule"] = (["branch-protection", "branch-rules"], []),
        ["deploy_key"] = (["deploy-keys"], []),
        ["member"] = ([], ["outside-collaborators", "members"]),
        ["meta"] = (["webhooks"], ["organization-webhooks"]),
        ["organization"] = ([], ["members", "outside-collaborators", "organization"]),
        ["personal_access_token_request"] = ([], ["fine-grained-tokens", "fine-grained-token-requests"]),
        ["repository_ruleset"] = (["branch-rules", "branch-protection"], []),
        ["secret_scanning_alert"] = (["secret-alerts"], ["organization-secret-alerts"]),
        ["secret_scanning_alert_location"] = (["secret-alerts"], ["organization-secret-alerts"]),
        ["secret_scanning_scan"] = (["secret-scan-history"], []),
    };

    /// <summary>They change which repositories there are, what is said of them, or what this sign-in sees.</summary>
    private static readonly HashSet<string> OfEverything = new(StringComparer.Ordinal)
    {
        "github_app_authorization", "installation", "installation_repositories", "installation_target", "public", "repository",
        "security_and_analysis",
    };

    public string Says => Only is null ? "everything is read soon" : $"read soon: {string.Join("; ", Only.Select(t => $"{t.Kind} of {t.Place}"))}";

    /// <summary>True when the event's body says what to read.</summary>
    public static bool NeedsBody(string? eventName) => eventName is not null && Lists.ContainsKey(eventName);

    /// <param name="body">Null when it was not kept.</param>
    public static WebhookMeaning Of(string eventName, ReadOnlyMemory<byte>? body)
    {
        if (eventName == "ping")
        {
            return new(null, "a ping: the secret is right");
        }

        if (OfEverything.Contains(eventName))
        {
            return Everything;
        }

        if (!Lists.TryGetValue(eventName, out var lists))
        {
            return new(null, $"nothing that this product reads changes by the event {eventName}");
        }

        // Where it does not say which place it is about, all of them may be meant.
        var (repository, organization) = body is { } bytes ? PlacesIn(bytes) : (null, null);
        var targets = new List<ReadTarget>();
        if (repository is not null)
        {
            targets.AddRange(lists.OfRepository.Select(k => new ReadTarget(repository, k)));
        }

        if ((organization ?? repository?.Split('/')[0]) is { } owner && (lists.OfRepository.Length == 0 || repository is null || eventName.StartsWith("secret_scanning", StringComparison.Ordinal)))
        {
            targets.AddRange(lists.OfOrganization.Select(k => new ReadTarget(owner, k)));
        }

        return targets.Count == 0 ? Everything : new(targets, null);
    }

    private static (string? Repository, string? Organization) PlacesIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var parsed = JsonDocument.Parse(body);
            var repository = Text(parsed.RootElement, "repository", "full_name");
            var organization = Text(parsed.RootElement, "organization", "login");
            return (repository is not null && RepositoryName().IsMatch(repository) ? repository : null,
                organization is not null && OwnerName().IsMatch(organization) ? organization : null);
        }
        catch (JsonException)
        {
            // A form, or not what it says it is.
            return (null, null);
        }
    }

    private static string? Text(JsonElement root, string place, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(place, out var found) && found.ValueKind == JsonValueKind.Object
        && found.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    [GeneratedRegex("^[A-Za-z0-9_-]{1,100}$", RegexOptions.NonBacktracking)]
    private static partial Regex OwnerName();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,100}/[A-Za-z0-9._-]{0,99}[A-Za-z0-9_-]$", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryName();
}
