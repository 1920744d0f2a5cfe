using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

public sealed class ResourceTests(TestDatabase database) : AcmeResources(database)
{
    [Theory]
    [InlineData("", 10)]
    [InlineData("kind=WorkflowFile", 1)]
    [InlineData("kind=!OwnerSuggestion,!Repository", 6)]
    [InlineData("place=acme/shop", 7)]
    [InlineData("place=acme/sho", 0)]
    [InlineData("place=acme", 10)]
    [InlineData("team=payments", 7)]
    [InlineData("team=none", 3)]
    [InlineData("team=!none", 7)]
    [InlineData("product=bank", 7)]
    [InlineData("service=!shop", 3)]
    [InlineData("environment=prod", 1)]
    [InlineData("state=Missing", 0)]
    [InlineData("q=npm_token", 1)]
    [InlineData("q=acme+tools", 3)]
    [InlineData("risk=any", 4)]
    [InlineData("risk=none", 6)]
    [InlineData("risk=!any", 6)]
    [InlineData("risk=Unprotected", 2)]
    [InlineData("risk=UnpinnedAction,OpenEnvironment", 2)]
    [InlineData("risk=!UnpinnedAction", 9)]
    [InlineData("changed=within:1d", 10)]
    [InlineData("changed=before:2020-01-01", 0)]
    public async Task List_WithAFilter_ListsAndCountsItsRows(string query, int expected)
    {
        var page = (await Engine.Get<ListResources>().RunAsync(new ListResourcesRequest(Filter(query)), Token)).Value;

        page.Items.Count.ShouldBe(expected);
        page.Count.Value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("-name")]
    [InlineData("kind")]
    [InlineData("-kind")]
    [InlineData("changed")]
    [InlineData("-changed")]
    public async Task List_PageByPage_ShowsEveryRowOnce(string sort)
    {
        var order = ResourceSort.Parse(sort);
        order.ToString().ShouldBe(sort);
        var ids = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = (await Engine.Get<ListResources>().RunAsync(new ListResourcesRequest(Filter(""), order, cursor, Limit: 3), Token)).Value;
            ids.AddRange(page.Items.Select(r => r.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        ids.Count.ShouldBe(10);
        ids.Distinct().Count().ShouldBe(10);
        ids.ShouldBe((await ListAsync("", order)).Select(r => r.Id));
    }

    [Fact]
    public async Task Facets_EachValue_CountsWhatItWouldList()
    {
        var facets = (await Engine.Get<ResourceFacets>().RunAsync(new ResourceFacetsRequest(Filter("place=acme/shop")), Token)).Value;

        facets.Facets.Select(f => f.Key).ShouldBe(["kind", "state", "team", "source", "risk", "product", "service", "environment"]);
        foreach (var (key, value) in facets.Facets.Where(f => f.Key != "source").SelectMany(f => f.Values.Select(v => (f.Key, v))))
        {
            (await ListAsync($"place=acme/shop&{key}={value.Value}")).Count.ShouldBe(value.Count!.Value.Value, $"{key}={value.Value}");
        }

        facets.Facets.Single(f => f.Key == "risk").Values.Single(v => v.Value == "any").Count!.Value.Value.ShouldBe(4);
    }

    [Fact]
    public async Task EverythingAboutResources_AsAnOwner_ShowsTheirTeamsPlacesOnly()
    {
        var shop = await GetAsync("acme/shop");
        var tools = await GetAsync("acme/tools");
        Engine.Actor.Be(Role.Owner, Payments);

        (await ListAsync("")).ShouldAllBe(r => r.PlacePath.StartsWith("acme/shop"));
        (await ListAsync("")).Count.ShouldBe(7);
        (await Engine.Get<GetResource>().RunAsync(new GetResourceRequest(shop.Row.Id), Token)).IsOk.ShouldBeTrue();
        (await Engine.Get<GetResource>().RunAsync(new GetResourceRequest(tools.Row.Id), Token)).Error.ShouldBeOfType<Error.NotFound>();
        (await Engine.Get<ResourceTimeline>().RunAsync(new ResourceTimelineRequest(tools.Row.Id), Token)).Error.ShouldBeOfType<Error.NotFound>();
        var facets = (await Engine.Get<ResourceFacets>().RunAsync(new ResourceFacetsRequest(Filter("")), Token)).Value;
        facets.Facets[0].Values.Sum(v => v.Count!.Value.Value).ShouldBe(7);
        var rows = (await Engine.Get<ExportResources>().RunAsync(new ExportResourcesRequest(Filter("")), Token)).Value;
        (await rows.CountAsync(Token)).ShouldBe(7);
    }

    [Theory]
    [InlineData("team=!payments")]
    [InlineData("team=payments,none")]
    [InlineData("team=none")]
    [InlineData("product=none")]
    [InlineData("product=!none")]
    [InlineData("service=!shop")]
    [InlineData("service=shop&environment=none")]
    [InlineData("environment=!none")]
    [InlineData("environment=!production&risk=any")]
    public async Task List_AsAnOwner_IsWhatAnAuditorSeesWithinTheTeam(string query)
    {
        var all = (await ListAsync(query)).Where(r => r.PlacePath.StartsWith("acme/shop", StringComparison.Ordinal)).Select(r => r.Id).ToList();
        Engine.Actor.Be(Role.Owner, Payments);
        (await ListAsync(query)).Select(r => r.Id).ShouldBe(all);
    }

    [Fact]
    public async Task Get_AWorkflow_LinksItsJobsAndTheSecretsThatItReads()
    {
        var detail = await GetAsync("release.yml: Release");

        detail.Links.Select(l => (l.Kind, l.Name, l.Relation)).ShouldBe(
        [
            ("identity", "release.yml / publish", "job of this workflow that can alter a release"),
            ("credential", "NPM_TOKEN", "secret that it reads"),
            ("credential", "ORG_KEY", "secret that it reads"),
        ]);
        detail.Row.Risks.ShouldHaveSingleItem().Words.ShouldStartWith("1 action is not pinned");
        detail.Place.ServiceName.ShouldBe("Shop");
        detail.Runs.ShouldNotBeEmpty();
        detail.IdentitiesHere!.Value.Value.ShouldBe(2);
        detail.Beside.Select(b => b.Risks.Count > 0).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task Get_AsAnOwner_LinksNoSecretOfOthers()
    {
        Engine.Actor.Be(Role.Owner, Payments);
        await using (var db = await Database.Contexts.CreateDbContextAsync(Token))
        {
            await db.Set<Identity>().Where(i => i.SourceId == SourceId && i.NaturalKey == "pipeline:shop").ExecuteUpdateAsync(s => s.SetProperty(i => i.TeamId, Payments), Token);
        }

        (await GetAsync("release.yml: Release")).Links.Select(l => l.Name).ShouldBe(["NPM_TOKEN"]);
    }

    [Fact]
    public async Task Get_AnEnvironment_LinksItsSecretsAndWhoDeploysToIt() =>
        (await GetAsync("acme/shop/production")).Links.Select(l => (l.Kind, l.Name)).ShouldBe([("resource", "release.yml: Release"), ("credential", "DB_PASSWORD")]);

    [Fact]
    public async Task Get_ABranchThatTheOtherProtects_ShowsNoRisk()
    {
        (await GetAsync("protection of acme/tools@main")).Row.Risks.ShouldBeEmpty();
        (await GetAsync("protection of acme/shop@main")).Row.Risks.Select(r => r.Risk).ShouldBe([ReleaseRisk.Unprotected, ReleaseRisk.Unreviewed]);
    }

    [Fact]
    public async Task IdentityResources_OfAPipeline_AreTheWorkflowsThatReadItsSecrets()
    {
        var pipeline = await Stage.IdentityAsync("pipeline:shop");
        var organization = await Stage.IdentityAsync("pipeline:acme");
        var job = await Stage.IdentityAsync("job:release");

        var used = (await Engine.Get<IdentityResources>().RunAsync(new IdentityResourcesRequest(pipeline.Id), Token)).Value;
        used.Used.Select(u => (u.Row.Name, u.Relation)).ShouldBe([("release.yml: Release", "reads NPM_TOKEN")]);
        used.HereCount.Value.ShouldBe(6);
        (await Engine.Get<IdentityResources>().RunAsync(new IdentityResourcesRequest(organization.Id), Token)).Value.Used.Select(u => u.Relation).ShouldBe(["reads ORG_KEY"]);
        (await Engine.Get<IdentityResources>().RunAsync(new IdentityResourcesRequest(job.Id), Token)).Value.Used.Select(u => u.Relation).ShouldBe(["the workflow that it is part of"]);
    }

    [Fact]
    public async Task Timeline_AfterAChangeOfProtection_ShowsItAndSoDoRecentChanges()
    {
        var branch = await GetAsync("rules of acme/tools@main");
        await Stage.RunAsync(Everything().Where(o => o.NaturalKey != "rules:tools").Append(
            Resource("rules:tools", ResourceKind.BranchProtection, "rules of acme/tools@main", Tools, ("source", "rulesets"), ("protected", "false"), ("requiresPullRequest", "true"), ("approvals", "2"))));

        var entries = (await Engine.Get<ResourceTimeline>().RunAsync(new ResourceTimelineRequest(branch.Row.Id), Token)).Value.Items;
        entries.Select(e => (e.Kind, e.Subject)).ShouldBe([(TimelineKind.Field, "protected"), (TimelineKind.FirstSeen, "rules of acme/tools@main")]);
        entries[0].RunNumber.ShouldBe(2);
        var recent = (await Engine.Get<RecentChanges>().RunAsync(new RecentChangesRequest(50), Token)).Value;
        recent.ShouldContain(c => c.Kind == "resource" && c.Id == branch.Row.Id && c.Entry.Subject == "protected");
        (await Engine.Get<RecentChanges>().RunAsync(new RecentChangesRequest(50, Within: new IdentityFilter { Teams = Choice.Of("payments") }), Token)).Value
            .ShouldNotContain(c => c.Id == branch.Row.Id);
        await Stage.RunAsync(Everything());
    }

    [Fact]
    public async Task Suggest_ForIdentitiesOfARepository_NamesTheTeamOfItsCodeOwnersWithTheReason()
    {
        var pipeline = await Stage.IdentityAsync("pipeline:shop");

        var suggestions = (await Engine.Get<SuggestOwners>().RunAsync(new SuggestOwnersRequest(new IdentitySelection([pipeline.Id], null)), Token)).Value;

        suggestions.Select(s => (s.Owner, s.Team?.Key)).ShouldBe([("@acme/payments", "payments"), ("@octocat", null), ("@acme/writers", null)]);
        suggestions[0].Reason.ShouldBe("CODEOWNERS of acme/shop names @acme/payments for everything");
        suggestions[2].Reason.ShouldBe("CODEOWNERS of acme/shop names @acme/writers for /docs");
    }

    [Fact]
    public async Task Csv_OfChosenColumns_HoldsThemAndTheRisksInWords()
    {
        using var text = new StringWriter();
        HashSet<string> columns = ["risk"];
        ResourceCsv.WriteHead(text, columns);
        ResourceCsv.Write(text, (await GetAsync("acme/shop/production")).Row, columns);

        text.ToString().Split("\r\n")[0].ShouldBe("id,name,risks,place");
        text.ToString().ShouldContain("\"Any branch deploys to it, and no review is asked for\"");
    }

    [Theory]
    [InlineData("kind=Nonsense", "kind")]
    [InlineData("risk=7", "risk")]
    [InlineData("source=x", "source")]
    public void Parse_NonsenseInAFilter_NamesTheField(string query, string field) =>
        ResourceFilter.Parse(query).Error.ShouldBeOfType<Error.Invalid>().Faults.ShouldContain(f => f.Field == field);

    [Fact]
    public void ToQueryString_AnyFilter_ReadsBackTheSame()
    {
        var filter = ResourceFilter.Parse("kind=WorkflowFile,!Review&risk=any&team=none&place=acme/shop&changed=within:7d&q=a+b&state=Missing&product=bank&environment=!prod").Value;

        ResourceFilter.Parse(filter.ToQueryString()).Value.ShouldBe(filter);
    }
}
