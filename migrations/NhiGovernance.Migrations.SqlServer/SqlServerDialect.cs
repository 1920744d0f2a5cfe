using System.Data.Common;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NhiGovernance.Data;

namespace NhiGovernance.Migrations.SqlServer;

/// <summary>
/// The dialect for SQL Server 2019 or newer. Its statements are parsed as T-SQL by tests; no server has executed them.
/// </summary>
public partial class SqlServerDialect(string connectionString, TimeProvider clock) : IDialect
{
    public string Name => "SQL Server";

    public async Task<DateTimeOffset> NowAsync(GovernanceDb db, CancellationToken cancellationToken)
    {
        await using var command = await db.CommandAsync("SELECT SYSUTCDATETIME()", cancellationToken);
        var now = (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
        return Instants.ToMilliseconds(new DateTimeOffset(DateTime.SpecifyKind(now, DateTimeKind.Utc)));
    }

    public async Task LockAsync(GovernanceDb db, string name, CancellationToken cancellationToken)
    {
        RequireTransaction(db);
        await using var command = await db.CommandAsync("""
            DECLARE @result int;
            EXEC @result = sp_getapplock @Resource = @name, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = -1;
            IF @result < 0 THROW 50002, 'The lock was not granted.', 1;
            """, cancellationToken);
        Add(command, "@name", name);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<string> StageAsync(
        GovernanceDb db, string name, IReadOnlyList<StagedColumn> columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        RequireTransaction(db);
        // A local temporary table lives as long as its session; dropping first makes a second batch of one transaction start anew.
        var table = "#" + Plain(name);
        var definition = string.Join(", ", columns.Select(c => $"{Quote(c.Name)} {TypeName(c)} NULL"));
        await using (var command = await db.CommandAsync(
            $"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({definition});", cancellationToken))
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
        var on = string.Join(" AND ", key.Select(c => $"target.{Quote(c)} = source.{Quote(c)}"));
        var set = string.Join(", ", update.Select(c => $"{Quote(c)} = source.{Quote(c)}"));
        var sql = $"MERGE INTO {Quote(table)} WITH (HOLDLOCK) AS target USING {staged} AS source ON {on} "
            + (update.Count == 0 ? string.Empty : $"WHEN MATCHED THEN UPDATE SET {set} ")
            + $"WHEN NOT MATCHED THEN INSERT ({string.Join(", ", insert.Select(Quote))}) "
            + $"VALUES ({string.Join(", ", insert.Select(c => "source." + Quote(c)))});";
        await using var command = await db.CommandAsync(sql, cancellationToken);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public IQueryable<T> LookUp<T>(GovernanceDb db, string column, Guid id, string keyColumn, string[] keys)
        where T : class
    {
        var table = Quote(db.Model.FindEntityType(typeof(T))!.GetTableName()!);
        var sql = $$"""
            SELECT r.* FROM OPENJSON({0}) AS k CROSS APPLY (
                SELECT TOP (1) * FROM {{table}} AS t WHERE t.{{Quote(column)}} = {1} AND t.{{Quote(keyColumn)}} = k.[value]) AS r
            """;
        return db.Set<T>().FromSqlRaw(sql, JsonSerializer.Serialize(keys), id);
    }

    public IQueryable<T> WhereContains<T>(IQueryable<T> rows, Expression<Func<T, string>> text, string words)
    {
        foreach (var word in words.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(8))
        {
            var escaped = word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
                .Replace("_", "\\_", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);
            var like = Expression.Call(
                typeof(DbFunctionsExtensions), nameof(DbFunctionsExtensions.Like), null,
                Expression.Constant(EF.Functions), text.Body, Expression.Constant("%" + escaped + "%"), Expression.Constant("\\"));
            rows = rows.Where(Expression.Lambda<Func<T, bool>>(like, text.Parameters));
        }

        return rows;
    }

    public DbParameter Parameter(string name, object? value) => new SqlParameter(name, value ?? DBNull.Value);

    /// <summary>SQL Server has no light notification: signals are rows that <see cref="ListenAsync"/> reads once a second.</summary>
    public async Task SignalAsync(GovernanceDb db, ChangeSignal signal, CancellationToken cancellationToken)
    {
        await using var command = await db.CommandAsync(
            "INSERT INTO change_signals (topic, subject_id) VALUES (@topic, @id)", cancellationToken);
        Add(command, "@topic", signal.Topic);
        Add(command, "@id", signal.Id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<int> PruneSignalsAsync(GovernanceDb db, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = await db.CommandAsync("DELETE FROM change_signals WHERE at < @before", cancellationToken);
        Add(command, "@before", before.UtcDateTime);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async IAsyncEnumerable<ChangeSignal> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long? position = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            IReadOnlyList<ChangeSignal> signals = [];
            try
            {
                (position, signals) = await ReadSignalsAsync(position, cancellationToken);
            }
            catch (SqlException)
            {
                // The server went away; a page that misses a signal still reloads on its own timer.
            }

            foreach (var signal in signals)
            {
                yield return signal;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task GrantServingRoleAsync(GovernanceDb ownerDb, string role, string? password, CancellationToken cancellationToken)
    {
        var name = Quote(role);
        var literal = role.Replace("'", "''", StringComparison.Ordinal);
        await using var command = await ownerDb.CommandAsync($"""
            IF DATABASE_PRINCIPAL_ID('{literal}') IS NULL EXEC('CREATE ROLE {name}');
            GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo TO {name};
            DENY UPDATE, DELETE ON OBJECT::dbo.audit_entries TO {name};
            DENY INSERT, UPDATE, DELETE ON OBJECT::dbo.schema_migrations TO {name};
            """, cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public bool IsReferenceViolation(Exception exception) =>
        exception is SqlException { Number: 547 } || (exception.InnerException is { } inner && IsReferenceViolation(inner));

    public bool IsUniqueViolation(Exception exception) =>
        exception is SqlException { Number: 2601 or 2627 } || (exception.InnerException is { } inner && IsUniqueViolation(inner));

    /// <summary>Never: nvarchar keeps every character.</summary>
    public bool IsUnstorableText(Exception exception) => false;

    /// <summary>Streams rows into a table. Virtual so that the T-SQL tests, which have no server, can count instead.</summary>
    protected virtual async Task<long> CopyAsync(
        GovernanceDb db, string table, IReadOnlyList<StagedColumn> columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        using var copy = new SqlBulkCopy(
            (SqlConnection)db.Database.GetDbConnection(),
            SqlBulkCopyOptions.CheckConstraints,
            (SqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
        copy.DestinationTableName = table;
        copy.EnableStreaming = true;
        copy.BulkCopyTimeout = 0;
        for (var i = 0; i < columns.Count; i++)
        {
            copy.ColumnMappings.Add(i, columns[i].Name);
        }

        await using var reader = new RowReader(columns, rows);
        await copy.WriteToServerAsync(reader, cancellationToken);
        return reader.Rows;
    }

    private async Task<(long Position, IReadOnlyList<ChangeSignal> Signals)> ReadSignalsAsync(long? after, CancellationToken cancellationToken)
    {
        await using var connection = new SqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = after is null
            ? "SELECT ISNULL(MAX(id), 0) AS id, CAST(NULL AS nvarchar(60)) AS topic, CAST(NULL AS uniqueidentifier) AS subject_id FROM change_signals"
            : "SELECT TOP (1000) id, topic, subject_id FROM change_signals WHERE id > @after ORDER BY id";
        Add(command, "@after", after ?? 0);
        var signals = new List<ChangeSignal>();
        var position = after ?? 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            position = reader.GetInt64(0);
            if (!await reader.IsDBNullAsync(1, cancellationToken))
            {
                signals.Add(new ChangeSignal(reader.GetString(1), reader.GetGuid(2)));
            }
        }

        return (position, signals);
    }

    private static void Add(DbCommand command, string name, object value) => command.Parameters.Add(new SqlParameter(name, value));

    private static void RequireTransaction(GovernanceDb db)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("This needs a transaction.");
        }
    }

    private static string TypeName(StagedColumn column) => (Nullable.GetUnderlyingType(column.Type) ?? column.Type) switch
    {
        // As long as it comes; compared as the tables compare, whatever the server's own rules for temporary tables are.
        var t when t == typeof(string) => column.Json ? "nvarchar(max)" : $"nvarchar(max) COLLATE {Collations.SqlServer}",
        var t when t == typeof(Guid) => "uniqueidentifier",
        var t when t == typeof(long) => "bigint",
        var t when t == typeof(int) => "int",
        var t when t == typeof(bool) => "bit",
        var t when t == typeof(DateTimeOffset) => "datetimeoffset(3)",
        var t when t == typeof(DateOnly) => "date",
        var t when t == typeof(byte[]) => "varbinary(max)",
        var t => throw new NotSupportedException($"No staged column of type {t}."),
    };

    private static string Quote(string identifier) => $"[{Plain(identifier)}]";

    private static string Plain(string identifier) =>
        PlainName().IsMatch(identifier)
            ? identifier
            : throw new ArgumentException("A table or column name is lower-case letters, digits and underscores.", nameof(identifier));

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,100}$", RegexOptions.NonBacktracking)]
    private static partial Regex PlainName();
}
