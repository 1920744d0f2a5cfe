using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Benchmarks;

/// <summary>
/// The memory of a real poll: queue, lease, pulse, the file connector with its JSON, cleaning of secrets, ledger and reconcile. In a
/// process that has done nothing else, so that no other measurement's heap counts.
/// </summary>
internal static class PollBenchmark
{
    private const int Bar = 300;

    public static async Task RunAsync(Bench bench, int identities)
    {
        var (warm, real) = (Path.Combine(bench.Files, "warm.json"), Path.Combine(bench.Files, "inventory.json"));
        Write(warm, 1_000);
        Write(real, identities);
        await PollAsync(bench, await SourceAsync(bench, warm));
        var source = await SourceAsync(bench, real);
        Console.WriteLine($"polls of {identities:N0} identities and {identities * 3 / 2:N0} credentials by the file connector, {new FileInfo(real).Length >> 20} MB of JSON");
        using var memory = new PeakMemory();
        foreach (var what in (string[])["first", "unchanged"])
        {
            await bench.SettleAsync();
            var start = Stopwatch.GetTimestamp();
            var run = await PollAsync(bench, source);
            Console.WriteLine($"{what,-10} {Stopwatch.GetElapsedTime(start).TotalSeconds,7:0.00} s   {run.State}, {run.Seen:N0} seen, {run.Added:N0} added, {run.Changed:N0} changed, {memory}");
            if (run.State != PollState.Complete || run.Seen != identities + (identities * 3 / 2))
            {
                throw new InvalidOperationException($"The poll was not what it should be: {run.Error} {run.Notes}");
            }
        }

        Console.WriteLine($"peak of a real poll {memory.Peak >> 20} MB   (bar {Bar} MB: {(memory.Peak >> 20 < Bar ? "kept" : "MISSED")})");
    }

    private static async Task<Guid> SourceAsync(Bench bench, string path)
    {
        await using var scope = bench.Scope();
        var made = await scope.ServiceProvider.GetRequiredService<CreateSource>().RunAsync(new CreateSourceRequest(
            "file", Path.GetFileName(path), new Dictionary<string, string> { ["from"] = "path", ["path"] = path }, PollNow: false));
        return made.IsOk ? made.Value.Id : throw new InvalidOperationException(made.Error.Message);
    }

    private static async Task<PollRun> PollAsync(Bench bench, Guid source)
    {
        await using var scope = bench.Scope();
        var queued = await scope.ServiceProvider.GetRequiredService<PollNow>().RunAsync(new PollNowRequest(source));
        var run = queued.IsOk ? queued.Value.RunId : throw new InvalidOperationException(queued.Error.Message);
        await scope.ServiceProvider.GetRequiredService<PollSource>().RunAsync(run, CancellationToken.None);
        await using var db = await bench.Contexts.CreateDbContextAsync();
        return await db.Set<PollRun>().AsNoTracking().SingleAsync(r => r.Id == run);
    }

    /// <summary>As an export of another system would be: every field filled.</summary>
    private static void Write(string path, int identities)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file);
        json.WriteStartObject();
        json.WriteString("format", "nhi-inventory/1");
        json.WriteStartArray("identities");
        for (var n = 0; n < identities; n++)
        {
            json.WriteStartObject();
            json.WriteString("id", $"svc/{n}");
            json.WriteString("kind", n % 3 == 0 ? "ServiceAccount" : "MachineUser");
            json.WriteString("name", $"{Made.Word(n, 1)}-{Made.Word(n, 12)}-{n}");
            json.WriteString("placeKind", "repository");
            json.WriteString("place", $"acme/{Made.Word(n, 500)}-{n / 50}");
            json.WriteString("createdAt", "2024-03-01T08:00:00Z");
            json.WriteString("lastUsedAt", n % 3 == 0 ? "never" : "2026-11-01T02:00:00Z");
            json.WriteString("expiresAt", "never");
            json.WriteString("disabled", "false");
            json.WriteString("joinKeys", $"ssh:SHA256:{n:x16}{n * 7919L:x16}");
            json.WriteString("grants", $"read @ acme/{n / 50}");
            json.WriteString("releaseGrants", n % 4 == 0 ? $"push @ acme/{n / 50}" : "");
            json.WriteString("notes", $"made for the benchmark, row {n}");
            json.WriteEndObject();
            Flush(json, n);
        }

        json.WriteEndArray();
        json.WriteStartArray("credentials");
        for (var n = 0; n < identities * 3 / 2; n++)
        {
            json.WriteStartObject();
            json.WriteString("id", $"key/{n}");
            json.WriteString("identity", $"svc/{n % identities}");
            json.WriteString("kind", "SshKey");
            json.WriteString("name", $"ssh key {n}");
            json.WriteString("keyIds", $"SHA256:{n:x16}");
            json.WriteString("createdAt", "2024-03-01T08:00:00Z");
            json.WriteString("expiresAt", n % 5 == 0 ? "2027-01-31" : "never");
            json.WriteEndObject();
            Flush(json, n);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Flush(Utf8JsonWriter json, int n)
    {
        if (n % 1_000 == 0)
        {
            json.Flush();
        }
    }
}
