using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Inventory;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>What lies beyond the budget of newest commits has not gone away.</summary>
public sealed class GitBudgetTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Reconcile_HistoryThatOutgrowsTheBudget_LosesNobodyAndNoFirstUse()
    {
        using var sandbox = new GitSandbox();
        await using var engine = database.CreateEngine();
        var stage = await Stage.OpenAsync(database, engine);
        var memory = new KeptMemory();
        sandbox.SignWithSsh();
        sandbox.Commit("signed", "-S");
        sandbox.Git("tag", "-s", "-m", "v1", "v1");
        sandbox.Author = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>";
        sandbox.Commit("bump");
        sandbox.Publish();
        await ReadAsync(sandbox, stage, memory, "2");
        var before = await FirstUsesAsync(stage);
        before.Count.ShouldBe(2);

        sandbox.Author = "Ada <ada@example.com>";
        sandbox.Commit("plain");
        sandbox.Commit("signed again", "-S");
        sandbox.Git("push", "--quiet", "--mirror", sandbox.Repository);
        await ReadAsync(sandbox, stage, memory, "2");
        await stage.PassAsync(TimeSpan.FromDays(2));
        sandbox.Commit("and once more");
        sandbox.Git("push", "--quiet", "--mirror", sandbox.Repository);
        await ReadAsync(sandbox, stage, memory, "1");

        (await stage.IdentitiesAsync()).ShouldAllBe(i => i.Presence == Presence.Present);
        (await FirstUsesAsync(stage)).ShouldBe(before);
        (await stage.ChangesAsync()).Select(c => c.Kind).ShouldNotContain(NhiGovernance.Inventory.ChangeKind.GrantRemoved);
    }

    [Fact]
    public async Task Read_TagsBeyondTheBudget_IsNotTheWholeHistory()
    {
        using var sandbox = new GitSandbox();
        var memory = new KeptMemory();
        sandbox.Commit("plain");
        sandbox.SignWithSsh();
        sandbox.Git("tag", "-s", "-m", "v1", "v1");
        sandbox.Git("tag", "-a", "-m", "v2", "v2");
        sandbox.Publish();
        var (all, _) = await GitConnectorTests.ReadAsync(sandbox, sandbox.Repository, memory, ("commitBudget", "2"));
        Signers(all).ShouldHaveSingleItem().Facts["wholeHistoryRead"].Text.ShouldBe("true");

        var (cut, notes) = await GitConnectorTests.ReadAsync(sandbox, sandbox.Repository, memory, ("commitBudget", "1"));

        var signer = Signers(cut).ShouldHaveSingleItem();
        signer.Facts["wholeHistoryRead"].Text.ShouldBe("false");
        signer.Facts["olderThanBudget"].Text.ShouldBe("true");
        notes.ShouldContain("Read all 1 commits and the newest 1 annotated tags (the budget): 0 commits and 0 tags are signed.");
    }

    [Fact]
    public async Task Read_LightweightTags_TakeNothingOfTheBudget()
    {
        using var sandbox = new GitSandbox();
        sandbox.SignWithSsh();
        sandbox.Commit("plain");
        sandbox.Git("tag", "-s", "-m", "v1", "v1");
        sandbox.Git("tag", "one");
        sandbox.Git("tag", "two");
        sandbox.Publish();

        var (events, _) = await GitConnectorTests.ReadAsync(sandbox, sandbox.Repository, new KeptMemory(), ("commitBudget", "1"));

        Signers(events).ShouldHaveSingleItem().Facts["wholeHistoryRead"].Text.ShouldBe("true");
    }

    [Fact]
    public async Task Read_HeadThatNamesNoBranch_SaysNothingOfWorkflowsAndStillReadsTheHistory()
    {
        using var sandbox = new GitSandbox();
        sandbox.SignWithSsh();
        sandbox.Commit("signed", "-S");
        sandbox.Publish();
        sandbox.Git("--git-dir", sandbox.Repository, "symbolic-ref", "HEAD", "refs/heads/gone");

        var (events, _) = await GitConnectorTests.ReadAsync(sandbox, sandbox.Repository, new KeptMemory());

        events.OfType<ScopeEnded>().Where(e => e.Outcome != ScopeOutcome.Complete).Select(e => (e.Scope.Kind, e.Outcome)).ShouldBe(
            [("code-owners", ScopeOutcome.Failed), ("workflows", ScopeOutcome.Failed)]);
        Signers(events).ShouldHaveSingleItem();
        var repository = events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<ResourceObservation>().First();
        repository.Facts["empty"].Text.ShouldBe("false");
        repository.Facts["defaultBranch"].State.ShouldBe(Knowledge.NotExposed);
    }

    private static IEnumerable<IdentityObservation> Signers(IEnumerable<ReadEvent> events) =>
        events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<IdentityObservation>().Where(i => i.Kind == IdentityKind.SigningKey);

    private static async Task<Dictionary<string, string?>> FirstUsesAsync(Stage stage) =>
        (await stage.IdentitiesAsync()).ToDictionary(i => i.NaturalKey, i =>
        {
            var facts = NhiGovernance.Inventory.InventoryJson.ReadFacts(i.Facts);
            return (facts.GetValueOrDefault("firstUsed") ?? facts.GetValueOrDefault("firstCommit"))?.Text;
        });

    private static async Task ReadAsync(GitSandbox sandbox, Stage stage, KeptMemory memory, string budget)
    {
        var (events, _) = await GitConnectorTests.ReadAsync(sandbox, sandbox.Repository, memory, ("commitBudget", budget));
        events.OfType<ScopeEnded>().ShouldAllBe(e => e.Outcome == ScopeOutcome.Complete);
        await stage.ReadAsync(events);
    }
}
