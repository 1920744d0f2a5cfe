using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>https against git's own server: who is trusted, who gets the token, and that nobody else does.</summary>
public sealed class GitHttpsTests : IDisposable
{
    private const string Token = "glpat-throw-away";
    private const string Credential = "x-access-token:" + Token;

    private readonly GitSandbox _sandbox = new();

    public GitHttpsTests()
    {
        _sandbox.Write("CODEOWNERS", "* @acme/all\n");
        _sandbox.Commit("one");
        _sandbox.Publish();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Roots => Path.Combine(_sandbox.Root, "root.pem");

    [Fact]
    public async Task Read_WithTheRightToken_ReadsAndShowsItToNobodyElse()
    {
        await using var server = await GitHttpServer.StartAsync(_sandbox.Root, Roots, Credential);
        var (program, log) = Logged();

        var read = await ReadAsync(server, Token, program);

        read.Ends.Select(e => e.Outcome).ShouldBe(Enumerable.Repeat(ScopeOutcome.Complete, 5));
        read.Seen.OfType<ResourceObservation>().ShouldContain(r => r.NaturalKey == "codeowners:*");
        server.Requests.Count.ShouldBeGreaterThan(2);
        server.Requests.ShouldAllBe(r => r == GitHttpServer.Basic(Credential));

        // Every command of the run: its operands, and the environment of those that stay on this machine.
        var commands = await File.ReadAllTextAsync(log, Cancel);
        commands.ShouldContain("fetch");
        commands.ShouldNotContain(Token);
        commands.ShouldNotContain(GitHttpServer.Basic(Credential));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("glpat-wrong")]
    public async Task Read_WithoutTheRightToken_IsDeniedAndConcludesNothing(string? token)
    {
        await using var server = await GitHttpServer.StartAsync(_sandbox.Root, Roots, Credential);

        var read = await ReadAsync(server, token);

        read.End.Outcome.ShouldBe(ScopeOutcome.Denied);
        read.Seen.ShouldBeEmpty();
        server.Requests.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("other.example", true)]
    public async Task Read_CertificateThatIsNotTrusted_SendsNoRequest(string name, bool trustRoot)
    {
        await using var server = await GitHttpServer.StartAsync(_sandbox.Root, Roots, Credential, name);

        var read = await ReadAsync(server, Token, trustRoot: trustRoot);

        read.End.Outcome.ShouldBe(ScopeOutcome.Failed);
        read.End.Error!.ShouldContain("certificate is not trusted");
        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Read_RedirectToAnotherHost_IsNotFollowed(string method)
    {
        await using var other = await GitHttpServer.StartAsync(_sandbox.Root, Path.Combine(_sandbox.Root, "other.pem"));
        await using var server = await GitHttpServer.StartAsync(_sandbox.Root, Roots, Credential, redirectTo: other.Address, redirectMethod: method);

        // Even one whose certificate would be trusted.
        await File.AppendAllTextAsync(Roots, "\n" + await File.ReadAllTextAsync(Path.Combine(_sandbox.Root, "other.pem"), Cancel), Cancel);
        var read = await ReadAsync(server, Token);

        read.End.Outcome.ShouldBe(ScopeOutcome.Failed);
        read.End.Error!.ShouldContain("redirects");
        server.Requests.ShouldNotBeEmpty();
        other.Requests.ShouldBeEmpty();
    }

    public void Dispose() => _sandbox.Dispose();

    private Task<GitReading> ReadAsync(GitHttpServer server, string? token, string program = "git", bool trustRoot = true) =>
        GitReading.OfAsync(new() { Program = program, TrustedRoots = trustRoot ? Roots : null }, $"{server.Address}acme.git", Cancel, token, server.Address.Authority);

    /// <summary>A git program that first writes down how it was called.</summary>
    private (string Program, string Log) Logged()
    {
        var (program, log) = (Path.Combine(_sandbox.Root, "logged-git"), Path.Combine(_sandbox.Root, "commands"));
        File.WriteAllText(program, $"""
            #!/bin/sh
            printf '%s\n' "$@" >> '{log}'
            case "$*" in *fetch*|*ls-remote*) ;; *) env >> '{log}' ;; esac
            exec git "$@"
            """.ReplaceLineEndings("\n") + "\n");
        _sandbox.Run("chmod", "700", program);
        return (program, log);
    }
}
