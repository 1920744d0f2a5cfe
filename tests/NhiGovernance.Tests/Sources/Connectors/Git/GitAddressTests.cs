using NhiGovernance.Sources.Connectors.Git;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>Which addresses are taken, and that a refused one starts nothing.</summary>
public sealed class GitAddressTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_RepositoryWithAlternatesOrOutsideOfTheRoots_IsRefused()
    {
        using var sandbox = new GitSandbox();
        sandbox.Commit("one");
        sandbox.Publish();
        Directory.CreateSymbolicLink(Path.Combine(sandbox.Root, "link"), Path.GetTempPath());
        var borrowed = Path.Combine(sandbox.Root, "borrowed.git");
        sandbox.Git("clone", "--quiet", "--bare", "--shared", sandbox.Repository, borrowed);

        (await EndAsync(sandbox, borrowed)).Error!.ShouldContain("borrows its objects");
        (await EndAsync(sandbox, "/etc")).Error!.ShouldContain("Sources:GitLocalRoots");
        (await EndAsync(sandbox, Path.Combine(sandbox.Root, "link"))).Error!.ShouldContain("Sources:GitLocalRoots");
        (await EndAsync(sandbox, Path.Combine(sandbox.Root, "..", "..", "etc"))).Error!.ShouldContain("Sources:GitLocalRoots");
        (await EndAsync(sandbox, sandbox.Root)).Error!.ShouldContain("no git repository");
    }

    [Theory]
    [InlineData("https://user:hunter2@github.com/acme/ledger.git", "secret field")]
    [InlineData("https://ghp_token@github.com/acme/ledger.git", "secret field")]
    [InlineData("https://github.com/acme/ledger.git?token=x", "secret field")]
    [InlineData("git@github.com:acme/ledger.git", "ssh://git@host")]
    [InlineData("http://github.com/acme/ledger.git", "not allowed")]
    [InlineData("ext::sh -c touch% /tmp/x", "characters")]
    [InlineData("ext::sh", "in full")]
    [InlineData("--upload-pack=x", "characters")]
    [InlineData("ssh://-oProxyCommand=x/y", "address")]
    [InlineData("git://github.com/acme/ledger", "not allowed")]
    [InlineData("/etc", "switched off")]
    [InlineData("https://github.com/", "no repository")]
    public void Validate_AddressThatIsNotAllowed_SaysWhatToDo(string url, string words)
    {
        var fault = new GitConnector(new GitOptions(), Guard()).Validate(GitSandbox.Settings(url)).First(f => f.Field == "url");
        fault.Message.ShouldContain(words);
        fault.Message.ShouldNotContain("hunter2");
        fault.Message.ShouldNotContain("ghp_token");
    }

    [Fact]
    public void Validate_SshWithoutKnownHosts_IsRefused() =>
        new GitConnector(new GitOptions(), Guard()).Validate(GitSandbox.Settings("ssh://git@github.com/acme/ledger.git", ("signIn", "ssh")))
            .ShouldHaveSingleItem().Field.ShouldBe("knownHosts");

    [Fact]
    public async Task Read_HostThatTheGuardRefuses_NeverStartsGit()
    {
        using var sandbox = new GitSandbox();
        var ended = await EndAsync(sandbox, "https://127.0.0.1/acme/ledger.git");
        ended.Outcome.ShouldBe(ScopeOutcome.Failed);
        ended.Error!.ShouldContain("private");
    }

    private static async Task<ScopeEnded> EndAsync(GitSandbox sandbox, string url) => (await GitReading.OfAsync(sandbox.Options, url, Cancel)).End;

    private static OutboundGuard Guard() => new(new OutboundOptions(), new SystemResolver());
}
