using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using Npgsql;

namespace NhiGovernance.Benchmarks;

/// <summary>A poll of 100,000 identities and 150,000 credentials, against a COPY of the same final rows.</summary>
internal static class ReconcileBenchmark
{
    public static async Task RunAsync(Bench bench, int identities, bool statements)
    {
        var source = await SourceAsync(bench);
        _ = await PollAsync(bench, await SourceAsync(bench), 1, Math.Min(identities, 2_000)); // warm-up, another source
        using (var memory = new PeakMemory())
        {
            await bench.SettleAsync();
            RunSummary summary = null!;
            var making = await Bench.TimeAsync(() => Task.FromResult(Made.Read(identities).Count()));
            Console.WriteLine($"(making the observations takes {making.TotalSeconds:0.00} s of each poll)");
            var cpu = Bench.Cpu();
            var first = await Bench.TimeAsync(async () => summary = await StatementTimes.OfAsync(bench, statements, () => PollAsync(bench, source, 1, identities)));
            Console.WriteLine($"first poll      {first.TotalSeconds,7:0.00} s   {(Bench.Cpu() - cpu).TotalSeconds:0.0} s of our CPU, {summary.Added:N0} rows added, {memory}");
            await bench.SettleAsync();
            cpu = Bench.Cpu();
            var second = await Bench.TimeAsync(async () => summary = await StatementTimes.OfAsync(bench, statements, () => PollAsync(bench, source, 2, identities)));
            Console.WriteLine($"unchanged poll  {second.TotalSeconds,7:0.00} s   {(Bench.Cpu() - cpu).TotalSeconds:0.0} s of our CPU, {summary.Changed:N0} changed, {summary.WentMissing:N0} missing, {memory}");
            var copy = await CopyAsync(bench, source);
            Console.WriteLine($"COPY            {copy.TotalSeconds,7:0.00} s   of the same rows into tables with the same keys and indexes");
            Console.WriteLine($"first / COPY     {first / copy,6:0.00} x   (bar 3)");
            Console.WriteLine($"unchanged / COPY {second / copy,6:0.00} x   (bar 1)");
        }
    }

    public static async Task<Guid> SourceAsync(Bench bench)
    {
        await using var db = await bench.Contexts.CreateDbContextAsync();
        var id = Ids.New(TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        db.Add(new Source
        {
            Id = id, ConnectorKey = "github", Name = $"Benchmark {id}", Settings = "{}", Host = string.Empty, CreatedAt = now,
            LeaseHolder = "benchmark", LeaseUntil = now.AddDays(1), Fence = 1,
        });
        await db.SaveChangesAsync();
        return id;
    }

    public static async Task<RunSummary> PollAsync(Bench bench, Guid source, long number, int identities)
    {
        await using var db = await bench.Contexts.CreateDbContextAsync();
        var run = new PollRun
        {
            Id = Ids.New(TimeProvider.System), Number = number, SourceId = source, Fence = 1, Trigger = PollTrigger.Person, State = PollState.Running,
            StartedAt = TimeProvider.System.GetUtcNow(),
        };
        db.Add(run);
        await db.SaveChangesAsync();
        await using var scope = bench.Scope();
        var sink = scope.ServiceProvider.GetRequiredService<IObservationSink>();
        await using var writer = await sink.OpenAsync(new RunTicket(source, run.Id, 1, "github"), CancellationToken.None);
        foreach (var read in Made.Read(identities))
        {
            await writer.TakeAsync(read, CancellationToken.None);
        }

        var summary = await writer.FinishAsync(readToEnd: true, CancellationToken.None);
        run.State = PollState.Complete;
        await db.SaveChangesAsync();
        return summary;
    }

    // The machine's own limit: the final rows as ready bytes, from a file, through one COPY for each table.
    private static async Task<TimeSpan> CopyAsync(Bench bench, Guid source)
    {
        await using var connection = await bench.ConnectAsync();
        var total = TimeSpan.Zero;
        foreach (var table in new[] { "identities", "credentials" })
        {
            var file = Path.GetTempFileName();
            await using (var export = await connection.BeginRawBinaryCopyAsync($"COPY (SELECT * FROM {table} WHERE source_id = '{source}' ORDER BY id) TO STDOUT (FORMAT BINARY)"))
            await using (var to = File.Create(file))
            {
                await export.CopyToAsync(to);
            }

            await Execute(connection, $"CREATE TABLE copy_{table} (LIKE {table} INCLUDING ALL)");
            await bench.SettleAsync();
            total += await Bench.TimeAsync(async () =>
            {
                await using var import = await connection.BeginRawBinaryCopyAsync($"COPY copy_{table} FROM STDIN (FORMAT BINARY)");
                await using var from = File.OpenRead(file);
                await from.CopyToAsync(import);
            });
            File.Delete(file);
            await Execute(connection, $"DROP TABLE copy_{table}");
        }

        return total;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }
}
