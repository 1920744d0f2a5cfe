using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Database;
using NhiGovernance.Web.Hosting.Postgres;
using Npgsql;

namespace NhiGovernance.Benchmarks;

/// <summary>An embedded server as in production (fsync on), in a folder of its own, and the engine on it.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly string _folder;
    private readonly EmbeddedPostgres _server;
    private readonly ServiceProvider _services;
    private readonly bool _isKept;

    private Bench(string folder, bool isKept, EmbeddedPostgres server, DatabaseConnection database, ServiceProvider services) =>
        (_folder, _isKept, _server, Database, _services) = (folder, isKept, server, database, services);

    public DatabaseConnection Database { get; }

    /// <summary>A folder that sources may read.</summary>
    public string Files => Path.Combine(_folder, "files");

    public IDbContextFactory<GovernanceDb> Contexts => _services.GetRequiredService<IDbContextFactory<GovernanceDb>>();

    public IDialect Dialect => _services.GetRequiredService<IDialect>();

    /// <param name="keep">A folder that outlives the run, so that the next one finds its rows; null: a temporary one.</param>
    public static async Task<Bench> StartAsync(string? keep = null)
    {
        var folder = keep is null ? Directory.CreateTempSubdirectory("nhi-bench-").FullName : Directory.CreateDirectory(keep).FullName;
        var server = await EmbeddedPostgres.StartAsync(new PostgresOptions(folder), PostgresUse.Serve, CancellationToken.None);
        await DatabaseSetup.MigrateAsync(server.Connection, CancellationToken.None);
        var files = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create(PostgresOptions.DataKey, (string?)folder), KeyValuePair.Create("Sources:FileRoots:0", (string?)files)]).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddEngine(configuration, server.Connection);
        services.Replace(ServiceDescriptor.Scoped<IActors, BenchActors>());
        services.Replace(ServiceDescriptor.Scoped<ICurrentActor, BenchActors>());
        return new Bench(folder, keep is not null, server, server.Connection, services.BuildServiceProvider());
    }

    public static int Number(string[] args, string name, int otherwise) =>
        Text(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public static string? Text(string[] args, string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();

    public AsyncServiceScope Scope() => _services.CreateAsyncScope();

    public Task<string> VersionAsync() => SettingAsync("server_version");

    public async Task<string> SettingAsync(string name) => (string)(await ScalarAsync($"SELECT current_setting('{name}')"))!;

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return await command.ExecuteScalarAsync();
    }

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(Database.Owner);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Everything written before is on disk, so that one measurement does not pay for another.</summary>
    public Task SettleAsync() => ScalarAsync("CHECKPOINT");

    public static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>What this process has used of the cores so far.</summary>
    public static TimeSpan Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
        if (!_isKept)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>From now on a member of one team asks, or, as at the start, the system.</summary>
    public void ActAs(Guid? memberOf) => BenchActors.Team = memberOf;

    /// <summary>Who sees all, or the member of one team who sees no other's.</summary>
    public static Actor ActorOf(Guid? team) => team is { } one
        ? new Actor(ActorKind.Person, BenchActors.Member, "Member", Role.Owner, new HashSet<string>(), new HashSet<Guid> { one }, SeesAll: false, TimeProvider.System.GetUtcNow())
        : Actor.System("benchmark");

    private sealed class BenchActors : IActors, ICurrentActor
    {
        public static readonly Guid Member = Guid.CreateVersion7();

        public static Guid? Team { get; set; }

        public string RequestId => "benchmark";

        public ValueTask<ActorReference?> GetAsync(CancellationToken cancellationToken) =>
            new(Team is null ? ActorReference.System("benchmark") : new ActorReference(ActorKind.Person, Member, "Member", TimeProvider.System.GetUtcNow()));

        public Task<Actor?> LoadAsync(GovernanceDb db, ActorReference reference, CancellationToken cancellationToken) =>
            Task.FromResult<Actor?>(ActorOf(Team));
    }
}
