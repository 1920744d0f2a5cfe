using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.Own;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.Own;

/// <summary>Two kinds of own credential, one with more than a page.</summary>
public sealed class OwnHarness : IConnectorHarness
{
    public string Key => OwnConnector.Key;

    public Task<ConnectorCase> StartAsync(IServiceProvider services, Func<string, string> secret, CancellationToken cancellationToken) =>
        Task.FromResult(new ConnectorCase(
            new OwnConnector([new Many("api-tokens", 1_200), new Many("encryption-keys", 2)]), new SourceSettings(new Dictionary<string, string>()), [], null));

    private sealed class Many(string kind, int count) : IOwnCredentials
    {
        public string Kind => kind;

        public async IAsyncEnumerable<OwnCredential> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var i = 0; i < count; i++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return new OwnCredential($"{i}", $"Credential {i}", CredentialKind.ApiToken) { KeyIds = [$"id-{i}"] };
            }
        }
    }
}
