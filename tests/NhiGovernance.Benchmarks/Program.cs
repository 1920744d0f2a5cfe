using NhiGovernance.Benchmarks;

// start | poll | reconcile | lists | resources (in a database of its own) | all | hold (keeps the server up, to look at plans with psql); --identities N and --rows N make a smaller one; --keep DIR seeds the lists just once.
var what = args.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal)) ?? "all";
if (what is "start" or "all")
{
    await StartBenchmark.RunAsync();
    if (what == "start")
    {
        return;
    }
}

await using var bench = await Bench.StartAsync(Bench.Text(args, "--keep"));
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, PostgreSQL {await bench.VersionAsync()}, fsync {await bench.SettingAsync("fsync")}");
if (what is "poll" or "all")
{
    // First, in a process that is still small.
    await PollBenchmark.RunAsync(bench, Bench.Number(args, "--identities", 100_000));
}

if (what is "reconcile" or "all")
{
    await ReconcileBenchmark.RunAsync(bench, Bench.Number(args, "--identities", 100_000), args.Contains("--statements"));
}

if (what is "lists" or "all")
{
    await ListsBenchmark.RunAsync(bench, Bench.Number(args, "--rows", 1_000_000), args.Contains("--explain"));
}

if (what == "resources")
{
    await ResourcesBenchmark.RunAsync(bench, Bench.Number(args, "--rows", 300_000), args.Contains("--explain"));
}

if (what == "hold")
{
    Console.WriteLine($"{bench.Database.Owner}\nEnter ends.");
    Console.ReadLine();
}
