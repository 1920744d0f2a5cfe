using System.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Web.Hosting.Database;

namespace NhiGovernance.Web.Hosting;

/// <summary>Puts the parts together: what every process needs, whether it serves pages, runs a verb or is a test.</summary>
public static class Composition
{
    /// <summary>The engine on a database: context factory, dialect, clock, use cases, and every slice found by scanning.</summary>
    public static IServiceCollection AddEngine(
        this IServiceCollection services, IConfiguration configuration, DatabaseConnection database)
    {
        var engine = typeof(GovernanceDb).Assembly;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(database);
        services.AddSingleton(database.CreateDialect());
        services.AddPooledDbContextFactory<GovernanceDb>(options => database.Use(options, database.Serving));
        services.AddUseCases(engine);
        foreach (var slice in Find<ISlice>(engine))
        {
            slice.AddServices(services, configuration);
        }

        // Last, so that whoever knows better has been asked: a process without sign-in acts as nobody, or as the system.
        services.TryAddScoped<ICurrentActor, SystemOnlyActor>();
        return services;
    }

    /// <summary>The host's slices, in the order in which they are to be called.</summary>
    internal static IReadOnlyList<IWebSlice> FindWebSlices() =>
        [.. Find<IWebSlice>(typeof(Composition).Assembly).OrderBy(s => s.Order)];

    internal static IEnumerable<T> Find<T>(Assembly assembly) => assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, IsClass: true } && typeof(T).IsAssignableFrom(t))
        .OrderBy(t => t.FullName, StringComparer.Ordinal)
        .Select(t => (T)Activator.CreateInstance(t, nonPublic: true)!);
}
