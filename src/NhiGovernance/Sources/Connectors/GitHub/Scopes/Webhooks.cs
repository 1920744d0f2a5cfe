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

    /// <summary>The hooks of a page, each with its newest delivery.</summary>
    /// <param name="path">The list's own path.</param>
    public static async Task<IReadOnlyList<Observation>> WithDeliveriesAsync(
        ScopeReading reading, string path, IReadOnlyList<HookDocument> hooks, PlaceReference place, string permission, CancellationToken cancellationToken)
    {
        var observations = new List<Observation>(hooks.Count * 2);
        foreach (var hook in hooks)
        {
            var deliveries = await reading.PartAsync(
                $"{path}/{Key(hook)}/deliveries?per_page=1", GitHubJson.Default.HookDeliveryDocumentArray, permission, cancellationToken);
            var newest = Text.Instant(deliveries.Value?.FirstOrDefault()?.DeliveredAt);
            observations.AddRange(Map(hook, place, deliveries, reading.Place.LastUse(IdOf(hook, place), newest)));
        }

        return observations;
    }

    /// <param name="deliveries">The newest one; GitHub keeps those of three days.</param>
    /// <param name="lastUse">The newest that any run saw.</param>
    public static IEnumerable<Observation> Map(HookDocument hook, PlaceReference place, Part<HookDeliveryDocument[]> deliveries, DateTimeOffset? lastUse)
    {
        var id = IdOf(hook, place);
        var host = Host(hook.Config?.Url);
        var name = host is null ? $"webhook {hook.Id}" : $"webhook to {host}";
        var created = Text.Instant(hook.CreatedAt);
        var unused = hook.LastResponse?.Status == "unused";
        var facts = new Dictionary<string, KnownValue>
        {
            ["host"] = Text.Known(host),
            ["address"] = KnownValue.Redacted,
            ["encrypted"] = hook.Config?.Url is { } url ? KnownValue.Of(url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)) : KnownValue.NotExposed,
            ["insecureSsl"] = InsecureSsl(hook.Config),
            ["secretSet"] = hook.Config is null ? KnownValue.NotExposed : KnownValue.Of(hook.Config.Secret),
            ["contentType"] = Text.Known(hook.Config?.ContentType),
            ["events"] = Text.Set(hook.Events),
            ["lastResponse"] = hook.LastResponse is null ? deliveries.Known(LastStatus)
                : unused ? KnownValue.Never(created)
                : Text.Known(hook.LastResponse.Code?.ToString(CultureInfo.InvariantCulture), Text.Known(hook.LastResponse.Status)),
            ["lastEvent"] = deliveries.Known(d => Text.Known(d.FirstOrDefault()?.Event)),
        };
        if (hook.Config is { Secret: false })
        {
            // There is no secret to hang it on. A newer date alone is no change of the hook.
            facts["writtenAt"] = Text.KnownInstant(hook.UpdatedAt) is { State: Knowledge.Value } written ? written with { IsTally = true } : KnownValue.NotExposed;
        }

        yield return new IdentityObservation(id, IdentityKind.Webhook, name, place)
        {
            Disabled = hook.Active == false,
            CreatedAt = KnownValue.Or(created, KnownValue.NotExposed),
            LastUsedAt = lastUse is { } at ? KnownValue.Of(at) : unused ? KnownValue.Never(created)
                : deliveries.Denied is { } permission ? KnownValue.Denied(permission) : KnownValue.NotExposed,
            ExpiresAt = KnownValue.Never(),
            Facts = facts,
        };
        if (hook.Config is null or { Secret: true })
        {
            yield return new CredentialObservation(id, id, CredentialKind.WebhookSecret, $"secret of {name}")
            {
                Disabled = hook.Active == false,
                ExpiresAt = KnownValue.Never(),

                // GitHub shows stars when there is one and nothing when there is none.
                // When its settings were last written, which is no proof that the secret changed.
                Facts = new Dictionary<string, KnownValue> { ["value"] = KnownValue.Redacted, ["writtenAt"] = Text.KnownInstant(hook.UpdatedAt) },
            };
        }
    }

    private static string IdOf(HookDocument hook, PlaceReference place) => $"webhook:{place.Kind}:{hook.Id}";

    private static KnownValue LastStatus(HookDeliveryDocument[] deliveries) =>
        deliveries.FirstOrDefault() is { } last ? Text.Known(last.StatusCode, Text.Known(last.Status)) : KnownValue.NotExposed;

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
