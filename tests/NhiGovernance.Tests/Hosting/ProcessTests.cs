using System.Globalization;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Hosting;

/// <summary>Start, stop, kill and recovery of the whole product with its embedded database, as processes.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Serve_Terminated_StopsItsDatabaseCleanlyAndEndsWithZero()
    {
        using var data = new TemporaryFolder();
        await using var product = await ProductProcess.ServeAsync(data.Path);
        product.WayIn.ShouldContain($"{product.Address}sign-in/link/");

        var code = await product.SignalAsync(ProductProcess.Terminate);

        code.ShouldBe(0, product.Errors);
        File.Exists(PidFile(data)).ShouldBeFalse();
        File.Exists(Path.Combine(data.Path, "address")).ShouldBeFalse();
        Log(data).ShouldContain("database system is shut down");
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
    public async Task Serve_AsAnOrdinaryUser_Works()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can become another user; these tests run as an ordinary one anyway.");
        Assert.SkipUnless(IsOpenToAll(AppContext.BaseDirectory), "The build is in a folder that other users may not enter.");
        using var data = new TemporaryFolder();
        File.SetUnixFileMode(data.Path, (UnixFileMode)0b111_111_111);

        var (code, output, errors) = await ProductProcess.RunAsync(
            ["token", "create", "--name", "n", "--scopes", "identities:read", "--data", Path.Combine(data.Path, "inner")],
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=" + data.Path);

        code.ShouldBe(0, errors);
        output.ShouldStartWith("nhi_");
    }

    private static async Task TokenAsync(TemporaryFolder data, string name)
    {
        var (code, _, errors) = await ProductProcess.RunAsync(["token", "create", "--name", name, "--scopes", "identities:read", "--data", data.Path]);
        code.ShouldBe(0, errors);
    }

    private static string PidFile(TemporaryFolder data) => Path.Combine(data.Path, "postgres", "cluster", "postmaster.pid");

    private static string Log(TemporaryFolder data) =>
        string.Concat(Directory.EnumerateFiles(Path.Combine(data.Path, "postgres", "log")).Select(File.ReadAllText));

    private static bool IsOpenToAll(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (!at.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
