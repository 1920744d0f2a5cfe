using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

/// <summary>A list that was denied has never held anything, and is a hole in the coverage of its place all the same.</summary>
public sealed class ListCoverageTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly PlaceReference Shop = new("repository", "acme/shop");
    private static readonly PlaceReference Tools = new("repository", "acme/tools");
    private readonly TestEngine _engine = database.CreateEngine();
    private Guid _payments;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        if (await db.Set<Team>().FirstOrDefaultAsync(t => t.Key == "payments", Token) is { } there)
        {
            _payments = there.Id;
            return;
        }

        _payments = _engine.NewId();
        var product = new Product { Id = _engine.NewId(), Key = "bank", Name = "Bank" };
        var service = new Service { Id = _engine.NewId(), Key = "shop", Name = "Shop", TeamId = _payments, ProductId = product.Id };
        var others = new Team { Id = _engine.NewId(), Key = "platform", Name = "Platform" };
        var production = new ReleaseEnvironment { Id = _engine.NewId(), Key = "prod", Name = "Production", Kind = EnvironmentKind.Production, Tier = default, DataClass = default };
        var shop = new Place { Id = _engine.NewId(), Kind = Shop.Kind, Path = Shop.Path, ServiceId = service.Id, TeamId = _payments, FirstSeenAt = _engine.Clock.GetUtcNow() };
        var tools = new Place { Id = _engine.NewId(), Kind = Tools.Kind, Path = Tools.Path, TeamId = others.Id, FirstSeenAt = _engine.Clock.GetUtcNow() };
        db.AddRange(new Team { Id = _payments, Key = "payments", Name = "Payments" }, others, product, production, service, shop, tools);
        await db.SaveChangesAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("product=bank", 3, 4)]
    [InlineData("team=payments", 3, 4)]
    [InlineData("service=shop", 3, 4)]
    [InlineData("team=platform", 1, 2)]
    [InlineData("team=!payments", 1, 2)]
    [InlineData("product=none&team=platform", 1, 2)]
    [InlineData("product=!bank", 1, 2)]
    [InlineData("", 3, 5)]
    public async Task Summary_OfAPlaceWithADeniedList_CountsThatList(string query, int known, int of)
    {
        await ReadAsync();
        _engine.Actor.Be(Role.Auditor);

        var lists = await ListsAsync(query);

        (lists.Known, lists.Of, lists.Unsure).ShouldBe((known, of, 0));
    }

    [Fact]
    public async Task Summary_AsAnOwner_CountsTheDeniedListsOfTheirPlaces()
    {
        await ReadAsync();
        _engine.Actor.Be(Role.Owner, _payments);

        var lists = await ListsAsync("");

        (lists.Known, lists.Of, lists.Unsure).ShouldBe((3, 4, 0));
    }

    [Theory]
    [InlineData("acme", 1)]
    [InlineData("acme/unknown", 1)]
    [InlineData("acme/tools", 0)]
    public async Task Summary_WithAnUnreadListThatMayBeAnybodys_SaysSoAndIsNeverFull(string place, int unsure)
    {
        await ReadAsync(new Scope("runners", place));
        _engine.Actor.Be(Role.Owner, _payments);

        var lists = await ListsAsync("");

        lists.Unsure.ShouldBe(unsure);
        lists.Share.ShouldBe(3d / (4 + unsure));
    }

    [Fact]
    public async Task Summary_OfAnEnvironment_CallsEveryUnreadListUnsure()
    {
        await ReadAsync();
        _engine.Actor.Be(Role.Auditor);

        var lists = await ListsAsync("environment=prod");

        (lists.Known, lists.Of, lists.Unsure).ShouldBe((0, 0, 2));
        lists.Share.ShouldBe(0);
    }

    private async Task<CoverageFigure> ListsAsync(string query) =>
        (await _engine.Get<InventorySummary>().RunAsync(new InventorySummaryRequest(IdentityFilter.Parse(query).Value), Token)).Value.Scopes;

    // Each test its own source, and no other one beside it.
    private async Task ReadAsync(Scope? denied = null)
    {
        await using (var db = await database.Contexts.CreateDbContextAsync(Token))
        {
            await db.Set<NhiGovernance.Sources.Source>().ExecuteUpdateAsync(s => s.SetProperty(o => o.RemovedAt, _engine.Clock.GetUtcNow()), Token);
        }

        var (root, keys, alerts) = (Stage.Root, new Scope("deploy-keys", Shop.Path), new Scope("alerts", "acme"));
        Scope[] none = [new("webhooks", Shop.Path), new("deploy-keys", Tools.Path)];
        var stage = await Stage.OpenAsync(database, _engine);
        await stage.ReadAsync(
        [
            new ScopeStarted(root, null),
            new ScopePage(root, [AcmeResources.Resource("shop", ResourceKind.Repository, "acme/shop", Shop), AcmeResources.Resource("tools", ResourceKind.Repository, "acme/tools", Tools)]),
            ScopeEnded.Complete(root),
            new ScopeStarted(keys, root), new ScopePage(keys, [Stage.Identity("key") with { Place = Shop }]), ScopeEnded.Complete(keys),
            new ScopeStarted(alerts, null), new ScopePage(alerts, [AcmeResources.Resource("alert", ResourceKind.SecretAlert, "alert", Shop)]), ScopeEnded.Complete(alerts),
            .. none.SelectMany<Scope, ReadEvent>(s => [new ScopeStarted(s, root), ScopeEnded.Denied(s, "admin")]),
            .. denied is null ? Array.Empty<ReadEvent>() : [new ScopeStarted(denied, denied.Place.Contains('/') ? root : null), ScopeEnded.Denied(denied, "admin")],
        ]);
    }
}
