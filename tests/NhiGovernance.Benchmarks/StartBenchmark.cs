using System.Diagnostics;
using System.Globalization;

namespace NhiGovernance.Benchmarks;

/// <summary>
/// <c>./run.sh</c> of an unchanged source tree, from the command to the first page's bytes: with a new data folder (the database
/// is made and migrated), and with one that is there. The bar is 5 s for both.
/// </summary>
internal static class StartBenchmark
{
    public static async Task RunAsync()
    {
        var run = Path.Combine(Root(), "run.sh");
        await EndAsync(Start(run, "--version"));
        var data = Directory.CreateTempSubdirectory("nhi-start-").FullName;
        try
        {
            Console.WriteLine($"first page, new data folder      {await FirstPageAsync(run, data):F2} s  (bar 5 s)");
            Console.WriteLine($"first page, data folder is there {await FirstPageAsync(run, data):F2} s  (bar 5 s)");
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<double> FirstPageAsync(string run, string data)
    {
        var since = Stopwatch.GetTimestamp();
        using var process = Start(run, "--urls", "http://127.0.0.1:0", "--data", data);
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("run.sh ended.");
        using var client = new HttpClient { BaseAddress = new Uri(line[(line.LastIndexOf(' ') + 1)..]) };
        await client.GetStringAsync("/");
        var took = Stopwatch.GetElapsedTime(since).TotalSeconds;
        using var kill = Process.Start("/bin/kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await EndAsync(process);
        return took;
    }

    private static Process Start(string run, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(run, arguments) { RedirectStandardOutput = true })!;

    private static async Task EndAsync(Process process)
    {
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "run.sh")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
