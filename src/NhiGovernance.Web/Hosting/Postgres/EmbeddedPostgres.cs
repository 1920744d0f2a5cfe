using Npgsql;
using NhiGovernance.Web.Hosting.Database;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>
/// PostgreSQL, run by this process in the data folder. At most one process of ours answers for the server of a folder (a lock
/// that ends with the process says which); a verb joins a serving application's server.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    public const string Database = "nhi_governance";
    public const string OwnerRole = "nhi_owner";

    private const int OwnerPool = 10;
    private const int ServingPool = 70;

    private readonly PostgresFolder _folder;
    private readonly PostgresEndpoint _endpoint;
    private readonly PostgresPasswords _passwords;
    private readonly PostgresProcess? _process;
    private readonly FileStream? _lock;
    private bool _stopped;

    private EmbeddedPostgres(
        PostgresFolder folder, PostgresEndpoint endpoint, PostgresPasswords passwords, PostgresProcess? process, FileStream? @lock)
    {
        (_folder, _endpoint, _passwords, _process, _lock) = (folder, endpoint, passwords, process, @lock);
        Connection = ConnectionTo(Database);
    }

    /// <summary>The product's database on this server.</summary>
    public DatabaseConnection Connection { get; }

    /// <summary>True when another process answers for the server, and disposing this leaves it running.</summary>
    public bool IsJoined => _process is null;

    /// <summary>Starts or joins the server of the data folder. After a crash the server recovers by itself in here.</summary>
    /// <exception cref="SettingException">The programs are missing, the folder is in use, or the server does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(PostgresOptions options, PostgresUse use, CancellationToken cancellationToken)
    {
        var binaries = PostgresBinaries.Find(options.Binaries);
        var folder = new PostgresFolder(options.DataFolder);
        folder.Create();
        var (held, running) = await PostgresLock.TakeOrFindAsync(folder, use, cancellationToken);
        if (running is not null)
        {
            return new EmbeddedPostgres(folder, running, await PostgresPasswords.LoadAsync(folder, cancellationToken), null, null);
        }

        PostgresProcess? process = null;
        try
        {
            await StalePostmaster.ClearAsync(folder, cancellationToken);
            var passwords = await PostgresPasswords.LoadOrMakeAsync(folder, cancellationToken);
            await PostgresCluster.MakeIfMissingAsync(binaries, folder, passwords, options, cancellationToken);
            var endpoint = PostgresEndpoint.Choose(folder, use);
            process = await PostgresProcess.StartAsync(
                binaries, folder, PostgresServerSettings.Arguments(folder, endpoint, options), cancellationToken);
            var server = new EmbeddedPostgres(folder, endpoint, passwords, process, held);
            await server.CreateDatabaseAsync(cancellationToken);
            await endpoint.WriteAsync(folder, cancellationToken);
            return server;
        }
        catch
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }

            await held!.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another database on this server; tests use one for each class.</summary>
    public DatabaseConnection ConnectionTo(string database) => new(
        DatabaseProvider.PostgreSql,
        _endpoint.ConnectionString(database, OwnerRole, _passwords.Owner, OwnerPool),
        _endpoint.ConnectionString(database, DatabaseConnection.DefaultServingRole, _passwords.Serving, ServingPool),
        DatabaseConnection.DefaultServingRole,
        _passwords.Serving);

    /// <summary>Stops the server cleanly, if this process answers for it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is null || _stopped)
        {
            return;
        }

        _stopped = true;

        File.Delete(_folder.State);
        await _process.DisposeAsync();
        await _lock!.DisposeAsync();
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres").Owner + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var find = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = @name", connection);
        find.Parameters.AddWithValue("name", Database);
        if (await find.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
