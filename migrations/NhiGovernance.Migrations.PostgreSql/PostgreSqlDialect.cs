using System.Data.Common;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NhiGovernance.Data;
using Npgsql;
using NpgsqlTypes;

namespace NhiGovernance.Migrations.PostgreSql;

/// <summary>The dialect for PostgreSQL 15 or newer.</summary>
/// <param name="connectionString">For the listener's own connection.</param>
public sealed partial class PostgreSqlDialect(string connectionString) : IDialect
{
    private const string Channel = "nhi_changes";

    public string Name => "PostgreSQL";

    public async Task<DateTimeOffset> NowAsync(GovernanceDb db, CancellationToken cancellationToken)
    {
        await using var command = await CommandAsync(db, "SELECT clock_timestamp()", cancellationToken);
        var now = (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
        return Instants.ToMilliseconds(new DateTimeOffset(DateTime.SpecifyKind(now, DateTimeKind.Utc)));
    }

    public async Task LockAsync(GovernanceDb db, string name, CancellationToken cancellationToken)
    {
        RequireTransaction(db);
        await using var command = await CommandAsync(db, "SELECT pg_advisory_xact_lock(hashtextextended(@name, 0))", cancellationToken);
        command.Parameters.AddWithValue("name", name);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<string> StageAsync(
        GovernanceDb db, string name, IReadOnlyList<StagedColumn> columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        RequireTransaction(db);
        var table = Quote(name);
        var definition = string.Join(", ", columns.Select(c => $"{Quote(c.Name)} {TypeName(c)}"));
        await using (var command = await CommandAsync(
            db, $"DROP TABLE IF EXISTS pg_temp.{table}; CREATE TEMP TABLE {table} ({definition}) ON COMMIT DROP", cancellationToken))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await CopyAsync(db, table, columns, rows, cancellationToken);
        return table;
    }

    public Task<long> LoadAsync(
        GovernanceDb db, string table, IReadOnlyList<StagedColumn> columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken) =>
        CopyAsync(db, Quote(table), columns, rows, cancellationToken);

    public async Task<int> MergeAsync(
        GovernanceDb db, string staged, string table, IReadOnlyList<string> key, IReadOnlyList<string> insert, IReadOnlyList<string> update,
        CancellationToken cancellationToken)
    {
        var columns = string.Join(", ", insert.Select(Quote));
        var set = string.Join(", ", update.Select(c => $"{Quote(c)} = EXCLUDED.{Quote(c)}"));
        var sql = $"INSERT INTO {Quote(table)} ({columns}) SELECT {columns} FROM {staged} "
            + $"ON CONFLICT ({string.Join(", ", key.Select(Quote))}) DO " + (update.Count == 0 ? "NOTHING" : $"UPDATE SET {set}");
        await using var command = await CommandAsync(db, sql, cancellationToken);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Lateral with a limit can be run as a nested loop only. As "key = ANY (…)" it is up to statistics, which a new table has not.
    public IQueryable<T> LookUp<T>(GovernanceDb db, string column, Guid id, string keyColumn, string[] keys)
        where T : class
    {
        var table = Quote(db.Model.FindEntityType(typeof(T))!.GetTableName()!);
        var sql = $$"""
            SELECT r.* FROM unnest({0}) AS k (key) CROSS JOIN LATERAL (
                SELECT * FROM {{table}} AS t WHERE t.{{Quote(column)}} = {1} AND t.{{Quote(keyColumn)}} = k.key LIMIT 1) AS r
            """;
        return db.Set<T>().FromSqlRaw(sql, keys, id);
    }

    public IQueryable<T> WhereContains<T>(IQueryable<T> rows, Expression<Func<T, string>> text, string words)
    {
        foreach (var word in words.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(8))
        {
            var pattern = Expression.Constant("%" + word.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%");
            var like = Expression.Call(
                typeof(DbFunctionsExtensions), nameof(DbFunctionsExtensions.Like), null,
                Expression.Constant(EF.Functions), text.Body, pattern, Expression.Constant("\\"));
            rows = rows.Where(Expression.Lambda<Func<T, bool>>(like, text.Parameters));
        }

        return rows;
    }

    public DbParameter Parameter(string name, object? value) => new NpgsqlParameter(name, value ?? DBNull.Value);

    public async Task SignalAsync(GovernanceDb db, ChangeSignal signal, CancellationToken cancellationToken)
    {
        await using var command = await CommandAsync(db, "SELECT pg_notify(@channel, @payload)", cancellationToken);
        command.Parameters.AddWithValue("channel", Channel);
        command.Parameters.AddWithValue("payload", $"{signal.Topic}:{signal.Id}");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // A notification is kept by nobody.
    public Task<int> PruneSignalsAsync(GovernanceDb db, DateTimeOffset before, CancellationToken cancellationToken) => Task.FromResult(0);

    public async IAsyncEnumerable<ChangeSignal> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var signals = System.Threading.Channels.Channel.CreateBounded<ChangeSignal>(
            new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest });
        var listener = Task.Run(() => ListenAsync(signals.Writer, cancellationToken), CancellationToken.None);
        await foreach (var signal in signals.Reader.ReadAllAsync(cancellationToken))
        {
            yield return signal;
        }

        await listener;
    }

    public async Task GrantServingRoleAsync(GovernanceDb ownerDb, string role, string? password, CancellationToken cancellationToken)
    {
        // A role that is there keeps its password. A role without one cannot sign in; whoever migrates takes it by SET ROLE.
        var name = Quote(role);
        var login = password is null ? "NOLOGIN" : $"LOGIN PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'";
        var member = password is null
            ? $"BEGIN SET LOCAL ROLE {name}; SET LOCAL ROLE NONE; EXCEPTION WHEN insufficient_privilege THEN GRANT {name} TO CURRENT_USER; END;"
            : string.Empty;
        var sql = $"""
            DO $$ BEGIN
              IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {name} {login}; END IF;
              {member}
            END $$;
            GRANT USAGE ON SCHEMA public TO {name};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};
            REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries FROM {name};
            REVOKE INSERT, UPDATE, DELETE ON schema_migrations FROM {name};
            DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {name}', current_database()); END $$;
            """;
        await ownerDb.Database.ExecuteSqlRawAsync(sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), cancellationToken);
    }

    private async Task ListenAsync(ChannelWriter<ChangeSignal> signals, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(cancellationToken);
                connection.Notification += (_, e) =>
                {
                    var colon = e.Payload.IndexOf(':', StringComparison.Ordinal);
                    if (colon > 0 && Guid.TryParse(e.Payload.AsSpan(colon + 1), out var id))
                    {
                        signals.TryWrite(new ChangeSignal(e.Payload[..colon], id));
                    }
                };
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(cancellationToken);
                }

                while (true)
                {
                    await connection.WaitAsync(cancellationToken);
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (Exception error) when (error is NpgsqlException or System.IO.IOException or TimeoutException)
            {
                // The server went away; a page that misses a signal still reloads on its own timer.
                try
                {
                    await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    break;
                }
            }
        }

        signals.TryComplete();
    }

    private static async Task<long> CopyAsync(
        GovernanceDb db, string table, IReadOnlyList<StagedColumn> columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (connection.State != System.Data.ConnectionState.Open)
        {
            await db.Database.OpenConnectionAsync(cancellationToken);
        }

        var names = string.Join(", ", columns.Select(c => Quote(c.Name)));
        var types = columns.Select(ParameterType).ToArray();
        var count = 0L;
        await using var writer = await connection.BeginBinaryImportAsync($"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var row in rows)
        {
            await writer.StartRowAsync(cancellationToken);
            for (var i = 0; i < types.Length; i++)
            {
                await WriteAsync(writer, row[i], types[i], cancellationToken);
            }

            count++;
        }

        await writer.CompleteAsync(cancellationToken);
        return count;
    }

    // By its own type: as an object, Npgsql would look up the converter for every cell.
    private static Task WriteAsync(NpgsqlBinaryImporter writer, object? value, NpgsqlDbType type, CancellationToken cancellationToken) => value switch
    {
        null => writer.WriteNullAsync(cancellationToken),
        string text => writer.WriteAsync(text, type, cancellationToken),
        Guid id => writer.WriteAsync(id, type, cancellationToken),
        bool flag => writer.WriteAsync(flag, type, cancellationToken),
        int number => writer.WriteAsync(number, type, cancellationToken),
        long number => writer.WriteAsync(number, type, cancellationToken),
        DateTimeOffset instant => writer.WriteAsync(instant, type, cancellationToken),
        DateOnly day => writer.WriteAsync(day, type, cancellationToken),
        byte[] bytes => writer.WriteAsync(bytes, type, cancellationToken),
        _ => writer.WriteAsync(value, type, cancellationToken),
    };

    private static async Task<NpgsqlCommand> CommandAsync(GovernanceDb db, string sql, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (connection.State != System.Data.ConnectionState.Open)
        {
            await db.Database.OpenConnectionAsync(cancellationToken);
        }

        return new NpgsqlCommand(sql, connection, (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
    }

    private static void RequireTransaction(GovernanceDb db)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("This needs a transaction.");
        }
    }

    private static string TypeName(StagedColumn column) => Underlying(column) switch
    {
        var t when t == typeof(string) => column.Json ? "jsonb" : "text",
        var t when t == typeof(Guid) => "uuid",
        var t when t == typeof(long) => "bigint",
        var t when t == typeof(int) => "integer",
        var t when t == typeof(bool) => "boolean",
        var t when t == typeof(DateTimeOffset) => "timestamptz",
        var t when t == typeof(DateOnly) => "date",
        var t when t == typeof(byte[]) => "bytea",
        var t => throw new NotSupportedException($"No staged column of type {t}."),
    };

    private static NpgsqlDbType ParameterType(StagedColumn column) => Underlying(column) switch
    {
        var t when t == typeof(string) => column.Json ? NpgsqlDbType.Jsonb : NpgsqlDbType.Text,
        var t when t == typeof(Guid) => NpgsqlDbType.Uuid,
        var t when t == typeof(long) => NpgsqlDbType.Bigint,
        var t when t == typeof(int) => NpgsqlDbType.Integer,
        var t when t == typeof(bool) => NpgsqlDbType.Boolean,
        var t when t == typeof(DateTimeOffset) => NpgsqlDbType.TimestampTz,
        var t when t == typeof(DateOnly) => NpgsqlDbType.Date,
        var t when t == typeof(byte[]) => NpgsqlDbType.Bytea,
        var t => throw new NotSupportedException($"No staged column of type {t}."),
    };

    private static Type Underlying(StagedColumn column) => Nullable.GetUnderlyingType(column.Type) ?? column.Type;

    private static string Quote(string identifier) =>
        Plain().IsMatch(identifier)
            ? $"\"{identifier}\""
            : throw new ArgumentException("A table or column name is lower-case letters, digits and underscores.", nameof(identifier));

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
