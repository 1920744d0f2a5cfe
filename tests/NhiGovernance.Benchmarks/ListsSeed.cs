using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Inventory;
using Npgsql;

namespace NhiGovernance.Benchmarks;

/// <summary>
/// The rows that the lists are measured on: a tenth comes through the product's own reconcile, the rest are copies of those with other
/// names, places and states. Copies are written while only the primary key is kept; every other index is built afterwards, once:
/// eleven indexes, one of trigrams and two that carry the text, cost each row many times what its own bytes do.
/// </summary>
internal static class ListsSeed
{
    private const int Places = 20_000;

    /// <summary>What a copy has of its own; every other column is its original's, so no list of columns has to be kept in step.</summary>
    private static readonly Dictionary<string, string> Own = new(StringComparer.Ordinal)
    {
        ["id"] = "uuidv7()",
        ["natural_key"] = "b.natural_key || '/' || {0}",
        ["name"] = "b.name || '-' || {0}",
        ["sort_name"] = "b.sort_name || '-' || {0}",
        ["search_text"] = "replace(b.search_text, 'key-', 'key-' || {0})",
        ["presence"] = "CASE WHEN b.k % 211 = 0 THEN 'Missing' WHEN b.k % 23 = 0 THEN 'Retired' ELSE 'Present' END",
        ["missed_runs"] = "CASE WHEN b.k % 211 = 0 THEN 1 WHEN b.k % 23 = 0 THEN 2 ELSE 0 END",
        ["missing_since"] = "CASE WHEN b.k % 211 = 0 OR b.k % 23 = 0 THEN now() - interval '3 days' END",
        ["retired_at"] = "CASE WHEN b.k % 211 <> 0 AND b.k % 23 = 0 THEN now() - interval '1 day' END",
        ["disabled"] = "b.k % 97 = 0",
        ["privileged"] = "b.k % 31 = 0",
        ["place_id"] = "p.id",
        ["team_id"] = "p.team_id",
    };

    public static async Task MakeAsync(Bench bench, int rows)
    {
        await using var db = await bench.Contexts.CreateDbContextAsync();
        if (await db.Set<Identity>().CountAsync() >= rows)
        {
            return;
        }

        var start = Stopwatch.GetTimestamp();
        var phases = new List<string>();
        var environment = await MadeCatalogue.AddAsync(db);
        var source = await ReconcileBenchmark.SourceAsync(bench);
        var first = Math.Clamp(rows / 10, Math.Min(rows, 1_000), 100_000);
        phases.Add($"reconcile of {first:N0} {(await Bench.TimeAsync(() => ReconcileBenchmark.PollAsync(bench, source, 1, first))).TotalSeconds:0.0} s");

        await using var connection = await bench.ConnectAsync();
        await MadeCatalogue.ExecuteAsync(connection, "SET maintenance_work_mem = '512MB'; SET work_mem = '128MB'");
        await MadeCatalogue.MapPlacesAsync(connection, environment);

        // In one transaction: a seed that is broken off leaves no folder behind that has rows and no indexes.
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            List<string> rebuild = [.. await SetAsideAsync(connection, "credentials"), .. await SetAsideAsync(connection, "identities")];
            phases.Add($"copies {(await Bench.TimeAsync(() => CopyAsync(connection, source, rows / first))).TotalSeconds:0.0} s");
            phases.Add($"their credentials {(await Bench.TimeAsync(() => CopyCredentialsAsync(connection, rows / first))).TotalSeconds:0.0} s");
            phases.Add($"indexes {(await Bench.TimeAsync(() => ExecuteAll(connection, rebuild))).TotalSeconds:0.0} s");
            await transaction.CommitAsync();
        }

