using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Database;
using NhiGovernance.Web.Hosting.Postgres;

namespace NhiGovernance.Tests.Fixtures;

/// <summary>Every slice of the engine on a test's database, with a clock and an actor that the test sets. See <see cref="TestDatabase"/>.</summary>
public sealed class TestEngine : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly AsyncServiceScope _scope;
    private readonly string _data = Directory.CreateTempSubdirectory("nhi-engine-").FullName;

    internal TestEngine(
        DatabaseConnection database, string keys, Action<IServiceCollection>? configure, IReadOnlyDictionary<string, string?>? settings, bool realActors)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create(PostgresOptions.DataKey, (string?)_data), KeyValuePair.Create("Keys:Folder", (string?)keys)])
            .AddInMemoryCollection(settings ?? new Dictionary<string, string?>())
            .Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddEngine(configuration, database);
        services.TryAddScoped<IAuditTrail, RecordingAuditTrail>();
        if (!realActors)
        {
            services.Replace(ServiceDescriptor.Singleton<ICurrentActor>(Actor));
            services.Replace(ServiceDescriptor.Singleton<IActors>(Actor));
        }

        configure?.Invoke(services);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        _scope = _services.CreateAsyncScope();
    }

    /// <summary>Starts at the machine's time, because deadlines are judged by the database's clock, and moves only when told to.</summary>
    public FakeClock Clock { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>Who acts; the system, until the test says otherwise.</summary>
    public SettableActor Actor { get; } = new();

    public IServiceProvider Services => _scope.ServiceProvider;

    /// <summary>A use case or any other service.</summary>
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public Guid NewId() => Ids.New(Clock);

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _services.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
