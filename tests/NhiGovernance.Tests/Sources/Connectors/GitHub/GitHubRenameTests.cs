using Microsoft.EntityFrameworkCore;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>A repository that gets another name is the same repository: nothing of it is ever called gone.</summary>
public sealed class GitHubRenameTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "keys")]
    [InlineData(false, "actions/secrets")]
    public async Task Poll_AfterARename_KeepsEverythingPresent(bool unchangedBefore, string? failing)
    {
        var organization = new ScriptedOrganization(2, 3);
        await using var polled = await OpenAsync(organization);
        (await polled.PollAsync()).State.ShouldBe(PollState.Complete);
        var (present, scopes) = (await polled.CountAsync(Presence.Present), await ScopesAsync(polled));
        if (unchangedBefore)
        {
            (await polled.PollAsync()).State.ShouldBe(PollState.Complete);
        }

        organization.RenameRepository("repo-0", "ledger");
        if (failing is not null)
        {
            polled.GitHub.Plan(ScriptedFault.Status500, $"repos/acme/ledger/{failing}", 1);
        }

        for (var poll = 0; poll < 2; poll++)
        {
            var run = await polled.PollAsync();
            run.State.ShouldBe(failing is null ? PollState.Complete : PollState.Partial, run.Problems);
            run.WentMissing.ShouldBe(0);
        }

        polled.GitHub.Heal();
        (await polled.PollAsync()).State.ShouldBe(PollState.Complete);
        (await polled.CountAsync(Presence.Present)).ShouldBe(present);
        (await polled.CountAsync(Presence.Missing)).ShouldAllBe(n => n == 0);
        (await ScopesAsync(polled)).ShouldBe(scopes, "the lists are the same ones, under the new name");
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<SourceScope>().Where(s => s.SourceId == polled.SourceId && s.Place == "acme/ledger").CountAsync(Cancel)).ShouldBeGreaterThan(5);
        (await db.Set<SourceScope>().AnyAsync(s => s.SourceId == polled.SourceId && s.Place == "acme/repo-0", Cancel)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("repos/acme/repo-0/keys")]
    [InlineData("repos/acme/repo-0/actions/secrets")]
    [InlineData("orgs/acme/members")]
    [InlineData("repos/acme/repo-0/hooks")]
    public async Task Poll_RenamedInTheMiddle_CallsNothingGone(string at)
    {
        var organization = new ScriptedOrganization(3, 3);
        await using var polled = await OpenAsync(organization);
        (await polled.PollAsync()).State.ShouldBe(PollState.Complete);
        var present = await polled.CountAsync(Presence.Present);
        var renamed = 0;
        var before = polled.GitHub.Extra!;
        polled.GitHub.Extra = http =>
        {
            if (http.Request.Path.Value!.EndsWith(at, StringComparison.Ordinal) && Interlocked.Exchange(ref renamed, 1) == 0)
            {
                organization.RenameRepository("repo-0", "ledger");
            }

            return before(http);
        };

        (await polled.PollAsync()).WentMissing.ShouldBe(0);
        renamed.ShouldBe(1);
        var run = await polled.PollAsync();

        (run.State, run.WentMissing).ShouldBe((PollState.Complete, 0), run.Problems);
        (await polled.CountAsync(Presence.Present)).ShouldBe(present);
        (await polled.CountAsync(Presence.Missing)).ShouldAllBe(n => n == 0);
    }

    /// <summary>GitHub answers the former address of a repository with 301, which the guard does not follow.</summary>
    private async Task<PolledGitHub> OpenAsync(ScriptedOrganization organization)
    {
        var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 2);
        polled.GitHub.Extra = http =>
        {
            var path = http.Request.Path.Value!.Replace("/api/v3/", string.Empty, StringComparison.Ordinal);
            if (!organization.IsFormer(path))
            {
                return Task.FromResult(false);
            }

            http.Response.StatusCode = 301;
            http.Response.Headers.Location = $"{polled.GitHub.Address}/api/v3/repositories/1/x";
            return Task.FromResult(true);
        };
        return polled;
    }

    private async Task<int> ScopesAsync(PolledGitHub polled)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<SourceScope>().CountAsync(s => s.SourceId == polled.SourceId && !s.Passing, Cancel);
    }
}
