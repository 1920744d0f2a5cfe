using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

/// <summary>An inventory of thirty identities, ten of each of two teams and ten of nobody, for tests that ask about it.</summary>
public abstract class ThirtyIdentities(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    protected TestDatabase Database { get; } = database;

    protected TestEngine Engine { get; } = database.CreateEngine();

    protected Guid Payments { get; private set; }

    protected Guid Platform { get; private set; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Thirty identities: ten of payments, ten of platform, ten of nobody; every third of them with something to filter by.</summary>
    public async ValueTask InitializeAsync()
    {
        await using var db = await Database.Contexts.CreateDbContextAsync(Token);
        if (await db.Set<Team>().FirstOrDefaultAsync(t => t.Key == "payments", Token) is { } there)
        {
            (Payments, Platform) = (there.Id, await db.Set<Team>().Where(t => t.Key == "platform").Select(t => t.Id).SingleAsync(Token));
            return;
        }

        var stage = await Stage.OpenAsync(Database, Engine);
        var now = Engine.Clock.GetUtcNow();
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
        var payments = new Team { Id = Engine.NewId(), Key = "payments", Name = "Payments" };
        var platform = new Team { Id = Engine.NewId(), Key = "platform", Name = "A platform" };
        var product = new Product { Id = Engine.NewId(), Key = "bank", Name = "Bank" };
        var service = new Service { Id = Engine.NewId(), Key = "ledger", Name = "Ledger", TeamId = payments.Id, ProductId = product.Id };
        db.AddRange(payments, platform, product, service);
        await db.SaveChangesAsync(Token);
        await db.Set<Place>().Where(p => p.Path == "acme/ledger").ExecuteUpdateAsync(s => s.SetProperty(p => p.ServiceId, service.Id).SetProperty(p => p.TeamId, payments.Id), Token);
        var ledger = db.Set<Place>().Where(p => p.Path == "acme/ledger").Select(p => p.Id);
        var tools = db.Set<Place>().Where(p => p.Path == "acme/tools").Select(p => p.Id);
        await db.Set<Identity>().Where(i => ledger.Contains(i.PlaceId)).ExecuteUpdateAsync(s => s.SetProperty(i => i.TeamId, payments.Id), Token);
        await db.Set<Identity>().Where(i => tools.Contains(i.PlaceId)).ExecuteUpdateAsync(s => s.SetProperty(i => i.TeamId, platform.Id), Token);
        (Payments, Platform) = (payments.Id, platform.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<List<IdentityRow>> RowsAsync(IdentityFilter filter)
    {
        var rows = new List<IdentityRow>();
        await foreach (var row in (await Engine.Get<ExportIdentities>().RunAsync(new ExportIdentitiesRequest(filter), Token)).Value)
        {
            rows.Add(row);
        }

        return rows;
    }
}
