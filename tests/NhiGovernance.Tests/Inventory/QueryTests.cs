using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

public sealed class QueryTests(TestDatabase database) : ThirtyIdentities(database)
{
    [Theory]
    [InlineData("", 30)]
    [InlineData("kind=Runner", 10)]
    [InlineData("kind=!Runner", 20)]
    [InlineData("team=payments", 10)]
    [InlineData("team=payments,none", 20)]
    [InlineData("team=!payments", 20)]
    [InlineData("team=!none", 20)]
    [InlineData("team=nobody", 0)]
    [InlineData("product=bank", 10)]
    [InlineData("product=!bank", 20)]
    [InlineData("product=none", 20)]
    [InlineData("product=!none", 10)]
    [InlineData("environment=none", 30)]
    [InlineData("environment=prod", 0)]
    [InlineData("provider=github", 30)]
    [InlineData("provider=!github", 0)]
    [InlineData("state=Missing", 0)]
    [InlineData("state=!Missing", 30)]
    [InlineData("state=Retired", 0)]
    [InlineData("used=never", 10)]
    [InlineData("used=unknown", 10)]
    [InlineData("used=within:15d", 5)]
    [InlineData("used=not-within:15d", 15)]
    [InlineData("expires=past", 4)]
    [InlineData("expires=within:30d", 6)]
    [InlineData("expires=none", 10)]
    [InlineData("expires=unknown", 10)]
    [InlineData("seen=within:1d", 30)]
    [InlineData("alters=true", 10)]
    [InlineData("alters=false", 20)]
    [InlineData("disabled=true", 3)]
    [InlineData("privileged=true", 0)]
    [InlineData("q=zeta", 15)]
    [InlineData("q=ZETA+Ledger", 5)]
    [InlineData("q=%25", 0)]
    [InlineData("q=_", 0)]
    [InlineData("kind=Runner&team=payments&alters=true&used=never&q=zeta", 2)]
    public async Task List_WithAFilter_ListsAndCountsItsRows(string query, int expected)
    {
        Engine.Actor.Be(Role.Auditor);

        var page = (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.Parse(query).Value), Token)).Value;

        page.Items.Count.ShouldBe(expected);
        page.Count.Value.ShouldBe(expected);
        page.Next.ShouldBeNull();
    }

    [Theory]
    [InlineData("name", "", 30)]
    [InlineData("-name", "", 30)]
    [InlineData("kind", "", 30)]
    [InlineData("-kind", "", 30)]
    [InlineData("lastUsed", "", 30)]
    [InlineData("-lastUsed", "", 30)]
    [InlineData("expires", "", 30)]
    [InlineData("-expires", "", 30)]
    [InlineData("firstSeen", "", 30)]
    [InlineData("-firstSeen", "", 30)]
    [InlineData("team", "", 30)]
    [InlineData("-team", "", 30)]
    [InlineData("name", "kind=Runner", 10)]
    [InlineData("name", "kind=Runner,DeployKey&disabled=false", 27)]
    public async Task List_PageByPage_ShowsEveryRowOnceInOrder(string sort, string query, int expected)
    {
        Engine.Actor.Be(Role.Auditor);
        var order = IdentitySort.Parse(sort);
        var filter = IdentityFilter.Parse(query).Value;
        order.ToString().ShouldBe(sort);
        var rows = new List<IdentityRow>();
        string? cursor = null;
        do
        {
            var page = (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(filter, order, cursor, Limit: 7), Token)).Value;
            rows.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        rows.Count.ShouldBe(expected);
        rows.Select(r => r.Id).Distinct().Count().ShouldBe(expected);
        string[] keys = rows.Select(r => order.By switch
        {
            IdentityOrder.Name => r.Name.ToLowerInvariant(),
            IdentityOrder.Kind => r.Kind.ToString(),
            IdentityOrder.LastUsed => r.LastUsed.Text ?? string.Empty,
            IdentityOrder.Expires => r.Expires.Text ?? string.Empty,
            IdentityOrder.Team => r.Team?.Name ?? string.Empty,
            _ => string.Empty,
        }).ToArray();
        var known = keys.TakeWhile(k => k.Length > 0).ToArray();
        keys.Skip(known.Length).ShouldAllBe(k => k.Length == 0, "what has no value comes last");
        known.ShouldBe(order.Descending ? known.OrderDescending(StringComparer.Ordinal) : known.Order(StringComparer.Ordinal));
    }

    /// <summary>Kind by kind and merged, as where they are too many to be named by their ids.</summary>
    [Theory]
    [InlineData(false, "kind=Runner,DeployKey&disabled=false", 27)]
    [InlineData(true, "kind=DeployKey,Runner,Webhook&team=payments,none", 20)]
    public async Task Pages_OfSomeKinds_ShowEveryRowOnceInOrder(bool descending, string query, int expected)
    {
        await using var db = await Database.Contexts.CreateDbContextAsync(Token);
        var filter = IdentityFilter.Parse(query).Value;
        var rows = await IdentityRows.MatchingAsync(db, Actor.System("test"), filter, Engine.Clock.GetUtcNow(), Database.Dialect, Token);
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var (page, next) = await IdentityPages.ReadAsync(
                db, new Counted<Identity>(rows, new(BoundedCount.Limit + 1), Named: false), filter, new(IdentityOrder.Name, descending), cursor, 7, Token);
            names.AddRange(page.Select(i => i.SortName));
            cursor = next;
        }
        while (cursor is not null);

        names.Count.ShouldBe(expected);
        var all = await rows.Select(i => i.SortName).ToListAsync(Token);
        names.ShouldBe(descending ? all.OrderDescending(StringComparer.Ordinal) : all.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EveryQuery_ByAMemberOfATeam_ShowsOnlyTheTeamsOwn()
    {
        Engine.Actor.Be(Role.Auditor);
        var all = (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.All, Limit: 200), Token)).Value;
        var others = all.Items.Where(i => i.Team?.Id != Payments).ToList();
        var foreign = others[0];
        Engine.Actor.Be(Role.Owner, Payments);

        var list = (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.All, new(IdentityOrder.Team)), Token)).Value;
        list.Items.Count.ShouldBe(10);
        list.Count.Value.ShouldBe(10);
        list.Items.ShouldAllBe(i => i.Team!.Id == Payments);
        foreach (var query in new[] { "team=platform", "team=none", "team=!payments", "q=other" })
        {
            (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.Parse(query).Value), Token)).Value.Count.Value.ShouldBe(0);
        }

        var facets = (await Engine.Get<IdentityFacets>().RunAsync(new IdentityFacetsRequest(IdentityFilter.All), Token)).Value;
        facets.Facets.Single(f => f.Key == "kind").Values.Sum(v => v.Count!.Value.Value).ShouldBe(10);
        facets.Facets.Single(f => f.Key == "team").Values.ShouldHaveSingleItem().Value.ShouldBe("payments");
        var summary = (await Engine.Get<InventorySummary>().RunAsync(new InventorySummaryRequest(), Token)).Value;
        summary.Total.Count.Value.ShouldBe(10);
        summary.WithoutTeam.Count.Value.ShouldBe(0);
        (await RowsAsync(IdentityFilter.All)).Count.ShouldBe(10);
        (await Engine.Get<ListCredentials>().RunAsync(new ListCredentialsRequest(CredentialFilter.All), Token)).Value.Count.Value.ShouldBe(10);
        (await Engine.Get<ListCredentials>().RunAsync(new ListCredentialsRequest(new CredentialFilter { IdentityId = foreign.Id }), Token)).Value.Items.ShouldBeEmpty();
        (await (await Engine.Get<ExportCredentials>().RunAsync(new ExportCredentialsRequest(CredentialFilter.All), Token)).Value.CountAsync(Token)).ShouldBe(10);
        (await Engine.Get<GetIdentity>().RunAsync(new GetIdentityRequest(foreign.Id), Token)).Error.ShouldBeOfType<Error.NotFound>();
        (await Engine.Get<IdentityTimeline>().RunAsync(new IdentityTimelineRequest(foreign.Id), Token)).Error.ShouldBeOfType<Error.NotFound>();
        await using var db = await Database.Contexts.CreateDbContextAsync(Token);
        var credential = await db.Set<Credential>().FirstAsync(c => c.IdentityId == foreign.Id, Token);
        (await Engine.Get<GetCredential>().RunAsync(new GetCredentialRequest(credential.Id), Token)).Error.ShouldBeOfType<Error.NotFound>();
        (await Engine.Get<AssignTeam>().RunAsync(new AssignTeamRequest(new([foreign.Id], null), Payments), Token)).Error.ShouldBeOfType<Error.Forbidden>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("kind=Runner")]
    [InlineData("team=payments&kind=!Runner")]
    [InlineData("q=zeta")]
    [InlineData("alters=true&q=zeta")]
    public async Task Facets_OfEachValue_CountWhatTheListWouldShow(string query)
    {
        Engine.Actor.Be(Role.Auditor);
        var filter = IdentityFilter.Parse(query).Value;

        var result = (await Engine.Get<IdentityFacets>().RunAsync(new IdentityFacetsRequest(filter), Token)).Value;

        result.Complete.ShouldBeTrue();
        foreach (var facet in result.Facets)
        {
            foreach (var value in facet.Values)
            {
                // The facet's own choice is lifted, the others stay.
                var pairs = filter.ToPairs().Where(p => p.Key != facet.Key).Append(KeyValuePair.Create(facet.Key, value.Value)).Select(p => KeyValuePair.Create(p.Key, (string?)p.Value));
                var page = (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.Parse(pairs).Value), Token)).Value;
                value.Count!.Value.ShouldBe(page.Count, $"{facet.Key}={value.Value} under {query}");
            }
        }
    }

    [Fact]
    public async Task Summary_OfEachFigure_CountsWhatItsFilterLists()
    {
        Engine.Actor.Be(Role.Executive | Role.Auditor);

        var summary = (await Engine.Get<InventorySummary>().RunAsync(new InventorySummaryRequest(), Token)).Value;

        Figure[] figures =
        [
            summary.Total, .. summary.Kinds, .. summary.States, summary.WithoutTeam, summary.AltersRelease, summary.Privileged, summary.Expired,
            summary.ExpiringIn30Days, summary.NotUsedIn90Days, summary.FirstSeenIn7Days,
        ];
        foreach (var figure in figures)
        {
            (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(figure.Filter), Token)).Value.Count.ShouldBe(figure.Count, figure.Key);
        }

        foreach (var coverage in summary.Coverage)
        {
            (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(coverage.Unknown!), Token)).Value.Count.Value
                .ShouldBe((int)(coverage.Of - coverage.Known), coverage.Key);
        }

        (summary.Scopes.Known, summary.Scopes.Of).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Detail_OfAnIdentity_SaysWhatIsKnownAndWhatIsNot()
    {
        Engine.Actor.Be(Role.Auditor);
        var row = (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(new() { Text = "02" }), Token)).Value.Items.Single(i => i.Name == "Zeta 02");

        var detail = (await Engine.Get<GetIdentity>().RunAsync(new GetIdentityRequest(row.Id), Token)).Value;

        detail.Facts["expiresAt"].ShouldBe(KnownValue.Denied("admin:org"));
        detail.Facts["createdAt"].ShouldBe(KnownValue.NotExposed);
        detail.Coverage.ShouldBe(new Coverage(1, 3));
        detail.Credentials.ShouldHaveSingleItem().KeyIds.ShouldBe(["SHA256:2"]);
        (detail.Place.ServiceKey, detail.Place.ProductKey).ShouldBe(("ledger", "bank"));
        detail.Scope!.LastOutcome.ShouldBe(ScopeOutcome.Complete);
        detail.Runs.ShouldHaveSingleItem().Id.ShouldBe(detail.FirstRun!.Id);
        var timeline = (await Engine.Get<IdentityTimeline>().RunAsync(new IdentityTimelineRequest(row.Id), Token)).Value;
        timeline.Items.ShouldHaveSingleItem().Kind.ShouldBe(TimelineKind.FirstSeen);
    }

}
