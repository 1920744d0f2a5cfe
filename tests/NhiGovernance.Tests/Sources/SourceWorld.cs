using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources;

/// <summary>An engine whose only connector is scripted, and short words for what tests of sources do.</summary>
public sealed class SourceWorld : IAsyncDisposable
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<TestDatabase, string> Keys = [];
    private readonly TestDatabase _database;

    public SourceWorld(TestDatabase database, Action<IServiceCollection>? more = null)
    {
        _database = database;
        Engine = database.CreateEngine(services =>
        {
            services.Replace(ServiceDescriptor.Singleton(new ConnectorCatalogue([Connector])));
            // The pulse of a run is real: it races with the reading, as it does in production.
            services.Replace(ServiceDescriptor.Singleton(TimeProvider.System));
            services.Replace(ServiceDescriptor.Singleton(new PollOptions { Beat = TimeSpan.FromMilliseconds(20), Holder = $"worker-{Guid.CreateVersion7()}" }));
            services.TryAddSingleton<IObservationSink, CountingSink>();
            more?.Invoke(services);
        },
        new Dictionary<string, string?> { ["Keys:Folder"] = KeysOf(database) });
    }

    public ScriptedConnector Connector { get; } = new();

    public TestEngine Engine { get; }

    public PollSource Poll => Engine.Get<PollSource>();

    public async Task<Guid> AddAsync(string secret = "a-secret-token", string url = "https://keys.example.com") =>
        (await Engine.Get<CreateSource>().RunAsync(
            new CreateSourceRequest(
                ScriptedConnector.Key, $"Source {Guid.CreateVersion7()}", new Dictionary<string, string> { ["url"] = url },
                new Dictionary<string, string> { ["token"] = secret }, PollNow: false), Cancel)).Value.Id;

    public async Task<Guid> QueueAsync(Guid sourceId) => (await Engine.Get<PollNow>().RunAsync(new PollNowRequest(sourceId), Cancel)).Value.RunId;

    public async Task<PollRun> RunAsync(Guid sourceId)
    {
        var run = await QueueAsync(sourceId);
        await Poll.RunAsync(run, Cancel);
        return await RowAsync(run);
    }

    public async Task<PollRun> RowAsync(Guid runId)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<PollRun>().AsNoTracking().SingleAsync(r => r.Id == runId, Cancel);
    }

    public async Task<Source> SourceAsync(Guid id)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<Source>().AsNoTracking().SingleAsync(s => s.Id == id, Cancel);
    }

    public async Task<T> InAsync<T>(Func<GovernanceDb, Task<T>> work)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Cancel);
        return await work(db);
    }

    /// <summary>As if the holder had been silent for longer than its lease.</summary>
    public Task<int> ExpireLeaseAsync(Guid sourceId) => InAsync(db => db.Set<Source>().Where(s => s.Id == sourceId)
        .ExecuteUpdateAsync(s => s.SetProperty(x => x.LeaseUntil, DateTimeOffset.UnixEpoch), Cancel));

    /// <summary>Asks again until the condition holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>One key ring for a database, as several machines would share it; the server's folder of temporary files is cleaned by the system.</summary>
    internal static string KeysOf(TestDatabase database) =>
        Keys.GetValue(database, _ => Directory.CreateTempSubdirectory("nhi-keys-").FullName);

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