        phases.Add($"vacuum {(await Bench.TimeAsync(() => MadeCatalogue.ExecuteAsync(connection, "VACUUM ANALYZE"))).TotalSeconds:0.0} s");
        Console.WriteLine($"seeded {rows:N0} identities in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s: {string.Join(", ", phases)} ({await bench.ScalarAsync("SELECT pg_size_pretty(pg_total_relation_size('identities'))")})");
    }

    /// <summary>Drops what costs each row that is written, and says how all of it comes back: definitions as the database itself spells them.</summary>
    private static async Task<List<string>> SetAsideAsync(NpgsqlConnection connection, string table)
    {
        var indexes = await PairsAsync(connection, $"""
            SELECT format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
            FROM pg_index i WHERE i.indrelid = '{table}'::regclass AND NOT i.indisprimary
            """);
        var references = await PairsAsync(connection, $"""
            SELECT format('ALTER TABLE {table} DROP CONSTRAINT %I', conname), format('ALTER TABLE {table} ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'f'
            """);
        await ExecuteAll(connection, [.. references.Concat(indexes).Select(p => p.Drop)]);
        return [.. indexes.Concat(references).Select(p => p.Back)];
    }

    private static async Task CopyAsync(NpgsqlConnection connection, Guid source, int times)
    {
        await MadeCatalogue.ExecuteAsync(connection, "UPDATE identities SET team_id = p.team_id FROM p WHERE p.id = place_id AND p.team_id IS NOT NULL");
        await MadeCatalogue.ExecuteAsync(connection, $"CREATE TEMP TABLE b AS SELECT *, row_number() OVER (ORDER BY id) AS k FROM identities WHERE source_id = '{source}'");
        await MadeCatalogue.ExecuteAsync(connection, "ANALYZE b");
        var columns = await ColumnsAsync(connection, "identities");
        if (Own.Keys.FirstOrDefault(c => !columns.Contains(c)) is { } gone)
        {
            throw new InvalidOperationException($"identities has no column {gone} any more.");
        }

        for (var copy = 1; copy < times; copy++)
        {
            var number = $"'{copy.ToString(CultureInfo.InvariantCulture)}'";
            var values = columns.Select(c => Own.TryGetValue(c, out var own) ? own.Replace("{0}", number, StringComparison.Ordinal) : $"b.\"{c}\"");
            await MadeCatalogue.ExecuteAsync(connection, $"""
                INSERT INTO identities ({string.Join(", ", columns.Select(c => $"\"{c}\""))})
                SELECT {string.Join(", ", values)}
                FROM b JOIN p ON p.n = 1 + (b.k * 7 + {number}::int) % {Places}
                """);
        }
    }

    /// <summary>Each copy has the credentials of its original, with names and instants of their own.</summary>
    private static async Task CopyCredentialsAsync(NpgsqlConnection connection, int times)
    {
        await MadeCatalogue.ExecuteAsync(connection, "CREATE TEMP TABLE c AS SELECT c.*, b.natural_key AS of FROM credentials c JOIN b ON b.id = c.identity_id");
        await MadeCatalogue.ExecuteAsync(connection, "ANALYZE c; ANALYZE identities");
        var columns = await ColumnsAsync(connection, "credentials");
        for (var copy = 1; copy < times; copy++)
        {
            var number = copy.ToString(CultureInfo.InvariantCulture);
            var values = columns.Select(column => column switch
            {
                "id" => "uuidv7()",
                "identity_id" => "i.id",
                "natural_key" or "name" => $"c.{column} || '/{number}'",
                "expires_at" or "last_used_at" or "material_changed_at" => $"c.{column} - interval '{number} hours'",
                _ => $"c.\"{column}\"",
            });
            await MadeCatalogue.ExecuteAsync(connection, $"""
                INSERT INTO credentials ({string.Join(", ", columns.Select(c => $"\"{c}\""))})
                SELECT {string.Join(", ", values)} FROM c JOIN identities i ON i.source_id = c.source_id AND i.natural_key = c.of || '/{number}'
                """);
        }
    }

    private static async Task<List<string>> ColumnsAsync(NpgsqlConnection connection, string table) =>
        (await PairsAsync(connection, $"SELECT column_name, '' FROM information_schema.columns WHERE table_name = '{table}' AND is_generated = 'NEVER' ORDER BY ordinal_position")).ConvertAll(c => c.Drop);

    private static async Task<List<(string Drop, string Back)>> PairsAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var pairs = new List<(string, string)>();
        while (await reader.ReadAsync())
        {
            pairs.Add((reader.GetString(0), reader.GetString(1)));
        }

        return pairs;
    }

    private static async Task ExecuteAll(NpgsqlConnection connection, List<string> statements)
    {
        foreach (var statement in statements)
        {
            await MadeCatalogue.ExecuteAsync(connection, statement);
        }
    }
}
