using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources;

/// <summary>Every connector of the engine, found by scanning; its constructor may ask for registered services.</summary>
public sealed class ConnectorCatalogue
{
    private readonly Dictionary<string, IConnector> _byKey;

    public ConnectorCatalogue(IServiceProvider services)
        : this(TypesIn(typeof(ConnectorCatalogue).Assembly)
            .Where(t => t.GetCustomAttribute<ExampleConnectorAttribute>() is null)
            .Select(t => (IConnector)ActivatorUtilities.CreateInstance(services, t)))
    {
    }

    public ConnectorCatalogue(IEnumerable<IConnector> connectors)
    {
        All = [.. connectors.OrderBy(c => c.Descriptor.Title, StringComparer.Ordinal)];
        _byKey = All.ToDictionary(c => c.Descriptor.Key, StringComparer.Ordinal);
    }

    public IReadOnlyList<IConnector> All { get; }

    public IConnector? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>All connector types of an assembly, the examples among them; the contract test starts here.</summary>
    public static IEnumerable<Type> TypesIn(Assembly assembly) =>
        assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IConnector).IsAssignableFrom(t))
            .OrderBy(t => t.FullName, StringComparer.Ordinal);
}
