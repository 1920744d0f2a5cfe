using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Catalogue.Environments;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common.Idempotency;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Data.SqlServer.Mirror;

/// <summary>What a request made by reflection does not reach: real filters and orders over polled rows, rules that match places, keys of requests, tokens.</summary>
internal sealed class OtherCallers(TestDatabase database, TestEngine engine)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly string[] Filters =
    [
        "", "kind=DeployKey&team=mirrored,none&product=bank&service=mirrored&environment=mirrored&provider=scripted&used=never&q=key", "team=!mirrored",
        "team=none", "kind=DeployKey,Runner", "expires=within:30d", "expires=past&disabled=false", "q=key", "state=Missing", "environment=!mirrored&seen=within:1d", "product=!bank&privileged=false",
    ];

    public async Task RunAsync()
    {
        engine.Actor.Be(Role.Admin);
        var team = await MapAsync();
        foreach (var filter in Filters.Select(f => IdentityFilter.Parse(f).Value))
        {
            foreach (var sort in (string[])["name", "-name", "-lastUsed", "expires", "team", "-kind", "firstSeen"])
            {
                var page = (await engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(filter, IdentitySort.Parse(sort), Limit: 5), Cancel)).Value;
                await engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(filter, IdentitySort.Parse(sort), page.Next, Limit: 5), Cancel);
            }

            (await engine.Get<IdentityFacets>().RunAsync(new IdentityFacetsRequest(filter), Cancel)).IsOk.ShouldBeTrue();
            await foreach (var _ in (await engine.Get<ExportIdentities>().RunAsync(new ExportIdentitiesRequest(filter), Cancel)).Value)
            {
            }
        }

        foreach (var sort in Enum.GetValues<CredentialOrder>().SelectMany(o => new[] { new CredentialSort(o), new CredentialSort(o, Descending: true) }))
        {
            var page = (await engine.Get<ListCredentials>().RunAsync(new ListCredentialsRequest(CredentialFilter.All, sort, Limit: 1), Cancel)).Value;
            (await engine.Get<ListCredentials>().RunAsync(new ListCredentialsRequest(CredentialFilter.All, sort, page.Next, Limit: 1), Cancel)).IsOk.ShouldBeTrue();
        }

        await KindByKindAsync();
        (await engine.Get<ListPeople>().RunAsync(new ListPeopleRequest(Search: "a", Status: NhiGovernance.Sources.Contract.PersonStatus.Active), Cancel)).IsOk.ShouldBeTrue();
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var source = await db.Set<Source>().Where(s => s.RemovedAt == null).Select(s => s.Id).FirstAsync(Cancel);
        (await engine.Get<GetSource>().RunAsync(new GetSourceRequest(source), Cancel)).IsOk.ShouldBeTrue();
        engine.Actor.Be(Role.Owner, team);
        (await engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.All), Cancel)).IsOk.ShouldBeTrue();
        (await engine.Get<IdentityFacets>().RunAsync(new IdentityFacetsRequest(IdentityFilter.All), Cancel)).IsOk.ShouldBeTrue();
        engine.Actor.BeSystem("test");
        await KeepAnswersAsync();
        await LookUpActorsAsync();
    }

    /// <summary>Who acts is what a test says; in production these find it out, of a person and of a token.</summary>
    private async Task LookUpActorsAsync()
    {
        await using var plain = await database.Contexts.CreateDbContextAsync(Cancel);
        var account = await AccessSamples.AccountAsync(engine.Services, plain, "mirrored@acme.test", engine.NewId(), Role.Owner);
        var token = (await engine.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest("mirrored", ["identities:read"], 30), Cancel)).Value;
        (await engine.Get<TokenCheck>().CheckAsync(token.Text, Cancel)).Counts.ShouldBe(token.Id);
        await engine.Get<TokenUses>().FlushAsync(Cancel);

        await using var db = await engine.Get<IDbContextFactory<GovernanceDb>>().CreateDbContextAsync(Cancel);
        var actors = new Actors(engine.Get<IDialect>(), engine.Clock);
        var person = new ActorReference(ActorKind.Person, account.Id, string.Empty, engine.Clock.GetUtcNow(), account.SecurityStamp);
        (await actors.LoadAsync(db, person, Cancel)).ShouldNotBeNull();
        (await actors.LoadAsync(db, new ActorReference(ActorKind.Token, token.Id, string.Empty), Cancel)).ShouldNotBeNull();
        (await new ActorNames().ReadAsync(db, [account.Id, token.Id], Cancel)).Count.ShouldBe(2);
    }

    /// <summary>As where rows are too many to be named by their ids.</summary>
    private async Task KindByKindAsync()
    {
        await using var db = await engine.Get<IDbContextFactory<GovernanceDb>>().CreateDbContextAsync(Cancel);
        var filter = IdentityFilter.Parse("kind=DeployKey,Runner").Value;
        var rows = await IdentityRows.MatchingAsync(db, Actor.System("test"), filter, engine.Clock.GetUtcNow(), engine.Get<IDialect>(), Cancel);
        foreach (var descending in (bool[])[false, true])
        {
            var many = new Counted<Identity>(rows, new(NhiGovernance.Common.BoundedCount.Limit + 1), Named: false);
            var sort = new IdentitySort(IdentityOrder.Name, descending);
            await IdentityPages.ReadAsync(db, many, filter, sort, null, 2, Cancel);
            await IdentityPages.ReadAsync(db, many, filter, sort, new Cursor(sort.ToString(), "all", "key", Guid.Empty).ToString(), 2, Cancel);
        }
    }

    /// <summary>Rules for the places that were polled: their rows, and the identities' teams, are rewritten by staged sets.</summary>
    private async Task<Guid> MapAsync()
    {
        var team = (await engine.Get<CreateTeam>().RunAsync(new CreateTeamRequest("mirrored", "Mirrored", null), Cancel)).Value;
        (await engine.Get<CreateService>().RunAsync(new CreateServiceRequest("mirrored", "Mirrored", "mirrored"), Cancel)).IsOk.ShouldBeTrue();
        var mapped = await engine.Get<SetServiceMapping>().RunAsync(new SetServiceMappingRequest("mirrored", [new("repository", "acme/*")]), Cancel);
        mapped.IsOk.ShouldBeTrue();
        (await engine.Get<CreateEnvironment>().RunAsync(new CreateEnvironmentRequest(
            "mirrored", "Mirrored", NhiGovernance.Catalogue.EnvironmentKind.Staging, NhiGovernance.Catalogue.EnvironmentTier.Tier2, NhiGovernance.Catalogue.DataClass.Internal), Cancel)).IsOk.ShouldBeTrue();
        (await engine.Get<SetEnvironmentMapping>().RunAsync(new SetEnvironmentMappingRequest("mirrored", [new("repository", "acme/*")]), Cancel)).IsOk.ShouldBeTrue();
        (await engine.Get<SetEnvironmentMapping>().RunAsync(new SetEnvironmentMappingRequest("mirrored", [new("repository", "acme/other")]), Cancel)).IsOk.ShouldBeTrue();
        return team;
    }

    private async Task KeepAnswersAsync()
    {
        var requests = engine.Get<IdempotentRequests>();
        var digest = IdempotentRequests.DigestOf("test", "one");
        var first = (await requests.ClaimAsync(digest, Cancel)).ShouldBeOfType<IdempotencyClaim.First>();
        (await requests.ClaimAsync(digest, Cancel)).ShouldBeOfType<IdempotencyClaim.InFlight>();
        await requests.AnswerAsync(first.Ticket, new byte[32], new KeptAnswer(200, null, null, []), Cancel);
        (await requests.ClaimAsync(digest, Cancel)).ShouldBeOfType<IdempotencyClaim.Answered>();
        var other = IdempotentRequests.DigestOf("test", "two");
        (await requests.ClaimAsync(other, Cancel)).ShouldBeOfType<IdempotencyClaim.First>();

        // As if its process had died: the lease is over, and the next one takes the request over.
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        await db.Set<IdempotentRequest>().Where(r => r.KeyDigest == other)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.LeaseUntil, DateTimeOffset.UnixEpoch), Cancel);
        var second = (await requests.ClaimAsync(other, Cancel)).ShouldBeOfType<IdempotencyClaim.First>();
        await requests.ReleaseAsync(second.Ticket, Cancel);
    }
}
