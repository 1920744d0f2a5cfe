using System.Globalization;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Hosting.Postgres;

namespace NhiGovernance.Tests.Hosting;

/// <summary>Start, stop, kill and recovery of the whole product with its embedded database, as processes.</summary>
public sealed class ProcessTests
{
    [Theory]
    [InlineData(ProductProcess.Interrupt)]
    [InlineData(ProductProcess.Terminate)]
    public async Task Serve_InterruptedOrTerminated_StopsItsDatabaseCleanlyAndEndsWithZero(int signal)
    {
        using var data = new TemporaryFolder();
        await using var product = await ProductProcess.ServeAsync(ProductProcess.InForeground, AppContext.BaseDirectory, data.Path);
        product.WayIn.ShouldContain($"{product.Address}sign-in/link/");

        var code = signal == ProductProcess.Interrupt ? await product.InterruptAsync() : await product.SignalAsync(signal);

        code.ShouldBe(0, product.Errors);
        File.Exists(PidFile(data)).ShouldBeFalse();
        File.Exists(Path.Combine(data.Path, "address")).ShouldBeFalse();
        Log(data).ShouldContain("database system is shut down");
        Log(data).ShouldNotContain("immediate shutdown");
    }

    [Fact]
    public async Task Serve_Killed_TakesItsDatabaseAlongAndStartsAgain()
    {
        using var data = new TemporaryFolder();
        await using (var first = await ProductProcess.ServeAsync(data.Path))
        {
            await TokenAsync(data, "before");
            await first.SignalAsync(ProductProcess.Kill);
        }

        await using var second = await ProductProcess.ServeAsync(data.Path);

        (await ProductProcess.RunAsync(["token", "list", "--data", data.Path])).Output.ShouldContain("before");
        (await second.SignalAsync(ProductProcess.Terminate)).ShouldBe(0);
    }

    [Fact]
    public async Task Serve_KilledTogetherWithItsDatabase_RecoversWhatWasCommitted()
    {
        using var data = new TemporaryFolder();
        await using (var first = await ProductProcess.ServeAsync(data.Path))
        {
            await TokenAsync(data, "before");
            var postmaster = int.Parse(File.ReadLines(PidFile(data)).First(), CultureInfo.InvariantCulture);
            await ProductProcess.SendAsync(postmaster, ProductProcess.Kill);
            await first.SignalAsync(ProductProcess.Kill);
        }

        File.Exists(PidFile(data)).ShouldBeTrue("the file of a server that is gone");
        await using var second = await ProductProcess.ServeAsync(data.Path);

        (await ProductProcess.RunAsync(["token", "list", "--data", data.Path])).Output.ShouldContain("before");
        Log(data).ShouldContain("automatic recovery in progress");
    }

    [Fact]
    public async Task Serve_InAFolderThatIsServed_IsRefusedAndNamesTheProcess()
    {
        using var data = new TemporaryFolder();
        await using var first = await ProductProcess.ServeAsync(data.Path);

        var (code, _, errors) = await ProductProcess.RunAsync(["--urls", "http://127.0.0.1:0", "--data", data.Path]);

        code.ShouldBe(2);
        errors.ShouldContain($"in use by process {first.Id}");
    }

    [Fact]
    public async Task Serve_AsAnOrdinaryUser_AnswersWithItsFirstPage()
    {
        // Root becomes nobody, in a copy that is nobody's own; anyone else is an ordinary user already.
        using var copy = new TemporaryFolder();
        string[] prefix = [];
        var (build, postgres) = (Path.Combine(copy.Path, "build"), Path.Combine(copy.Path, "postgres"));
        foreach (var (from, to) in ((string, string)[])[(AppContext.BaseDirectory, build), (PostgresBinaries.Find(null), postgres)])
        {
            await RunAsync("cp", "--archive", "--reflink=auto", "--no-target-directory", from, to);
        }

        // It names the folder of the sources, which only a developer's build reads.
        File.Delete(Path.Combine(build, "NhiGovernance.Web.staticwebassets.runtime.json"));
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "--recursive", "65534:65534", copy.Path);
            prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=" + copy.Path];
        }

        await using var product = await ProductProcess.ServeAsync(
            prefix, build, Path.Combine(copy.Path, "data"), "--Postgres:Binaries=" + postgres);
        using var client = new HttpClient { BaseAddress = product.Address };
        using var answer = await client.GetAsync("/", TestContext.Current.CancellationToken);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        answer.RequestMessage!.RequestUri!.AbsolutePath.ShouldStartWith("/sign-in");
        page.ShouldContain("<h1>Sign in</h1>");
        page.ShouldContain("one-time link that the start printed");
        (await client.GetStringAsync("/readyz", TestContext.Current.CancellationToken)).ShouldBe("ready\n");
        var link = product.WayIn[product.WayIn.IndexOf("/sign-in/link/", StringComparison.Ordinal)..].Trim();
        (await client.GetStringAsync(link, TestContext.Current.CancellationToken)).ShouldContain("name=\"password\"");
        (await product.SignalAsync(ProductProcess.Terminate)).ShouldBe(0, product.Errors);
    }

    private static async Task TokenAsync(TemporaryFolder data, string name)
    {
        var (code, _, errors) = await ProductProcess.RunAsync(["token", "create", "--name", name, "--scopes", "identities:read", "--data", data.Path]);
        code.ShouldBe(0, errors);
    }

    private static string PidFile(TemporaryFolder data) => Path.Combine(data.Path, "postgres", "cluster", "postmaster.pid");

    private static string Log(TemporaryFolder data) =>
        string.Concat(Directory.EnumerateFiles(Path.Combine(data.Path, "postgres", "log")).Select(File.ReadAllText));

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await SourceCopy.RunAsync("/", new Dictionary<string, string>(), program, arguments);
        code.ShouldBe(0, output);
    }
}
