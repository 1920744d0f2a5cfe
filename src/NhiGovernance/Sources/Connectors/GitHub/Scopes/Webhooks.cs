using System.Globalization;
using System.Text.Json;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// A webhook: whoever holds its secret can speak for GitHub to its receiver, and its address may itself be a secret. Of the
/// address only the host is kept.
/// </summary>
internal static class Webhooks
{
    public static string Key(HookDocument hook) => hook.Id.ToString(CultureInfo.InvariantCulture);

    public static IEnumerable<Observation> Map(HookDocument hook, PlaceReference place)
    {
        var id = $"webhook:{place.Kind}:{hook.Id}";
        var host = Host(hook.Config?.Url);
        var name = host is null ? $"webhook {hook.Id}" : $"webhook to {host}";
        var created = Text.KnownInstant(hook.CreatedAt);
        yield return new IdentityObservation(id, IdentityKind.Webhook, name, place)
        {
            Disabled = hook.Active == false,
            CreatedAt = created,

            // The last delivery's answer is told, its time is not.
            LastUsedAt = KnownValue.NotExposed,
            ExpiresAt = KnownValue.Never(),
            Facts = new Dictionary<string, KnownValue>
            {
                ["host"] = Text.Known(host),
                ["address"] = KnownValue.Redacted,
                ["encrypted"] = hook.Config?.Url is { } url ? KnownValue.Of(url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)) : KnownValue.NotExposed,
                ["insecureSsl"] = InsecureSsl(hook.Config),
                ["contentType"] = Text.Known(hook.Config?.ContentType),
                ["events"] = Text.Set(hook.Events),
                ["lastDelivery"] = hook.LastResponse is null ? KnownValue.NotExposed
                    : hook.LastResponse.Status == "unused" ? KnownValue.Never()
                    : Text.Known(hook.LastResponse.Code?.ToString(CultureInfo.InvariantCulture), Text.Known(hook.LastResponse.Status)),
            },
        };
        yield return new CredentialObservation(id, id, CredentialKind.WebhookSecret, $"secret of {name}")
        {
            Disabled = hook.Active == false,
            ExpiresAt = KnownValue.Never(),

            // GitHub shows stars when there is one and nothing when there is none; both are dropped unread.
            Facts = new Dictionary<string, KnownValue> { ["value"] = KnownValue.Redacted },
        };
    }

    /// <summary>"0" and "1", as text or number.</summary>
    private static KnownValue InsecureSsl(HookConfigDocument? config) => config?.InsecureSsl.ValueKind switch
    {
        JsonValueKind.String => KnownValue.Of(config.InsecureSsl.GetString() == "1"),
        JsonValueKind.Number => KnownValue.Of(config.InsecureSsl.GetDouble() != 0),
        JsonValueKind.True or JsonValueKind.False => KnownValue.Of(config.InsecureSsl.GetBoolean()),
        _ => KnownValue.NotExposed,
    };

    private static string? Host(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IdnHost.Length > 0 ? Text.Clean(uri.IdnHost, 150) : null;
}
