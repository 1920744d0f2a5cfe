using System.Text.Json.Nodes;
using NhiGovernance.Jobs;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>What becomes of a delivery when GitHub does not answer to what it names: it is asked again, and never lost without a word.</summary>
public sealed class GitHubWebhookFaultTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Repository = """ "repository":{"id":1,"full_name":"acme/repo-0"},"organization":{"login":"acme"} """;
    private const string Place = "repos/acme/repo-0";

    [Theory]
    [InlineData(ScriptedFault.BadGatewayPage, Place)]
    [InlineData(ScriptedFault.Forbidden, Place)]
    [InlineData(ScriptedFault.Redirect, Place)]
    [InlineData(ScriptedFault.WrongShape, Place)]
    [InlineData(ScriptedFault.Status500, "orgs/acme")]
    [InlineData(ScriptedFault.Status500, $"{Place}/keys")]
    public async Task Delivery_OfAPlaceThatCannotBeRead_IsAskedForAgain(ScriptedFault fault, string path)
    {
        var organization = new ScriptedOrganization(2, 2);
        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
        await polled.PollAsync();
        organization.AddDeployKey("repo-0", "made just now");
        var made = $"deploy-key:{organization.Lists[$"{Place}/keys"].Items[^1]["id"]}";
        var (_, queued) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
        polled.GitHub.Plan(fault, path, 1);

        var run = await polled.RunAsync(queued!);
        (run.State, run.WentMissing).ShouldBe((PollState.Failed, 0), run.Notes);
        run.Notes!.ShouldContain("Asked for again in 1 min: deploy-keys of acme/repo-0.");
        var again = (await polled.QueuedAsync())!;
        ReadTarget.Read(again.Targets)!.Select(t => (t.Place, t.Kind, t.Tries)).ShouldBe([("acme/repo-0", "deploy-keys", 1)]);
        (again.NotBefore!.Value - run.EndedAt!.Value).ShouldBe(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));

        polled.GitHub.Heal();
        (await polled.RunAsync(again)).State.ShouldBe(PollState.Complete);
        (await polled.WrongAsync([made], keys: true)).ShouldBeEmpty();
        (await polled.QueuedAsync()).ShouldBeNull("it was read");
    }

    [Fact]
    public async Task Delivery_OfAPlaceThatNeverAnswers_IsLeftToTheNextWholeRunAfterFiveTries()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(2, 2), asApp: false, 1);
        await polled.PollAsync();
        await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
        polled.GitHub.Plan(ScriptedFault.Status500, Place, 1);
        var waits = new List<double>();
        while (await polled.QueuedAsync() is { } queued && waits.Count < 10)
        {
            await polled.DueAsync(queued);
            var run = await polled.RunAsync(queued);
            run.State.ShouldBe(PollState.Failed);
            waits.Add(await polled.QueuedAsync() is { } next ? Math.Round((next.NotBefore!.Value - run.EndedAt!.Value).TotalMinutes) : double.NaN);
            if (waits.Count == 5)
            {
                run.Notes!.ShouldContain("Asked for 5 times, and left to the next run of everything: deploy-keys of acme/repo-0.");
            }
        }

        waits.ShouldBe([1, 5, 15, 30, double.NaN], "and nothing of everything, which each webhook would hurry");
    }

    [Fact]
    public async Task Delivery_ThatAsksForEverything_IsTriedFiveTimesAndThenLeftToTheSchedule()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(2, 2), asApp: false, 1);
        await polled.PollAsync();
        var (_, first) = await polled.HearAsync("repository", $$"""{"action":"created",{{Repository}}}""");
        first!.Targets.ShouldBeNull();
        polled.GitHub.Plan(ScriptedFault.Status500, "orgs/acme", 1);
        var waits = new List<double>();
        while (await polled.QueuedAsync() is { } queued && waits.Count < 10)
        {
            var run = await polled.RunAsync(queued);
            run.State.ShouldBe(PollState.Failed, run.Notes);
            waits.Add(await polled.QueuedAsync() is { } next ? Math.Round((next.NotBefore!.Value - run.EndedAt!.Value).TotalMinutes) : double.NaN);
            run.Notes!.ShouldContain(waits.Count < 5 ? $"Tried again in {waits[^1]:0} min." : "Tried 5 times, and left to the schedule.");
        }

        waits.ShouldBe([1, 5, 15, 30, double.NaN]);
    }

    [Fact]
    public async Task Delivery_WhileEverythingWaitsForItsNextTry_DoesNotHurryItUnlessItAsksForEverything()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(2, 2), asApp: false, 1);
        await polled.PollAsync();
        var (_, first) = await polled.HearAsync("repository", $$"""{"action":"created",{{Repository}}}""");
        polled.GitHub.Plan(ScriptedFault.Status500, "orgs/acme", 1);
        await polled.RunAsync(first!);
        var (_, second) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
        (second!.Targets, second.WebhookTries).ShouldBe((null, 1));
        (second.NotBefore!.Value - second.QueuedAt).ShouldBeGreaterThan(TimeSpan.FromSeconds(50));

        var (_, third) = await polled.HearAsync("repository", $$"""{"action":"renamed",{{Repository}}}""");
        (third!.Id, third.WebhookTries).ShouldBe((second.Id, 0), "asked anew, with all its tries");
        (third.NotBefore!.Value - third.QueuedAt).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Delivery_ThatJoinsARunOfTheSchedule_IsTriedAgainWhenThatFails()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(2, 2), asApp: false, 1);
        await polled.PollAsync();
        await polled.Get<SourceTick>().TickAsync(polled.SourceId, null, TestContext.Current.CancellationToken);
        var (_, joined) = await polled.HearAsync("repository", $$"""{"action":"created",{{Repository}}}""");
        (joined!.Trigger, joined.WebhookTries).ShouldBe((PollTrigger.Schedule, 0));
        polled.GitHub.Plan(ScriptedFault.Status500, "orgs/acme", 1);
        (await polled.RunAsync(joined)).Notes!.ShouldContain("Tried again in 1 min.");
    }

    [Fact]
    public async Task Run_OfEverythingThatAPersonAskedFor_IsNotTriedAgainByItself()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(2, 2), asApp: false, 1);
        await polled.PollAsync();
        polled.GitHub.Plan(ScriptedFault.Status500, "orgs/acme", 1);
        await polled.PollAsync();
        (await polled.QueuedAsync()).ShouldBeNull("the person sees it, and the schedule asks again");
    }

    [Fact]
    public async Task Delivery_ThatHurriesTheRunOfAnother_IsNoTryOfIt()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(2, 2), asApp: false, 1);
        await polled.PollAsync();
        var (_, first) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
        polled.GitHub.Plan(ScriptedFault.Status500, $"{Place}/keys", 1);
        await polled.RunAsync(first!);
        for (var n = 0; n < 8; n++)
        {
            var (_, joined) = await polled.HearAsync("organization", $$$"""{"action":"member_added","n":{{{n}}},"organization":{"login":"acme"}}""");
            ReadTarget.Read(joined!.Targets)!.Single(t => t.Kind == "deploy-keys").Tries.ShouldBe(1);
            await polled.RunAsync(joined);
        }

        var waiting = (await polled.QueuedAsync())!;
        ReadTarget.Read(waiting.Targets)!.ShouldHaveSingleItem().Tries.ShouldBe(1);
    }

    [Fact]
    public async Task Delivery_WhileAnotherWaitsForItsNextTry_StartsAnew()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(2, 2), asApp: false, 1);
        await polled.PollAsync();
        var (_, first) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
        polled.GitHub.Plan(ScriptedFault.Status500, Place, 1);
        await polled.RunAsync(first!);

        var (_, joined) = await polled.HearAsync("deploy_key", $$"""{"action":"deleted",{{Repository}}}""");
        ReadTarget.Read(joined!.Targets).ShouldBe([new ReadTarget("acme/repo-0", "deploy-keys")]);
    }

    [Fact]
    public async Task Delivery_SomeOfWhoseListsFail_AsksForThoseOnly()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(2, 2), asApp: false, 1);
        await polled.PollAsync();
        await polled.HearAsync("branch_protection_rule", $$"""{"action":"edited",{{Repository}}}""");
        var (_, queued) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
        polled.GitHub.Plan(ScriptedFault.Status500, $"{Place}/keys", 1);

        (await polled.RunAsync(queued!)).State.ShouldBe(PollState.Partial);
        ReadTarget.Read((await polled.QueuedAsync())!.Targets)!.Select(t => t.Kind).ShouldBe(["deploy-keys"]);
    }

    [Fact]
    public async Task Delivery_OfAListThatIsDenied_IsAnswered()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(2, 2), asApp: false, 1);
        await polled.PollAsync();
        var (_, queued) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
        polled.GitHub.Denied[$"{Place}/keys"] = "administration=read";

        var run = await polled.RunAsync(queued!);
        (run.State, run.ScopesDenied).ShouldBe((PollState.Failed, 1));
        (await polled.QueuedAsync()).ShouldBeNull("to ask again would say the same");
    }

    [Fact]
    public async Task Delivery_OfAnotherAccount_IsNoted()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(1, 1), asApp: false, 1);
        var (_, queued) = await polled.HearAsync("deploy_key", """{"action":"created","repository":{"id":1,"full_name":"other/repo-0"}}""");
        var run = await polled.RunAsync(queued!);
        (run.State, run.ScopesStarted).ShouldBe((PollState.Complete, 0));
        run.Notes!.ShouldContain("other/repo-0, which a webhook named, was not read: this source does not read that account.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delivery_OfAPublicRepositoryToAnApp_IsReadOnlyWhereItIsInstalled(bool isInstalled)
    {
        var organization = new ScriptedOrganization(3, 3);
        organization.Lists["installation/repositories"] = organization.Lists["orgs/acme/repos"] with { Property = "repositories", Items = [.. organization.Lists["orgs/acme/repos"].Items.Skip(isInstalled ? 0 : 1)] };
        organization.Documents[Place]!["private"] = false;
        if (isInstalled)
        {
            organization.Documents[$"{Place}/installation"] = JsonNode.Parse("""{"id":99,"account":{"login":"acme","id":4242,"type":"Organization"}}""")!;
        }

        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: true, 1);
        (await polled.PollAsync()).State.ShouldNotBe(PollState.Failed);
        var before = await polled.CountAsync(Presence.Present);
        var (_, queued) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");

        var run = await polled.RunAsync(queued!);
        (run.State, run.ScopesStarted, run.Added).ShouldBe((PollState.Complete, isInstalled ? 1 : 0, 0), run.Notes);
        (await polled.CountAsync(Presence.Present)).ShouldBe(before);
        if (!isInstalled)
        {
            run.Notes!.ShouldContain("not among the repositories that this sign-in reads");
        }
    }
}
