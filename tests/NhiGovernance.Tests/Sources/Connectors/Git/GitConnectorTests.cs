using System.Globalization;
using NhiGovernance.Sources.Connectors.Git;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

public sealed class GitConnectorTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_RealRepository_TellsSignersAutomationWorkflowsAndOwners()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("README.md", "x");
        sandbox.Write(".github/workflows/release.yml", "on: push\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./ship\n      - run: npm publish\n");
        sandbox.Write(".github/workflows/broken.yaml", "jobs: [\n");
        sandbox.Write(".github/workflows/notes.txt", "not a workflow");
        sandbox.Write("ship/action.yml", "runs:\n  using: composite\n  steps:\n    - run: cosign sign x\n      shell: bash\n");
        sandbox.Write("CODEOWNERS", "* @wrong\n");
        sandbox.Write(".github/CODEOWNERS", "* @acme/all\n/.github/ @acme/platform\n");
        sandbox.Commit("first");
        var ssh = sandbox.SignWithSsh();
        sandbox.Commit("signed by ssh", "-S");
        sandbox.Git("tag", "-s", "-m", "v1", "v1");
        var gpg = sandbox.SignWithGpg();
        sandbox.Author = "Gil <gil@example.com>";
        sandbox.Commit("signed by gpg\n\nCo-authored-by: Copilot <198982749+Copilot@users.noreply.github.com>", "-S");
        sandbox.Author = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>";
        sandbox.Commit("bump");
        sandbox.Publish();

        var (events, notes) = await ReadAsync(sandbox, sandbox.Repository);
        var seen = events.OfType<ScopePage>().SelectMany(p => p.Observations).ToList();

        events.OfType<ScopeEnded>().ShouldAllBe(e => e.Outcome == ScopeOutcome.Complete);
        var keys = seen.OfType<CredentialObservation>().ToDictionary(c => c.NaturalKey);
        keys.Keys.ShouldBe([$"gpg:{gpg}", $"ssh:{ssh}"], ignoreOrder: true);
        keys[$"ssh:{ssh}"].Kind.ShouldBe(CredentialKind.SshKey);
        keys[$"gpg:{gpg}"].Kind.ShouldBe(CredentialKind.GpgKey);
        var signer = seen.OfType<IdentityObservation>().Single(i => i.NaturalKey == $"ssh:{ssh}");
        signer.Facts["signedCommits"].Text.ShouldBe("1");
        signer.Facts["signedTags"].Text.ShouldBe("1");
        signer.Facts["signedFor"].Text.ShouldBe("[\"ada@example.com\"]");
        signer.LastUsedAt.Instant!.Value.ShouldBeGreaterThan(signer.Facts["firstUsed"].Instant!.Value);
        signer.Grants.ShouldAllBe(g => g.AltersRelease);

        var bots = seen.OfType<IdentityObservation>().Where(i => i.Kind is IdentityKind.Bot or IdentityKind.CodingAgent).ToDictionary(i => i.NaturalKey);
        bots["automation:dependabot"].Facts["authoredCommits"].Text.ShouldBe("1");
        bots["automation:copilot"].Kind.ShouldBe(IdentityKind.CodingAgent);
        bots["automation:copilot"].Facts["helpedCommits"].Text.ShouldBe("1");

        var job = seen.OfType<IdentityObservation>().Single(i => i.Kind == IdentityKind.WorkflowJob);
        job.Grants.Select(g => g.Permission).ShouldBe(["sign: signature (Sigstore)", "publish: npm package"], ignoreOrder: true);
        job.Facts["codeOwners"].Text.ShouldBe("[\"@acme/platform\"]");
        var files = seen.OfType<ResourceObservation>().Where(r => r.Kind == ResourceKind.WorkflowFile).ToDictionary(r => r.NaturalKey);
        files.Count.ShouldBe(2);
        files["workflow:.github/workflows/broken.yaml"].Facts["problem"].Text!.ShouldStartWith("could not be parsed: not valid YAML");
        seen.OfType<ResourceObservation>().Where(r => r.Kind == ResourceKind.OwnerSuggestion).Select(r => r.NaturalKey)
            .ShouldBe(["codeowners:*", "codeowners:/.github/"]);
        notes.ShouldContain("Read all 4 commits and 1 annotated tags: 2 commits and 1 tags are signed.");
    }

    [Fact]
    public async Task Read_SignerOlderThanTheBudget_IsRemembered()
    {
        using var sandbox = new GitSandbox();
        sandbox.Commit("zero");
        var ssh = sandbox.SignWithSsh();
        sandbox.Commit("signed", "-S");
        sandbox.Publish();
        var memory = new KeptMemory();
        await ReadAsync(sandbox, sandbox.Repository, memory, ("commitBudget", "1"));
        sandbox.Commit("plain");
        sandbox.Git("push", "--quiet", "--mirror", sandbox.Repository);

        var (events, notes) = await ReadAsync(sandbox, sandbox.Repository, memory, ("commitBudget", "1"));

        var key = events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<IdentityObservation>().Single(i => i.Kind == IdentityKind.SigningKey);
        events.OfType<ScopeEnded>().ShouldAllBe(e => e.Outcome == ScopeOutcome.Complete);
        notes[0].ShouldContain("the newest 1 of 3 commits (the budget)");
        key.NaturalKey.ShouldBe($"ssh:{ssh}");
        key.Facts["olderThanBudget"].Text.ShouldBe("true");
        key.Facts["wholeHistoryRead"].Text.ShouldBe("false");
    }

    [Fact]
    public async Task Read_NothingMoved_EndsUnchangedWithoutFetching()
    {
        using var sandbox = new GitSandbox();
        sandbox.Commit("one");
        sandbox.Publish();
        var memory = new KeptMemory();
        await ReadAsync(sandbox, sandbox.Repository, memory);

        var (again, _) = await ReadAsync(sandbox, sandbox.Repository, memory);

        again.OfType<ScopePage>().ShouldBeEmpty();
        again.OfType<ScopeEnded>().Count(e => e.Outcome == ScopeOutcome.Unchanged).ShouldBe(5);
    }

    [Fact]
    public async Task Read_WorkTree_IsReadThroughItsGitFolder()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write(".github/workflows/a.yml", "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n");
        sandbox.Commit("one");
        var (events, _) = await ReadAsync(sandbox, sandbox.Work);
        events.OfType<ScopeEnded>().Count(e => e.Outcome == ScopeOutcome.Complete).ShouldBe(5);
        events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<ResourceObservation>().ShouldContain(r => r.Kind == ResourceKind.WorkflowFile);
    }

    [Fact]
    public async Task Read_EmptyRepository_EndsComplete()
    {
        using var sandbox = new GitSandbox();
        sandbox.Publish();
        var (events, _) = await ReadAsync(sandbox, sandbox.Repository);
        events.OfType<ScopeEnded>().Count(e => e.Outcome == ScopeOutcome.Complete).ShouldBe(5);
    }

    [Fact]
    public async Task Read_ConfigurationOfTheMachineAndHooks_AreNotUsed()
    {
        using var sandbox = new GitSandbox();
        sandbox.Commit("one");
        sandbox.Publish();
        var mark = Path.Combine(sandbox.Root, "ran");
        var folder = Path.Combine(sandbox.Root, "data");
        Directory.CreateDirectory(folder);
        await ReadAsync(sandbox, sandbox.Repository, folder);
        var mirror = Directory.GetDirectories(folder, "mirror-*").ShouldHaveSingleItem();
        Directory.CreateDirectory(Path.Combine(mirror, "hooks"));
        foreach (var hook in (string[])["reference-transaction", "post-merge", "post-checkout"])
        {
            File.WriteAllText(Path.Combine(mirror, "hooks", hook), $"#!/bin/sh\ntouch '{mark}'\n");
            sandbox.Run("chmod", "700", Path.Combine(mirror, "hooks", hook));
        }

        sandbox.Commit("two");
        sandbox.Git("push", "--quiet", "--mirror", sandbox.Repository);
        await ReadAsync(sandbox, sandbox.Repository, folder);

        File.Exists(mark).ShouldBeFalse();
        File.Exists(Path.Combine(mirror, "index")).ShouldBeFalse("nothing is ever checked out");
    }

    [Fact]
    public async Task Test_GoodRepository_TicksEveryStep()
    {
        using var sandbox = new GitSandbox();
        sandbox.Commit("one");
        sandbox.Publish();
        var steps = new List<TestStep>();
        await foreach (var step in new GitConnector(sandbox.Options, Guard()).TestAsync(Context(sandbox.Repository, new KeptMemory(), null, []), Cancel))
        {
            steps.Add(step);
        }

        steps.Select(s => s.Outcome).ShouldBe([TestOutcome.Pass, TestOutcome.Pass, TestOutcome.Skipped, TestOutcome.Pass, TestOutcome.Pass]);
        steps[^1].Detail.ShouldStartWith("main");
    }

    [Fact]
    public async Task Read_ThisRepository_ReadsItsWholeHistory()
    {
        using var sandbox = new GitSandbox();
        await TakeThisRepositoryAsync(sandbox);
        var counted = sandbox.Git($"--git-dir={sandbox.Repository}", "rev-list", "--count", "--branches", "--tags").Trim();
        var commits = string.Create(CultureInfo.InvariantCulture, $"{long.Parse(counted, CultureInfo.InvariantCulture):N0}");
        var branch = sandbox.Git($"--git-dir={sandbox.Repository}", "symbolic-ref", "--short", "HEAD").Trim();

        var (events, notes) = await ReadAsync(sandbox, sandbox.Repository, null, null, ("commitBudget", "1000000"));

        events.OfType<ScopeEnded>().Select(e => (e.Outcome, e.Error)).ShouldBe(Enumerable.Repeat((ScopeOutcome.Complete, (string?)null), 5));
        string.Join('\n', notes).ShouldContain($"Read all {commits} commits");
        var repository = events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<ResourceObservation>().Single(r => r.Kind == ResourceKind.Repository);
        repository.Facts["defaultBranch"].Text.ShouldBe(branch);
    }

    /// <summary>
    /// The history of this repository, cloned, so that a linked work tree or borrowed objects do not matter. A copy of the source
    /// without a whole history becomes a repository of one commit.
    /// </summary>
    private static async Task TakeThisRepositoryAsync(GitSandbox sandbox)
    {
        var root = Fixtures.Repository.Root;
        var (code, shallow) = await Fixtures.SourceCopy.RunAsync(root, new Dictionary<string, string>(), "git", "rev-parse", "--is-shallow-repository");
        if (code == 0 && shallow.Trim() == "false")
        {
            sandbox.Git("clone", "--quiet", "--mirror", "--no-local", root, sandbox.Repository);

            // A detached work tree has no branch that HEAD could name.
            sandbox.Run("sh", "-c", $"cd '{sandbox.Repository}' && (git symbolic-ref -q HEAD || git symbolic-ref HEAD \"$(git for-each-ref --count=1 --format='%(refname)' refs/heads)\")");
            return;
        }

        foreach (var folder in (string[])["src", "docs", "build"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)
                .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)))
            {
                sandbox.Write(Path.GetRelativePath(root, file), await File.ReadAllTextAsync(file, Cancel));
            }
        }

        sandbox.Commit("this source");
        sandbox.Publish();
    }

    internal static async Task<(List<ReadEvent> Events, List<string> Notes)> ReadAsync(
        GitSandbox sandbox, string url, KeptMemory memory, params (string, string)[] more) => await ReadAsync(sandbox, url, null, memory, more);

    private static async Task<(List<ReadEvent> Events, List<string> Notes)> ReadAsync(
        GitSandbox sandbox, string url, string? folder = null, KeptMemory? memory = null, params (string, string)[] more)
    {
        var notes = new List<string>();
        var events = new List<ReadEvent>();
        var context = Context(url, memory ?? new KeptMemory(), folder, more) with { Note = notes.Add };
        await foreach (var read in new GitConnector(sandbox.Options, Guard()).ReadAsync(context, Cancel))
        {
            events.Add(read);
        }

        return (events, notes);
    }

    private static ConnectorContext Context(string url, KeptMemory memory, string? folder, (string, string)[] more) =>
        new(Guid.CreateVersion7(), GitSandbox.Settings(url, more), NoSecrets.Instance, null!, TimeProvider.System) { Memory = memory, Folder = folder };

    private static OutboundGuard Guard() => new(new OutboundOptions(), new SystemResolver());

    private sealed class NoSecrets : ISourceSecrets
    {
        public static readonly NoSecrets Instance = new();

        public ValueTask<string?> OpenAsync(string key, CancellationToken cancellationToken) => new((string?)null);
    }
}
