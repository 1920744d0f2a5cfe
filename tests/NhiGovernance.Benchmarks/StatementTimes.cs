using System.Globalization;
using System.Text.RegularExpressions;

namespace NhiGovernance.Benchmarks;

/// <summary>What the server says that each statement took, from its own log: where a poll's time goes. Costs some time itself.</summary>
internal static partial class StatementTimes
{
    private const int Shown = 12;

    public static async Task<T> OfAsync<T>(Bench bench, bool wanted, Func<Task<T>> work)
    {
        if (!wanted)
        {
            return await work();
        }

        var log = await LogAsync(bench);
        var before = new FileInfo(log).Length;
        await SetAsync(bench, "0");
        try
        {
            return await work();
        }
        finally
        {
            await SetAsync(bench, "-1");
            Print(log, before);
        }
    }

    private static async Task<string> LogAsync(Bench bench) =>
        Directory.GetFiles(await bench.SettingAsync("log_directory"), "postgres-*.log").Single();

    private static async Task SetAsync(Bench bench, string milliseconds)
    {
        await bench.ScalarAsync($"ALTER SYSTEM SET log_min_duration_statement = {milliseconds}");
        await bench.ScalarAsync("SELECT pg_reload_conf()");
    }

    private static void Print(string log, long from)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(from, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        var times = new Dictionary<string, (int Count, double Total)>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (Duration().Match(line) is { Success: true } match)
            {
                var what = $"{match.Groups["step"].Value} {match.Groups["sql"].Value}";
                what = what[..Math.Min(what.Length, 90)];
                var (count, total) = times.GetValueOrDefault(what);
                times[what] = (count + 1, total + double.Parse(match.Groups["ms"].Value, CultureInfo.InvariantCulture));
            }
        }

        Console.WriteLine($"   {times.Values.Sum(t => t.Total) / 1_000,7:0.00} s in the server:");
        foreach (var (what, (count, total)) in times.OrderByDescending(t => t.Value.Total).Take(Shown))
        {
            Console.WriteLine($"   {total,9:0} ms {count,6} x  {what}");
        }
    }

    [GeneratedRegex(@"duration: (?<ms>[\d.]+) ms\s+(?<step>\w+)[^:]*: (?<sql>.*)", RegexOptions.NonBacktracking)]
    private static partial Regex Duration();
}
