using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Hosting;

/// <summary>The commands by which the product is built, as a person or a container builder runs them, from a copy of the sources.</summary>
public sealed partial class BuildScriptTests(SourceCopy copy) : IClassFixture<SourceCopy>
{
    private const string NotNow = "Builds the product twice; test.sh runs it.";

    [Fact]
    public async Task Dockerfile_ItsBuildSteps_MakeAProgramThatRuns()
    {
        Assert.SkipUnless(SourceCopy.Wanted, NotNow);
        var app = Path.Combine(copy.Folder, "app");
        var (build, final) = Stages();
        foreach (var step in build)
        {
            // The container's own places, as places of this test.
            var script = step.Replace(" /app", " " + app, StringComparison.Ordinal).Replace(" /intermediate", " " + copy.Intermediate, StringComparison.Ordinal);
            var (code, output) = await SourceCopy.RunAsync(copy.Root, new Dictionary<string, string>(), "/bin/sh", "-c", script);
            code.ShouldBe(0, output);
        }

        final.ShouldContain("ENTRYPOINT [\"/app/NhiGovernance.Web\"]");
        final.ShouldContain("\nUSER 10001\n");
        var help = await SourceCopy.RunAsync(copy.Folder, new Dictionary<string, string>(), Path.Combine(app, "NhiGovernance.Web"), "--help");
        help.ExitCode.ShouldBe(0, help.Output);

        // The API's document takes its words from these while it serves.
        foreach (var words in (string[])["NhiGovernance.xml", "NhiGovernance.Web.xml"])
        {
            File.Exists(Path.Combine(app, words)).ShouldBeTrue(words);
        }

        var alone = await SourceCopy.RunAsync(
            copy.Folder, new Dictionary<string, string> { ["Data"] = Path.Combine(copy.Folder, "data") }, Path.Combine(app, "NhiGovernance.Web"), "migrate");
        alone.ExitCode.ShouldBe(2);
        alone.Output.ShouldContain("ConnectionStrings:NhiGovernance");
    }

    [Fact]
    public async Task Dockerfile_ThePackagesOfTheImage_AreDebians()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/apt-get"), "There is no apt-get to ask.");
        var (image, here) = (Release().Match(Stages().Final).Groups[1].Value, await File.ReadAllTextAsync("/etc/os-release", TestContext.Current.CancellationToken));
        Assert.SkipUnless(
            here.Contains("ID=debian\n", StringComparison.Ordinal) && here.Contains($"VERSION_ID=\"{image}\"", StringComparison.Ordinal),
            $"The image is of Debian {image}, and this machine's apt knows another release's packages.");
        var packages = Install().Match(Stages().Final).Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var known = await SourceCopy.RunAsync("/", new Dictionary<string, string>(), "apt-cache", ["policy", .. packages]);
        Assert.SkipWhen(known.Output.Length == 0, "apt's lists are empty; test.sh fetches them.");

        packages.ShouldContain("git");
        foreach (var package in packages)
        {
            known.Output.ShouldContain($"{package}:\n");
        }
    }

    [Fact]
    public async Task Run_InAFreshCopyBelowAPrivateFolder_ServesAndStopsAndDoesNotBuildAgain()
    {
        Assert.SkipUnless(SourceCopy.Wanted, NotNow);
        var data = Path.Combine(copy.Folder, "state");
        var first = await SourceCopy.RunAsync(copy.Root, new Dictionary<string, string>(), Path.Combine(copy.Root, "run.sh"), "migrate", "--data", data);
        first.ExitCode.ShouldBe(0, first.Output);
        first.Output.ShouldContain("Building");

        await ServeAsync(data, ProductProcess.SendAsync, ProductProcess.Terminate);
        await ServeAsync(data, (process, _) => ProductProcess.InterruptAsync(process), ProductProcess.Interrupt);
    }

    /// <summary>run.sh with all its processes, as a terminal has them in the foreground.</summary>
    private async Task ServeAsync(string data, Func<int, int, Task> send, int signal)
    {
        string[] words = [.. ProductProcess.InForeground, Path.Combine(copy.Root, "run.sh"), "--urls", "http://127.0.0.1:0", "--data", data];
        using var serving = Process.Start(new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            var line = await serving.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? await serving.StandardError.ReadToEndAsync();
            using var client = new HttpClient { BaseAddress = new Uri(line[(line.LastIndexOf(' ') + 1)..]) };
            (await client.GetStringAsync("/readyz", TestContext.Current.CancellationToken)).ShouldBe("ready\n");
            await ShouldExplainItselfAsync(client);
            (await client.GetAsync("/_framework/blazor.web.js", TestContext.Current.CancellationToken)).IsSuccessStatusCode.ShouldBeTrue();
            (await serving.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull().ShouldContain("/sign-in/link/");

            await send(serving.Id, signal);
            await serving.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            serving.ExitCode.ShouldBe(0);
            File.Exists(Path.Combine(data, "postgres", "cluster", "postmaster.pid")).ShouldBeFalse("the database was stopped too");
            (await serving.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldNotContain("Building");
        }
        finally
        {
            serving.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The words of the engine and of the host, in what is served and not only in what was built.</summary>
    private static async Task ShouldExplainItselfAsync(HttpClient client)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));
        var shapes = document.RootElement.GetProperty("components").GetProperty("schemas");
        shapes.GetProperty("Knowledge").GetProperty("description").GetString()!.ShouldContain("`NotExposed`");
        shapes.GetProperty("IdentityRow").GetProperty("properties").EnumerateObject()
            .Where(f => !f.Value.TryGetProperty("description", out var says) || says.GetString() is not { Length: > 3 }).Select(f => f.Name).ShouldBeEmpty();
    }

    /// <summary>The RUN steps of the first stage, and the text of the last one.</summary>
    private static (IReadOnlyList<string> Build, string Final) Stages()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile")).Replace("\\\n", " ", StringComparison.Ordinal);
        var last = text.LastIndexOf("\nFROM ", StringComparison.Ordinal);
        return ([.. Step().Matches(text[..last]).Select(m => m.Groups[1].Value)], text[last..]);
    }

    [GeneratedRegex("^RUN (.+)$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Step();

    [GeneratedRegex("--no-install-recommends ([a-z0-9 -]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Install();

    [GeneratedRegex("^\\s*FROM debian:([0-9]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Release();
}
