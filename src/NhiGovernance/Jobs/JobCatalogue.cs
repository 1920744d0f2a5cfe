using Microsoft.Extensions.DependencyInjection;

namespace NhiGovernance.Jobs;

/// <summary>Every job of the engine, found by scanning.</summary>
public sealed class JobCatalogue
{
    private readonly Dictionary<string, IScheduledJob> _byKey;

    public JobCatalogue(IEnumerable<IScheduledJob> jobs)
    {
        All = [.. jobs.OrderBy(j => j.Title, StringComparer.Ordinal)];
        _byKey = All.ToDictionary(j => j.Key, StringComparer.Ordinal);
    }

    public IReadOnlyList<IScheduledJob> All { get; }

    public IScheduledJob? Find(string key) => _byKey.GetValueOrDefault(key);

    internal static JobCatalogue Scan(IServiceProvider services) => new(
        typeof(JobCatalogue).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IScheduledJob).IsAssignableFrom(t))
            .Select(t => (IScheduledJob)ActivatorUtilities.CreateInstance(services, t)));
}
