using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Template;

/// <summary>
/// The connector to copy: it reads the access keys of a small imaginary service, page by page. Copy this folder and its test,
/// rename, take the attribute away, and keep the shape: start a scope, yield pages, end it with the truth.
/// </summary>
[ExampleConnector]
public sealed class TemplateConnector : IConnector
{
    private const string Permission = "keys:read";

    public ConnectorDescriptor Descriptor { get; } = new(
        "template", "Template", "Reads the access keys of an imaginary service.",
        [
            new SettingField("url", "Address", SettingKind.Url, "Where the service's API is.") { Required = true, Placeholder = "https://keys.example.com" },
            new SettingField("account", "Account", SettingKind.Text, "Whose keys to read.") { Required = true },
            new SettingField("token", "Token", SettingKind.Secret, "A token that may read keys, and nothing else.") { Required = true },
        ],
        [new NeededPermission(Permission, "The access keys and when they were last used.", "Every access key stays unknown.")],
        TimeSpan.FromHours(1))
    {
        HostSetting = "url",
    };

    public IReadOnlyList<FieldFault> Validate(SourceSettings settings) =>
        settings.Get("account").Contains('/', StringComparison.Ordinal)
            ? [new FieldFault("account", "An account is a plain name without a slash.")]
            : [];

    public async IAsyncEnumerable<TestStep> TestAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = await ClientAsync(context, cancellationToken);
        using var answer = await client.GetAsync(Page(context.Settings, 1), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        yield return new TestStep("Connection", TestOutcome.Pass, $"{client.BaseAddress!.Host} answers.");
        yield return answer.StatusCode switch
        {
            HttpStatusCode.OK => new TestStep("Permission keys:read", TestOutcome.Pass, "Keys can be read."),
            HttpStatusCode.Unauthorized => new TestStep("Sign-in", TestOutcome.Fail, "The token is refused. Enter a new one."),
            HttpStatusCode.Forbidden => new TestStep("Permission keys:read", TestOutcome.Fail, "Grant keys:read to the token."),
            var status => new TestStep("Connection", TestOutcome.Fail, $"The service answers with status {(int)status}."),
        };
    }

    public async IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var account = context.Settings.Get("account");
        var scope = new Scope("access-keys", account);
        var place = new PlaceReference("account", account);
        using var client = await ClientAsync(context, cancellationToken);
        yield return new ScopeStarted(scope, Parent: null);
        for (var number = 1; ; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            context.Progress($"access keys of {account}, page {number}");
            var (page, ended) = await PageAsync(client, context.Settings, scope, number, cancellationToken);
            if (page is not null)
            {
                yield return new ScopePage(scope, [.. page.Keys.SelectMany(key => Observe(key, place))]);
            }

            if (ended is not null)
            {
                yield return ended;
                yield break;
            }
        }
    }

    /// <summary>One page, and the scope's end where this was the last one or went wrong.</summary>
    private static async Task<(KeyPage? Page, ScopeEnded? Ended)> PageAsync(
        HttpClient client, SourceSettings settings, Scope scope, int number, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(Page(settings, number), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.Forbidden)
            {
                return (null, ScopeEnded.Denied(scope, Permission));
            }

            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var page = await JsonSerializer.DeserializeAsync<KeyPage>(body, cancellationToken: cancellationToken);

            // The end must be said: a list that merely stops is not complete.
            return page?.Last == true ? (page, ScopeEnded.Complete(scope)) : (page, null);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or IOException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, ScopeEnded.Failed(scope, Runs.ReadFailure.Sentence(error)));
        }
    }

    private static IEnumerable<Observation> Observe(Key key, PlaceReference place)
    {
        yield return new IdentityObservation(key.Owner, IdentityKind.ServiceAccount, key.OwnerName, place)
        {
            Grants = [new GrantObservation(key.CanWrite ? "write" : "read", place.Path, AltersRelease: key.CanWrite)],
        };
        yield return new CredentialObservation(key.Id, key.Owner, CredentialKind.AccessKey, key.Name)
        {
            KeyIds = [key.Id],
            CreatedAt = KnownValue.Of(key.CreatedAt),
            LastUsedAt = KnownValue.Or(key.LastUsedAt, KnownValue.Never()),
        };
    }

    private static async Task<HttpClient> ClientAsync(ConnectorContext context, CancellationToken cancellationToken)
    {
        var token = await context.Secrets.OpenAsync("token", cancellationToken)
            ?? throw new ConnectorException("No token is set. Enter one in the source's settings.");
        var client = context.Http.CreateClient(new Uri(context.Settings.Get("url")));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static string Page(SourceSettings settings, int number) =>
        $"/accounts/{Uri.EscapeDataString(settings.Get("account"))}/keys?page={number}";

    private sealed record KeyPage(
        [property: JsonPropertyName("keys")] IReadOnlyList<Key> Keys, [property: JsonPropertyName("last")] bool Last);

    private sealed record Key(
        [property: JsonPropertyName("id")] string Id,
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("owner")] string Owner,
        [property: JsonPropertyName("ownerName")] string OwnerName,
        [property: JsonPropertyName("canWrite")] bool CanWrite,
        [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
        [property: JsonPropertyName("lastUsedAt")] DateTimeOffset? LastUsedAt);
}
