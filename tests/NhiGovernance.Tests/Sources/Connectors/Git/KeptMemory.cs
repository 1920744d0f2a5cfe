using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

internal sealed class KeptMemory : IReadMemory
{
    private readonly Dictionary<string, string?> _values = [];

    public ValueTask<string?> GetAsync(string key, CancellationToken cancellationToken) => new(_values.GetValueOrDefault(key));

    public ValueTask SetAsync(string key, string? value, CancellationToken cancellationToken)
    {
        _values[key] = value;
        return ValueTask.CompletedTask;
    }
}
