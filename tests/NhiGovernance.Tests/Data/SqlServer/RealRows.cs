using System.Data.Common;
using System.Text.RegularExpressions;
using NhiGovernance.Tests.Fixtures;
using Npgsql;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>
/// Rows that a sample put into PostgreSQL, for a query that was meant for SQL Server: of the table that it reads first, the row that
/// one of its parameters names, or else the newest. So a use case that asks for its own rows goes on to its end.
/// </summary>
internal sealed partial class RealRows(TestDatabase database)
{
    /// <summary>True when no other table has a say in what is found.</summary>
    public static bool IsOfOneTable(string sql) => Table().Count(sql) == 1 && !sql.Contains(" JOIN ", StringComparison.Ordinal);

    public static string? TableOf(string sql) => Table().Match(sql) is { Success: true } table ? table.Groups[1].Value : null;

    public IReadOnlyDictionary<string, object?>? Find(string sql, DbParameterCollection parameters)
    {
        if (TableOf(sql) is not { } table)
        {
            return null;
        }

        using var connection = new NpgsqlConnection(database.Connection.Owner);
        connection.Open();
        var rows = Rows(connection, table);
        var given = parameters.Cast<DbParameter>().Select(p => p.Value).Where(v => v is string { Length: > 0 } || (v is Guid id && id != Guid.Empty)).ToHashSet();
        return rows.Find(r => r.Values.Any(given.Contains)) ?? (given.Count == 0 || !IsOfOneTable(sql) ? rows.FirstOrDefault() : null);
    }

    private static List<IReadOnlyDictionary<string, object?>> Rows(NpgsqlConnection connection, string table)
    {
        using var command = new NpgsqlCommand($"SELECT * FROM \"{table}\" ORDER BY ctid DESC LIMIT 500", connection);
        using var reader = command.ExecuteReader();
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        while (reader.Read())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i)));
        }

        return rows;
    }

    [GeneratedRegex(@"FROM \[(\w+)\]", RegexOptions.NonBacktracking)]
    private static partial Regex Table();
}
