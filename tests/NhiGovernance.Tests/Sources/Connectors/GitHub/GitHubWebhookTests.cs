using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Webhooks;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>From a delivery to the row that it is about, and to no other.</summary>
public sealed class GitHubWebhookTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Repository = """ "repository":{"id":1,"full_name":"acme/repo-0"},"organization":{"login":"acme"} """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delivery_OfADeployKey_ReadsThatListOnly(bool asApp)
    {
        var organization = new ScriptedOrganization(4, 4);
        if (asApp)
        {
            organization.Lists["installation/repositories"] = organization.Lists["orgs/acme/repos"] with { Property = "repositories" };
        }

        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp, 1);
        var whole = await polled.PollAsync();
        whole.Targets.ShouldBeNull();
        var full = polled.GitHub.Requests.Count;
        var before = await polled.SourceAsync();
        organization.AddDeployKey("repo-0", "made just now");
        var made = $"deploy-key:{organization.Lists["repos/acme/repo-0/keys"].Items[^1]["id"]}";
        var gone = $"deploy-key:{organization.Lists["repos/acme/repo-0/keys"].Items[0]["id"]}";
        organization.RemoveFirst("repos/acme/repo-0/keys");

        // What else went meanwhile is none of this run's business.
        organization.RemoveFirst("repos/acme/repo-1/keys");
        organization.RemoveFirst("orgs/acme/members");
        organization.RemoveRepository("repo-3");
        var (receipt, queued) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
        receipt.ShouldBe(new WebhookReceipt(WebhookAnswer.Taken, "read soon: deploy-keys of acme/repo-0"));
        polled.GitHub.Requests.Clear();
        var run = await polled.RunAsync(queued!);

        (run.State, run.Trigger, run.Added, run.WentMissing, run.ScopesStarted).ShouldBe((PollState.Complete, PollTrigger.Webhook, 2, 2, 1), "an identity and its credential each");
        (await polled.WrongAsync([made], keys: true)).ShouldBeEmpty();
        (await polled.WrongAsync([gone], keys: true)).ShouldAllBe(w => w.Presence == Presence.Missing);
        (await polled.CountAsync(Presence.Missing)).ShouldBe([1, 1, 0, 0]);
        (await polled.CountAsync(Presence.NotCovered)).ShouldBe([0, 0, 0, 0]);
        polled.GitHub.Requests.Count.ShouldBeLessThanOrEqualTo(asApp ? 8 : 6, $"{full} for everything: {string.Join('\n', polled.GitHub.Requests)}");
        var after = await polled.SourceAsync();
        (after.LastReadAt, after.LastRunId, after.LastState).ShouldBe((before.LastReadAt, before.LastRunId, before.LastState), "the source was not read by that");

        // Polling stays the truth: the rest of it is found by the next whole run.
        var rest = await polled.PollAsync();
        (rest.WentMissing + rest.HeldBack).ShouldBeGreaterThan(10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delivery_WhereAPersonHasToDecide_CallsNothingGone(bool isHeldBefore)
    {
        var organization = new ScriptedOrganization(isHeldBefore ? 4 : 1, 16);
        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
        await polled.PollAsync();
        if (isHeldBefore)
        {
            organization.RemoveRepository("repo-3");
            (await polled.PollAsync()).State.ShouldBe(PollState.Held);
        }

        // One beside an open decision, or by itself as many as only a person lets go.
        for (var n = 0; n < (isHeldBefore ? 1 : 14); n++)
        {
            organization.RemoveFirst("repos/acme/repo-0/keys");
        }

        var (_, queued) = await polled.HearAsync("deploy_key", $$"""{"action":"deleted",{{Repository}}}""");
        var part = await polled.RunAsync(queued!);
        (part.State, part.WentMissing, part.HeldBack).ShouldBe((PollState.Partial, 0, 0), part.Error);
        part.Error!.ShouldContain("next whole poll");
        (await polled.CountAsync(Presence.Missing)).ShouldBe([0, 0, 0, 0]);

        // The list is not taken for unchanged because a part saw it.
        var whole = await polled.PollAsync();
        whole.State.ShouldBe(PollState.Held);
        whole.HeldBack.ShouldBeGreaterThanOrEqualTo(isHeldBefore ? 2 : 28);
        (await polled.CountAsync(Presence.Missing)).ShouldBe([0, 0, 0, 0]);
    }

    [Fact]
    public async Task Deliveries_OfSeveralLists_AreOneRunOfAllOfThem()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(2, 2), asApp: false, 1);
        await polled.PollAsync();
        var (_, first) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
        await polled.HearAsync("branch_protection_rule", $$"""{"action":"edited",{{Repository}}}""");
        var (_, second) = await polled.HearAsync("organization", """{"action":"member_added","organization":{"login":"acme"}}""");
        second!.Id.ShouldBe(first!.Id);
        ReadTarget.Read(second.Targets)!.Select(t => $"{t.Kind} of {t.Place}").ShouldBe(
        [
            "deploy-keys of acme/repo-0", "branch-protection of acme/repo-0", "branch-rules of acme/repo-0", "members of acme", "outside-collaborators of acme",
            "organization of acme",
        ]);
        (await polled.RunAsync(second)).ShouldSatisfyAllConditions(r => r.State.ShouldBe(PollState.Complete), r => r.ScopesStarted.ShouldBe(6));

        // One that everything hangs on makes it a whole run.
        await polled.HearAsync("deploy_key", $$"""{"action":"deleted",{{Repository}}}""");
        var (receipt, all) = await polled.HearAsync("repository", $$"""{"action":"privatized",{{Repository}}}""");
        (receipt.Effect, all!.Targets).ShouldBe(("everything is read soon", null));
        await polled.HearAsync("deploy_key", $$"""{"action":"created","n":2,{{Repository}}}""");
        (await polled.RunAsync(all)).Targets.ShouldBeNull();
    }

    [Fact]
    public async Task Delivery_OfAnEventThatConcernsNothing_QueuesNothingAndSaysWhy()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(1, 1), asApp: false, 1);
        foreach (var name in (string[])["issues", "push", "a_new_event_of_next_year"])
        {
            var (receipt, run) = await polled.HearAsync(name, $$"""{"action":"{{name}}",{{Repository}}}""");
            receipt.Answer.ShouldBe(WebhookAnswer.Noted);
            receipt.Effect.ShouldBe($"nothing that this product reads changes by the event {name}");
            run.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Delivery_OfARepositoryThatIsGone_CallsNothingGone()
    {
        var organization = new ScriptedOrganization(2, 2);
        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
        await polled.PollAsync();
        organization.RemoveRepository("repo-0");
        var (_, queued) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
        var run = await polled.RunAsync(queued!);
        (run.State, run.ScopesStarted, run.WentMissing).ShouldBe((PollState.Complete, 0, 0));
        run.Notes!.ShouldContain("acme/repo-0, which a webhook named, was not read: it is not there");
        (await polled.CountAsync(Presence.Missing)).ShouldAllBe(n => n == 0);
    }

    [Fact]
    public async Task Delivery_WhileARunIsHeld_LeavesWhatItHoldsToAPerson()
    {
        var organization = new ScriptedOrganization(1, 40);
        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
        await polled.PollAsync();
        foreach (var list in organization.Lists.Values.Where(l => l.Items.Count >= 40))
        {
            list.Items.RemoveRange(5, list.Items.Count - 5);
        }

        var held = await polled.PollAsync();
        held.State.ShouldBe(PollState.Held);
        var (_, queued) = await polled.HearAsync("branch_protection_rule", $$"""{"action":"edited",{{Repository}}}""");
        (await polled.RunAsync(queued!)).State.ShouldBe(PollState.Complete);
        await polled.DecideAsync(held, release: true);
        (await polled.CountAsync(Presence.Missing)).Sum().ShouldBeGreaterThan(40);
    }

    [Theory]
    [InlineData("deploy_key", """{"repository":{"full_name":"../../etc"},"organization":{"login":"acme"}}""", null)]
    [InlineData("deploy_key", """{"repository":{"full_name":"acme/.."}}""", null)]
    [InlineData("deploy_key", "payload=%7B", null)]
    [InlineData("deploy_key", "[]", null)]
    [InlineData("repository_ruleset", """{"organization":{"login":"acme"}}""", null)]
    [InlineData("meta", """{"organization":{"login":"acme"}}""", "organization-webhooks of acme")]
    [InlineData("meta", """{"repository":{"full_name":"acme/a"},"organization":{"login":"acme"}}""", "webhooks of acme/a")]
    [InlineData("member", """{"repository":{"full_name":"acme/a"}}""", "outside-collaborators of acme; members of acme")]
    [InlineData("secret_scanning_alert", """{"repository":{"full_name":"acme/a"},"organization":{"login":"acme"}}""", "secret-alerts of acme/a; organization-secret-alerts of acme")]
    public void Meaning_OfABody_NamesListsOrEverything(string eventName, string body, string? lists)
    {
        var meaning = WebhookMeaning.Of(eventName, System.Text.Encoding.UTF8.GetBytes(body));
        meaning.Ignored.ShouldBeNull();
        (meaning.Only is null ? null : string.Join("; ", meaning.Only.Select(t => $"{t.Kind} of {t.Place}"))).ShouldBe(lists);
    }

    [Fact]
    public void Meaning_OfABodyThatWasNotKept_IsEverything() => WebhookMeaning.Of("deploy_key", null).ShouldBe(new WebhookMeaning(null, null));
}
