using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

public sealed class QueryTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly TestEngine _engine = database.CreateEngine();
    private Guid _payments;
    private Guid _platform;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Thirty identities: ten of payments, ten of platform, ten of nobody; every third of them with something to filter by.</summary>
    public async ValueTask InitializeAsync()
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        if (await db.Set<Team>().FirstOrDefaultAsync(t => t.Key == "payments", Token) is { } there)
        {
            (_payments, _platform) = (there.Id, await db.Set<Team>().Where(t => t.Key == "platform").Select(t => t.Id).SingleAsync(Token));
            return;
        }

        var stage = await Stage.OpenAsync(database, _engine);
        var now = _engine.Clock.GetUtcNow();
        await stage.RunAsync(Enumerable.Range(0, 30).SelectMany<int, Observation>(i =>
        [
            Stage.Identity($"key-{i:00}", i % 2 == 0 ? $"Zeta {i:00}" : $"alpha {i:00}") with
            {
                Kind = i % 3 == 0 ? IdentityKind.Runner : IdentityKind.DeployKey,
                Place = new PlaceReference("repository", (i / 10) switch { 0 => "acme/ledger", 1 => "acme/tools", _ => "other/thing" }),
                LastUsedAt = (i % 3) switch { 0 => KnownValue.Never(), 1 => KnownValue.NotExposed, _ => KnownValue.Of(now.AddDays(-i)) },
                ExpiresAt = (i % 3) switch { 0 => KnownValue.Of(now.AddDays(i - 10)), 1 => KnownValue.Never(), _ => KnownValue.Denied("admin:org") },
                Grants = i % 3 == 0 ? [new("push", "acme/ledger", true)] : [],
                Disabled = i % 10 == 0,
            },
            Stage.Credential($"cred-{i:00}", $"key-{i:00}", $"SHA256:{i}") with { ExpiresAt = KnownValue.Never() },
        ]));
        var payments = new Team { Id = _engine.NewId(), Key = "payments", Name = "Payments" };
        var platform = new Team { Id = _engine.NewId(), Key = "platform", Name = "A platform" };
        var product = new Product { Id = _engine.NewId(), Key = "bank", Name = "Bank" };
        var service = new Service { Id = _engine.NewId(), Key = "ledger", Name = "Ledger", TeamId = payments.Id, ProductId = product.Id };
        db.AddRange(payments, platform, product, service);
        await db.SaveChangesAsync(Token);
        await db.Set<Place>().Where(p => p.Path == "acme/ledger").ExecuteUpdateAsync(s => s.SetProperty(p => p.ServiceId, service.Id).SetProperty(p => p.TeamId, payments.Id), Token);
        var ledger = db.Set<Place>().Where(p => p.Path == "acme/ledger").Select(p => p.Id);
        var tools = db.Set<Place>().Where(p => p.Path == "acme/tools").Select(p => p.Id);
        await db.Set<Identity>().Where(i => ledger.Contains(i.PlaceId)).ExecuteUpdateAsync(s => s.SetProperty(i => i.TeamId, payments.Id), Token);
        await db.Set<Identity>().Where(i => tools.Contains(i.PlaceId)).ExecuteUpdateAsync(s => s.SetProperty(i => i.TeamId, platform.Id), Token);
        (_payments, _platform) = (payments.Id, platform.Id);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

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
        _engine.Actor.Be(Role.Auditor);

        var page = (await _engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.Parse(query).Value), Token)).Value;

        page.Items.Count.ShouldBe(expected);
        page.Count.Value.ShouldBe(expected);
        page.Next.ShouldBeNull();
    }

    [Theory]
    [InlineData("name")]
    [InlineData("-name")]
    [InlineData("kind")]
    [InlineData("-kind")]
    [InlineData("lastUsed")]
    [InlineData("-lastUsed")]
    [InlineData("expires")]
    [InlineData("-expires")]
    [InlineData("firstSeen")]
    [InlineData("-firstSeen")]
    [InlineData("team")]
    [InlineData("-team")]
    public async Task List_PageByPage_ShowsEveryRowOnceInOrder(string sort)
    {
        _engine.Actor.Be(Role.Auditor);
        var order = IdentitySort.Parse(sort);
        order.ToString().ShouldBe(sort);
        var rows = new List<NhiGovernance.Inventory.Lists.IdentityRow>();
        string? cursor = null;
        do
        {
            var page = (await _engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.All, order, cursor, Limit: 7), Token)).Value;
            rows.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        rows.Count.ShouldBe(30);
        rows.Select(r => r.Id).Distinct().Count().ShouldBe(30);
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

    [Fact]
    public async Task EveryQuery_ByAMemberOfATeam_ShowsOnlyTheTeamsOwn()
    {
        _engine.Actor.Be(Role.Auditor);
        var all = (await _engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.All, Limit: 200), Token)).Value;
        var others = all.Items.Where(i => i.Team?.Id != _payments).ToList();
        var foreign = others[0];
        _engine.Actor.Be(Role.Owner, _payments);

        var list = (await _engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.All, new(IdentityOrder.Team)), Token)).Value;
        list.Items.Count.ShouldBe(10);
        list.Count.Value.ShouldBe(10);
        list.Items.ShouldAllBe(i => i.Team!.Id == _payments);
        foreach (var query in new[] { "team=platform", "team=none", "team=!payments", "q=other" })
        {
            (await _engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.Parse(query).Value), Token)).Value.Count.Value.ShouldBe(0);
        }

        var facets = (await _engine.Get<IdentityFacets>().RunAsync(new IdentityFacetsRequest(IdentityFilter.All), Token)).Value;
        facets.Facets.Single(f => f.Key == "kind").Values.Sum(v => v.Count!.Value.Value).ShouldBe(10);
        facets.Facets.Single(f => f.Key == "team").Values.ShouldHaveSingleItem().Value.ShouldBe("payments");
        var summary = (await _engine.Get<InventorySummary>().RunAsync(new InventorySummaryRequest(), Token)).Value;
        summary.Total.Count.Value.ShouldBe(10);
        summary.WithoutTeam.Count.Value.ShouldBe(0);
        (await RowsAsync(IdentityFilter.All)).Count.ShouldBe(10);
        (await _engine.Get<ListCredentials>().RunAsync(new ListCredentialsRequest(), Token)).Value.Count.Value.ShouldBe(10);
        (await _engine.Get<ListCredentials>().RunAsync(new ListCredentialsRequest(foreign.Id), Token)).Value.Items.ShouldBeEmpty();
        (await _engine.Get<GetIdentity>().RunAsync(new GetIdentityRequest(foreign.Id), Token)).Error.ShouldBeOfType<Error.NotFound>();
        (await _engine.Get<IdentityTimeline>().RunAsync(new IdentityTimelineRequest(foreign.Id), Token)).Error.ShouldBeOfType<Error.NotFound>();
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        var credential = await db.Set<Credential>().FirstAsync(c => c.IdentityId == foreign.Id, Token);
        (await _engine.Get<GetCredential>().RunAsync(new GetCredentialRequest(credential.Id), Token)).Error.ShouldBeOfType<Error.NotFound>();
        (await _engine.Get<AssignTeam>().RunAsync(new AssignTeamRequest(new([foreign.Id], null), _payments), Token)).Error.ShouldBeOfType<Error.Forbidden>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("kind=Runner")]
    [InlineData("team=payments&kind=!Runner")]
    [InlineData("q=zeta")]
    [InlineData("alters=true&q=zeta")]
    public async Task Facets_OfEachValue_CountWhatTheListWouldShow(string query)
    {
        _engine.Actor.Be(Role.Auditor);
        var filter = IdentityFilter.Parse(query).Value;

        var result = (await _engine.Get<IdentityFacets>().RunAsync(new IdentityFacetsRequest(filter), Token)).Value;

        result.Complete.ShouldBeTrue();
        foreach (var facet in result.Facets)
        {
            foreach (var value in facet.Values)
            {
                // The facet's own choice is lifted, the others stay.
                var pairs = filter.ToPairs().Where(p => p.Key != facet.Key).Append(KeyValuePair.Create(facet.Key, value.Value)).Select(p => KeyValuePair.Create(p.Key, (string?)p.Value));
                var page = (await _engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.Parse(pairs).Value), Token)).Value;
                value.Count!.Value.ShouldBe(page.Count, $"{facet.Key}={value.Value} under {query}");
            }
        }
    }

    [Fact]
    public async Task Summary_OfEachFigure_CountsWhatItsFilterLists()
    {
        _engine.Actor.Be(Role.Executive | Role.Auditor);

        var summary = (await _engine.Get<InventorySummary>().RunAsync(new InventorySummaryRequest(), Token)).Value;

        Figure[] figures =
        [
            summary.Total, .. summary.Kinds, .. summary.States, summary.WithoutTeam, summary.AltersRelease, summary.Privileged, summary.Expired,
            summary.ExpiringIn30Days, summary.NotUsedIn90Days, summary.FirstSeenIn7Days,
        ];
        foreach (var figure in figures)
        {
            (await _engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(figure.Filter), Token)).Value.Count.ShouldBe(figure.Count, figure.Key);
        }

        foreach (var coverage in summary.Coverage)
        {
            (await _engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(coverage.Unknown!), Token)).Value.Count.Value
                .ShouldBe((int)(coverage.Of - coverage.Known), coverage.Key);
        }

        (summary.Scopes.Known, summary.Scopes.Of).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Detail_OfAnIdentity_SaysWhatIsKnownAndWhatIsNot()
    {
        _engine.Actor.Be(Role.Auditor);
        var row = (await _engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(new() { Text = "02" }), Token)).Value.Items.Single(i => i.Name == "Zeta 02");

        var detail = (await _engine.Get<GetIdentity>().RunAsync(new GetIdentityRequest(row.Id), Token)).Value;

        detail.Facts["expiresAt"].ShouldBe(KnownValue.Denied("admin:org"));
        detail.Facts["createdAt"].ShouldBe(KnownValue.NotExposed);
        detail.Coverage.ShouldBe(new Coverage(1, 3));
        detail.Credentials.ShouldHaveSingleItem().KeyIds.ShouldBe(["SHA256:2"]);
        (detail.Place.ServiceKey, detail.Place.ProductKey).ShouldBe(("ledger", "bank"));
        detail.Scope!.LastOutcome.ShouldBe(ScopeOutcome.Complete);
        detail.Runs.ShouldHaveSingleItem().Id.ShouldBe(detail.FirstRun!.Id);
        var timeline = (await _engine.Get<IdentityTimeline>().RunAsync(new IdentityTimelineRequest(row.Id), Token)).Value;
        timeline.Items.ShouldHaveSingleItem().Kind.ShouldBe(TimelineKind.FirstSeen);
    }

    [Fact]
    public async Task AssignTeam_ByFilter_ChangesShowsAndUndoes()
    {
        _engine.Actor.Be(Role.Engineer);
        var selection = new IdentitySelection(null, IdentityFilter.Parse("team=none&kind=Runner").Value);
        var ids = (await RowsAsync(selection.Filter!)).ConvertAll(r => r.Id);
        (await _engine.Get<PreviewAssignTeam>().RunAsync(new PreviewAssignTeamRequest(selection, _platform), Token)).Value
            .ShouldBe(new PreviewAssignTeamResult(ids.Count, ids.Count, 0));

        var done = (await _engine.Get<AssignTeam>().RunAsync(new AssignTeamRequest(selection, _platform), Token)).Value;
        (done.Selected, done.Changed).ShouldBe((ids.Count, ids.Count));
        var before = done.Before!.ShouldHaveSingleItem();
        before.TeamId.ShouldBeNull();
        before.Ids.ShouldBe(ids, ignoreOrder: true);

        (await RowsAsync(selection.Filter!)).ShouldBeEmpty();
        var timeline = (await _engine.Get<IdentityTimeline>().RunAsync(new IdentityTimelineRequest(ids[0]), Token)).Value;
        timeline.Items[0].Kind.ShouldBe(TimelineKind.TeamAssigned);
        timeline.Items[0].After!.Text.ShouldBe("A platform");

        (await _engine.Get<AssignTeam>().RunAsync(new AssignTeamRequest(new(before.Ids, null), before.TeamId), Token)).Value.Changed.ShouldBe(ids.Count);
        (await RowsAsync(selection.Filter!)).Select(r => r.Id).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task Export_OfAFilter_StreamsTheListsRows()
    {
        _engine.Actor.BeToken("identities:read");

        var rows = await RowsAsync(IdentityFilter.Parse("kind=Runner").Value);

        rows.Count.ShouldBe(10);
        rows.Select(r => r.Name.ToLowerInvariant()).ShouldBeInOrder();
    }

    private async Task<List<NhiGovernance.Inventory.Lists.IdentityRow>> RowsAsync(IdentityFilter filter)
    {
        var rows = new List<NhiGovernance.Inventory.Lists.IdentityRow>();
        await foreach (var row in (await _engine.Get<ExportIdentities>().RunAsync(new ExportIdentitiesRequest(filter), Token)).Value)
        {
            rows.Add(row);
        }

        return rows;
    }
}
