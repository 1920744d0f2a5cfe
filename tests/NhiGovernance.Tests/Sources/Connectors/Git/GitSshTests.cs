using NhiGovernance.Sources.Connectors.Git;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>ssh against OpenSSH's own server: which host is trusted, which key signs in, and that nobody is ever asked anything.</summary>
public sealed class GitSshTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();
    private readonly string _key;

    public GitSshTests()
    {
        _sandbox.Write("CODEOWNERS", "* @acme/all\n");
        _sandbox.Commit("one");
        _sandbox.Publish();
        _key = NewKey("deploy");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_WithTheRightKeyAndHost_ReadsAndLeavesNoKeyBehind()
    {
        await using var server = await StartAsync();
        var (program, log) = Logged();

        var read = await ReadAsync(server, _key, server.KnownHosts, program);

        read.Ends.Select(e => e.Outcome).ShouldBe(Enumerable.Repeat(ScopeOutcome.Complete, 5), read.Ends.FirstOrDefault(e => e.Error is not null)?.Error + server.Log);
        read.Seen.OfType<ResourceObservation>().ShouldContain(r => r.NaturalKey == "codeowners:*");
        server.Log.ShouldContain("Accepted publickey for");

        // The key is a file that only this user may read, for as long as the reading takes; no command line holds it.
        var commands = await File.ReadAllTextAsync(log, Cancel);
        commands.ShouldContain("key 600");
        commands.ShouldNotContain("PRIVATE KEY");
        var secret = (await File.ReadAllLinesAsync(_key, Cancel))[1];
        commands.ShouldNotContain(secret);
        Directory.EnumerateFiles(Path.GetTempPath(), "key", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Where(f => Path.GetDirectoryName(f)!.Contains("nhi-git-", StringComparison.Ordinal) && File.ReadAllText(f).Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_UnknownHostKey_IsRefusedBeforeTheKeyIsShown()
    {
        await using var server = await StartAsync();
        foreach (var known in new[] { string.Empty, $"[127.0.0.1]:{server.Port + 1} {server.KnownHosts.Split(' ', 2)[1]}", server.KnownAs(NewKey("other-host") + ".pub") })
        {
            var read = await ReadAsync(server, _key, known);
            read.End.Outcome.ShouldBe(ScopeOutcome.Failed);
            read.End.Error!.ShouldContain("SSH key is not the one in the known hosts setting");
            read.Seen.ShouldBeEmpty();
        }

        server.Log.ShouldNotContain("Accepted");
        server.Log.ShouldNotContain("Failed publickey");
    }

    [Fact]
    public async Task Read_KeyThatMayNotSignIn_IsDeniedWithoutAQuestion()
    {
        await using var server = await StartAsync(asksForPasswords: true);
        var read = await ReadAsync(server, NewKey("stranger"), server.KnownHosts);
        read.End.Outcome.ShouldBe(ScopeOutcome.Denied);
        server.Log.ShouldNotContain("password for");
    }

    [Fact]
    public async Task Read_KeyWithAPassphrase_SaysSoWithoutAQuestion()
    {
        await using var server = await StartAsync(asksForPasswords: true);
        var locked = Path.Combine(_sandbox.Root, "locked");
        _sandbox.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "a passphrase", "-f", locked);
        var read = await ReadAsync(server, locked, server.KnownHosts);
        read.End.Error!.ShouldContain("without a passphrase");
        read.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_WithoutAKey_IsDeniedWithoutAQuestion()
    {
        await using var server = await StartAsync(asksForPasswords: true);
        var read = await GitReading.OfAsync(new(), server.Address(_sandbox.Repository), Cancel, allow: server.Authority,
            more: [(GitDescriptor.KnownHosts, server.KnownHosts)]);
        read.End.Outcome.ShouldBe(ScopeOutcome.Denied);
    }

    [Fact]
    public async Task Read_NoSuchRepository_SaysSo()
    {
        await using var server = await StartAsync();
        var read = await GitReading.OfAsync(new(), server.Address("/nowhere/acme.git"), Cancel, await File.ReadAllTextAsync(_key, Cancel), server.Authority,
            more: [("signIn", "ssh"), (GitDescriptor.KnownHosts, server.KnownHosts)]);
        read.End.Outcome.ShouldBe(ScopeOutcome.Failed);
        read.End.Error!.ShouldContain("no repository at this address");
    }

    [Theory]
    [InlineData(true, TestOutcome.Pass, "1 branches")]
    [InlineData(false, TestOutcome.Fail, "known hosts setting")]
    public async Task TestAsync_OverSsh_TicksOrSaysWhatToDo(bool known, TestOutcome outcome, string words)
    {
        await using var server = await StartAsync();
        var guard = new OutboundGuard(new OutboundOptions { AllowPrivateHosts = [server.Authority] }, new SystemResolver());
        var context = GitReading.Context(server.Address(_sandbox.Repository), await File.ReadAllTextAsync(_key, Cancel),
            ("signIn", "ssh"), (GitDescriptor.KnownHosts, known ? server.KnownHosts : string.Empty));
        var steps = new List<TestStep>();
        await foreach (var step in new GitConnector(new(), guard).TestAsync(context, Cancel))
        {
            steps.Add(step);
        }

        var signIn = steps.Single(s => s.Name == "Sign in and list references");
        signIn.Outcome.ShouldBe(outcome, signIn.Detail);
        signIn.Detail.ShouldContain(words);
    }

    public void Dispose() => _sandbox.Dispose();

    private Task<GitSshServer> StartAsync(bool asksForPasswords = false)
    {
        Assert.SkipUnless(GitSshServer.IsInstalled, "sshd is not installed; test.sh installs openssh-server.");
        return GitSshServer.StartAsync(_sandbox, _key + ".pub", asksForPasswords);
    }

    private string NewKey(string name)
    {
        var key = Path.Combine(_sandbox.Root, name);
        _sandbox.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key);
        return key;
    }

    private async Task<GitReading> ReadAsync(GitSshServer server, string key, string knownHosts, string program = "git") =>
        await GitReading.OfAsync(new() { Program = program }, server.Address(_sandbox.Repository), Cancel, await File.ReadAllTextAsync(key, Cancel), server.Authority,
            more: [("signIn", "ssh"), (GitDescriptor.KnownHosts, knownHosts)]);

    /// <summary>A git program that first writes down how it was called, its environment, and who may read the key.</summary>
    private (string Program, string Log) Logged()
    {
        var (program, log) = (Path.Combine(_sandbox.Root, "logged-git"), Path.Combine(_sandbox.Root, "commands"));
        File.WriteAllText(program, $$"""
            #!/bin/sh
            printf '%s\n' "$@" >> '{{log}}'
            env >> '{{log}}'
            file=$(printf '%s' "$GIT_SSH_COMMAND" | sed -n "s/.* -i '\([^']*\)'.*/\1/p")
            [ -z "$file" ] || stat -c '%n %a' "$file" | sed 's!.*/!!' >> '{{log}}'
            exec git "$@"
            """.ReplaceLineEndings("\n") + "\n");
        _sandbox.Run("chmod", "700", program);
        return (program, log);
    }
}
