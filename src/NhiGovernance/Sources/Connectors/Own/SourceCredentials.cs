using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Own;

/// <summary>What the connectors sign in with, and the secrets of their webhooks.</summary>
internal sealed class SourceCredentials(IDbContextFactory<GovernanceDb> contexts, IServiceProvider services) : IOwnCredentials
{
    public string Kind => "source-credentials";

    public IReadOnlyCollection<Type> Stores => [typeof(SourceSecret)];

    public async IAsyncEnumerable<OwnCredential> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Asked for late: the catalogue makes this connector, which was given this list.
        var connectors = services.GetRequiredService<ConnectorCatalogue>();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows =
            from secret in db.Set<SourceSecret>().AsNoTracking()
            join source in db.Set<Source>().AsNoTracking() on secret.SourceId equals source.Id
            where source.RemovedAt == null
            orderby secret.Id
            select new
            {
                secret.SourceId, secret.Key, secret.SetAt, secret.ExpiresAt, secret.Host, secret.Fingerprint, source.Name, source.ConnectorKey, source.LastRunAt,
                // A delivery that was taken is one whose signature the secret made.
                DeliveredAt = db.Set<WebhookDelivery>().Where(d => d.SourceId == source.Id).Max(d => (DateTimeOffset?)d.ReceivedAt),
            };
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var label = connectors.Find(row.ConnectorKey)?.Descriptor.Settings.FirstOrDefault(f => f.Key == row.Key)?.Label ?? row.Key;
            var used = row.Key.StartsWith("webhook", StringComparison.OrdinalIgnoreCase) ? row.DeliveredAt : row.LastRunAt;
            var kind = KindOf(row.Key);
            yield return new OwnCredential($"{row.SourceId}:{row.Key}", $"{label} of {row.Name}", kind)
            {
                // A keyed fingerprint: a new value is a new id, and without our key it says nothing.
                KeyIds = [Convert.ToHexStringLower(row.Fingerprint)[..16]],
                CreatedAt = KnownValue.Of(row.SetAt),
                LastUsedAt = used is { } at && at >= row.SetAt ? KnownValue.Of(at) : KnownValue.UnknownBefore(row.SetAt),
                ExpiresAt = row.ExpiresAt is { } end ? KnownValue.Of(end) : EndsByItself(kind) ? KnownValue.NotExposed : KnownValue.Never(),
                Facts = new Dictionary<string, KnownValue>
                {
                    ["host"] = KnownValue.Or(row.Host, KnownValue.Never()),
                    ["connector"] = KnownValue.Of(row.ConnectorKey),
                    ["rotation"] = KnownValue.Of("set anew in the source's settings"),
                },
            };
        }
    }

    /// <summary>A key pair and the secret of a webhook hold until somebody replaces them; a token or a password may end, which only its vendor knows.</summary>
    private static bool EndsByItself(CredentialKind kind) => kind is CredentialKind.ApiToken or CredentialKind.Password;

    private static CredentialKind KindOf(string key) => key switch
    {
        _ when key.Contains("webhook", StringComparison.OrdinalIgnoreCase) => CredentialKind.WebhookSecret,
        _ when key.Contains("privateKey", StringComparison.OrdinalIgnoreCase) => CredentialKind.AppPrivateKey,
        _ when key.Contains("ssh", StringComparison.OrdinalIgnoreCase) => CredentialKind.SshKey,
        _ when key.Contains("password", StringComparison.OrdinalIgnoreCase) => CredentialKind.Password,
        _ => CredentialKind.ApiToken,
    };
}
