using NhiGovernance.Web.Hosting.Database;
using NhiGovernance.Web.Hosting.Postgres;
using Npgsql;

namespace NhiGovernance.Tests.Fixtures;

/// <summary>
/// One embedded server for the whole run, started by the first test that needs it, with one migrated template database.
/// Tests do not use it directly: they take a <see cref="TestDatabase"/>.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Template = "nhi_template";

    private readonly SemaphoreSlim _once = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("nhi-tests-").FullName;
    private EmbeddedPostgres? _server;
    private readonly string? _binaries;
    private int _databases;

    public PostgresServer()
    {
    }

    /// <summary>A server of another release than the usual one.</summary>
    internal PostgresServer(string binaries) => _binaries = binaries;

    /// <summary>A new database with the newest schema, empty otherwise.</summary>
    public async Task<DatabaseConnection> CreateDatabaseAsync()
    {
        var server = await StartAsync();
        var name = $"nhi_test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {Template}");
        return server.ConnectionTo(name);
    }

    public async Task DropDatabaseAsync(DatabaseConnection database)
    {
        foreach (var text in new[] { database.Serving, database.Owner })
        {
            await using var connection = new NpgsqlConnection(text);
            NpgsqlConnection.ClearPool(connection);
        }

        var name = new NpgsqlConnectionStringBuilder(database.Owner).Database;
        await ExecuteAsync(await StartAsync(), $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _once.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<EmbeddedPostgres> StartAsync()
    {
        await _once.WaitAsync();
        try
        {
            if (_server is null)
            {
                var settings = new Dictionary<string, string> { ["max_connections"] = "300" };
                var options = new PostgresOptions(
                    _folder, _binaries ?? Environment.GetEnvironmentVariable("NHI_TEST_POSTGRES"), Durable: false, settings);
                var server = await EmbeddedPostgres.StartAsync(options, PostgresUse.Serve, CancellationToken.None);
                await ExecuteAsync(server, $"CREATE DATABASE {Template}");
                var template = server.ConnectionTo(Template);
                await DatabaseSetup.MigrateAsync(template with { Owner = template.Owner + ";Pooling=false" }, CancellationToken.None);
                _server = server;
            }

            return _server;
        }
        finally
        {
            _once.Release();
        }
    }

    private static async Task ExecuteAsync(EmbeddedPostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionTo("postgres").Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
