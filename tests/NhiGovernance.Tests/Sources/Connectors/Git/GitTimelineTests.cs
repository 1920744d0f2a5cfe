using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Inventory;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

public sealed class GitTimelineTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Bot = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>";

    [Fact]
    public async Task Reconcile_MoreCommitsByKnownSignersAndBots_CountsWithoutALineForEach()
    {
        using var sandbox = new GitSandbox();
        await using var engine = database.CreateEngine();
        var stage = await Stage.OpenAsync(database, engine);
        Commit(sandbox);
        sandbox.Publish();
        await ReadAsync(sandbox, stage);
        var bot = (await stage.IdentityAsync("automation:dependabot")).LastUsedAt;

        Commit(sandbox);
        sandbox.Git("push", "--quiet", "--mirror", sandbox.Repository);
        await ReadAsync(sandbox, stage);

        (await stage.ChangesAsync()).Select(c => (c.Subject, c.Before, c.After)).ShouldBeEmpty();
        foreach (var signer in (await stage.IdentitiesAsync()).Where(i => i.Kind == IdentityKind.SigningKey))
        {
            NhiGovernance.Inventory.InventoryJson.ReadFacts(signer.Facts)["signedCommits"].Text.ShouldBe("2");
        }

        var after = await stage.IdentityAsync("automation:dependabot");
        after.LastUsedAt!.Value.ShouldBeGreaterThan(bot!.Value);
        NhiGovernance.Inventory.InventoryJson.ReadFacts(after.Facts)["authoredCommits"].Text.ShouldBe("2");
    }

    [Fact]
    public async Task Reconcile_SignerThatBeginsToSignTags_IsAChange()
    {
        using var sandbox = new GitSandbox();
        await using var engine = database.CreateEngine();
        var stage = await Stage.OpenAsync(database, engine);
        sandbox.SignWithSsh();
        sandbox.Commit("one", "-S");
        sandbox.Publish();
        await ReadAsync(sandbox, stage);

        sandbox.Git("tag", "-s", "-m", "v1", "v1");
        sandbox.Git("push", "--quiet", "--mirror", sandbox.Repository);
        await ReadAsync(sandbox, stage);

        (await stage.ChangesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(NhiGovernance.Inventory.ChangeKind.GrantAdded);
    }

    private static async Task ReadAsync(GitSandbox sandbox, Stage stage)
    {
        var read = await GitReading.OfAsync(sandbox.Options, sandbox.Repository, TestContext.Current.CancellationToken);
        read.Ends.ShouldAllBe(e => e.Outcome == ScopeOutcome.Complete);
        await stage.ReadAsync(read.Events);
    }

    /// <summary>One commit of a key, one of an identity that gets a new certificate for each, and one of a bot.</summary>
    private static void Commit(GitSandbox sandbox)
    {
        if (!File.Exists(Path.Combine(sandbox.Root, "ssh-ed25519")))
        {
            sandbox.SignWithSsh();
        }
        else
        {
            sandbox.Git("config", "gpg.format", "ssh");
            sandbox.Git("config", "user.signingKey", Path.Combine(sandbox.Root, "ssh-ed25519"));
        }

        sandbox.Author = "Ada <ada@example.com>";
        sandbox.Commit("by a key", "-S");
        sandbox.SignWithX509("", "billy@example.com", "https://accounts.example.com");
        sandbox.Commit("without a key", "-S");
        sandbox.Author = Bot;
        sandbox.Commit("bump");
    }
}
