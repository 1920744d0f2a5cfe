using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>
/// Where the running server listens, and for whom it runs. Kept as a file in the data folder, by which verbs find a server
/// to join.
/// </summary>
/// <param name="Host">The socket's folder, or 127.0.0.1.</param>
/// <param name="OwnerProcess">The process of ours that answers for the server.</param>
internal sealed record PostgresEndpoint(string Host, int Port, int OwnerProcess, PostgresUse Use)
{
    public bool IsSocket => Host.StartsWith('/');

    public static PostgresEndpoint Choose(PostgresFolder folder, PostgresUse use) => folder.SocketFits
        ? new PostgresEndpoint(folder.Socket, 5432, Environment.ProcessId, use)
        : new PostgresEndpoint(IPAddress.Loopback.ToString(), FreePort(), Environment.ProcessId, use);

    /// <summary>Null when no server has said that it is ready.</summary>
    public static async Task<PostgresEndpoint?> ReadAsync(PostgresFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(folder.State);
            return await JsonSerializer.DeserializeAsync<PostgresEndpoint>(file, cancellationToken: cancellationToken);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    public Task WriteAsync(PostgresFolder folder, CancellationToken cancellationToken) =>
        PostgresFolder.WritePrivateAsync(folder.State, JsonSerializer.Serialize(this), cancellationToken);

    public string ConnectionString(string database, string role, string password, int pool) => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Database = database,
        Username = role,
        Password = password,
        MaxPoolSize = pool,
        ApplicationName = "nhi-governance",
        GssEncryptionMode = GssEncryptionMode.Disable,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
