using System.Collections.Concurrent;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors;

/// <summary>One reading of a connector whose secrets are canaries, and everything that it says.</summary>
internal sealed class ContractRun(ConnectorCase connectorCase, string canary) : IAsyncDisposable
{
    public ConnectorCase Case => connectorCase;

    public ConcurrentBag<string> Said { get; } = [];

    public ConnectorContext Context => new(
        Guid.CreateVersion7(), connectorCase.Settings, new CanarySecrets(connectorCase.Secrets, canary),
        connectorCase.Http ?? new RefusingHttp(), connectorCase.Clock)
    {
        Progress = Said.Add,
        Note = Said.Add,
        Memory = new SpokenMemory(Said),
        Folder = connectorCase.Folder,
        Documents = connectorCase.Documents,
    };

    public void ShouldHaveSaidNoSecret() => Said.Where(s => s.Contains(canary, StringComparison.Ordinal)).ShouldBeEmpty();

    public ValueTask DisposeAsync() => connectorCase.DisposeAsync();
}

internal sealed class CanarySecrets(IReadOnlyList<string> keys, string canary) : ISourceSecrets
{
    public ValueTask<string?> OpenAsync(string key, CancellationToken cancellationToken) => new(keys.Contains(key) ? $"{canary}-{key}" : null);
}

internal sealed class SpokenMemory(ConcurrentBag<string> said) : IReadMemory
{
    private readonly ConcurrentDictionary<string, string?> _kept = [];

    public ValueTask<string?> GetAsync(string key, CancellationToken cancellationToken) => new(_kept.GetValueOrDefault(key));

    public ValueTask SetAsync(string key, string? value, CancellationToken cancellationToken)
    {
        said.Add($"{key} {value}");
        _kept[key] = value;
        return ValueTask.CompletedTask;
    }
}

/// <summary>No way out.</summary>
internal sealed class RefusingHttp : IGuardedHttp
{
    public HttpClient CreateClient(Uri baseAddress) => new(new Refuse()) { BaseAddress = baseAddress };

    private sealed class Refuse : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new OutboundRefusedException("Refused by the test.");
    }
}
