using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Access;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Own;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Access;

namespace NhiGovernance.Tests.Sources.Connectors.Own;

/// <summary>The product's own secrets as rows, by a real poll of the whole application.</summary>
public sealed class OwnRowsTests(WebFixture web) : IClassFixture<WebFixture>
{
    /// <summary>Secrets of people, not of the product: they are no non-human identities.</summary>
    private static readonly Type[] OfPeople = [typeof(Account), typeof(SignInLink)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poll_OfTheOwnSource_ListsTokensAndKeysAndKeepsARevokedToken()
    {
        var app = web.App;
        using var browser = new Browser(app.Address);
        (await browser.GetAsync("/sign-in")).Dispose(); // Makes the first session key.
        var live = await app.TokenAsync("identities:read", "sources:write");
        var ended = await app.TokenAsync("audit:read");
        await app.RunAsync<RevokeApiToken, Done>(c => c.RunAsync(new RevokeApiTokenRequest(ended.Id.ToString())));

        var source = (await app.RunAsync<EnsureOwnSource, OwnSource>(c => c.RunAsync(new EnsureOwnSourceRequest()))).Id;
        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancel);
        var run = await db.Set<PollRun>().Where(r => r.SourceId == source).Select(r => r.Id).SingleAsync(Cancel);
        (await app.Services.GetRequiredService<PollSource>().RunAsync(run, Cancel)).ShouldBe(PollState.Complete);

        var rows = await db.Set<Identity>().Where(i => i.SourceId == source).ToDictionaryAsync(i => i.NaturalKey, Cancel);
        var alive = rows[$"api-tokens:{live.Id}"];
        alive.Disabled.ShouldBeFalse();
        alive.ExpiresAt.ShouldBe(live.ExpiresAt);
        alive.LastUsedState.ShouldBe(Knowledge.Never);
        InventoryJson.ReadGrants(alive.Grants).Select(g => (g.Permission, g.Privileged)).ShouldBe([("identities:read", false), ("sources:write", true)], ignoreOrder: true);
        var revoked = rows[$"api-tokens:{ended.Id}"];
        (revoked.Disabled, revoked.Presence).ShouldBe((true, Presence.Present));
        InventoryJson.ReadFacts(revoked.Facts)["revokedAt"].State.ShouldBe(Knowledge.Value);
        rows.Keys.ShouldContain(k => k.StartsWith("encryption-keys:k", StringComparison.Ordinal));
        rows.Values.Single(r => r.NaturalKey.StartsWith("session-keys:", StringComparison.Ordinal)).ExpiresAt.ShouldNotBeNull();
        var passwords = rows.Values.Where(r => r.NaturalKey.StartsWith("database-passwords:", StringComparison.Ordinal)).ToList();
        passwords.Select(r => r.NaturalKey).ShouldBe(["database-passwords:owner", "database-passwords:serving"], ignoreOrder: true);
        passwords.ShouldAllBe(r => r.CreatedAt == null && r.ExpiresState == Knowledge.NotExposed);
        rows.Values.Except(passwords).ShouldAllBe(r => r.CreatedAt != null);
        (await db.Set<Credential>().CountAsync(c => c.SourceId == source, Cancel)).ShouldBe(rows.Count);
    }

    [Fact]
    public void Tables_WithSealedOrHashedSecrets_EachHaveTheirRows()
    {
        using var db = web.Database.OpenAsOwner();
        var keeps = db.Model.GetEntityTypes()
            .Where(e => e.GetProperties().Any(p => p.Name.StartsWith("Sealed", StringComparison.Ordinal) || p.Name is "SecretHash" or "PasswordHash"))
            .Select(e => e.ClrType).Except(OfPeople).ToList();
        var listed = web.App.Services.GetServices<IOwnCredentials>().SelectMany(o => o.Stores).ToHashSet();

        keeps.Count.ShouldBeGreaterThanOrEqualTo(4);
        keeps.Where(k => !listed.Contains(k)).ShouldBeEmpty("Name the table in an IOwnCredentials, so that its secrets are rows of the inventory.");
    }
}
