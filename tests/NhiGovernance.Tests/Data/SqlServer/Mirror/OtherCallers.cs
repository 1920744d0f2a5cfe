using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Catalogue.Environments;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common.Idempotency;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Tests.Fixtures;

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

        (await engine.Get<ListPeople>().RunAsync(new ListPeopleRequest(Search: "a", Status: NhiGovernance.Sources.Contract.PersonStatus.Active), Cancel)).IsOk.ShouldBeTrue();
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var source = await db.Set<Source>().Where(s => s.RemovedAt == null).Select(s => s.Id).FirstAsync(Cancel);
        (await engine.Get<GetSource>().RunAsync(new GetSourceRequest(source), Cancel)).IsOk.ShouldBeTrue();
        engine.Actor.Be(Role.Owner, team);
        (await engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.All), Cancel)).IsOk.ShouldBeTrue();
        (await engine.Get<IdentityFacets>().RunAsync(new IdentityFacetsRequest(IdentityFilter.All), Cancel)).IsOk.ShouldBeTrue();
        engine.Actor.BeSystem("test");
        await KeepAnswersAsync();
        await engine.Get<TokenCheck>().CheckAsync("nhi_api_unknown", Cancel);
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
        var second = (await requests.ClaimAsync(IdempotentRequests.DigestOf("test", "two"), Cancel)).ShouldBeOfType<IdempotencyClaim.First>();
        await requests.ReleaseAsync(second.Ticket, Cancel);
    }
}
