using NhiGovernance.Catalogue;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Samples;

public sealed class InventorySamples : ISamples
{
    public void Add(SampleSet samples)
    {
        samples.For<AssignTeam>(async s =>
        {
            var team = new Team { Id = s.NewId(), Key = s.Unique("team"), Name = s.Unique("Team") };
            s.Db.Add(team);
            var identity = await IdentityAsync(s);
            await s.Db.SaveChangesAsync();
            return new AssignTeamRequest(new IdentitySelection([identity.Id], null), team.Id);
        });
        samples.For<ReleaseHeldRun>(async s => new HeldRunRequest(await HeldAsync(s)));
        samples.For<ListHeldThings>(async s => new HeldRunRequest(await HeldAsync(s)));
        samples.For<GetResource>(async s => new GetResourceRequest(await WorkflowAsync(s)));
        samples.For<ResourceTimeline>(async s => new ResourceTimelineRequest(await WorkflowAsync(s)));
        samples.For<ListResources>(new ListResourcesRequest(new ResourceFilter
        {
            Kinds = Choice.Of(nameof(ResourceKind.WorkflowFile)), Risks = Choice.Of(ResourceFilter.AnyRisk), Teams = Choice.Except(Choice.None), Place = "acme/ledger",
            Products = Choice.Of("bank"), Services = Choice.Except("ledger"), Environments = Choice.Of(Choice.None), Changed = new(TimeTest.Within, Days: 7), Text = "release",
        }, new ResourceSort(ResourceOrder.Changed, Descending: true)));
        samples.For<ExportResources>(new ExportResourcesRequest(new ResourceFilter { Risks = Choice.Except(nameof(ReleaseRisk.Unprotected)) }, new ResourceSort(ResourceOrder.Kind)));
        var credentials = new CredentialFilter
        {
            Kinds = Choice.Except(nameof(CredentialKind.CiSecret)), States = Choice.Of(nameof(Presence.Missing)), LastUsed = new(TimeTest.NotWithin, Days: 90),
            Expires = new(TimeTest.Within, Days: 30), Text = "token", Of = new IdentityFilter { Providers = Choice.Of("github"), Teams = Choice.Except(Choice.None) },
        };
        samples.For<ListCredentials>(new ListCredentialsRequest(credentials, new CredentialSort(CredentialOrder.LastUsed, Descending: true)));
        samples.For<ExportCredentials>(new ExportCredentialsRequest(credentials, new CredentialSort(CredentialOrder.KeyChanged)));
        samples.For<ResourceFacets>(new ResourceFacetsRequest(new ResourceFilter { Place = "acme/ledger", Kinds = Choice.Except(nameof(ResourceKind.Review)) }));
        samples.For<IdentityResources>(async s =>
        {
            var identity = await IdentityAsync(s, IdentityKind.Pipeline);
            s.Db.Add(new Credential
            {
                Id = s.NewId(), SourceId = identity.SourceId, ScopeId = identity.ScopeId, IdentityId = identity.Id, NaturalKey = "secret", Kind = CredentialKind.CiSecret,
                Name = "NPM_TOKEN", KeyIds = "[]", LastUsedState = Knowledge.NotExposed, ExpiresState = Knowledge.NotExposed, Facts = "{}", ContentHash = new byte[32],
                FirstSeenAt = Now, ChangedAt = Now, ChangedRunId = s.NewId(),
            });
            await s.Db.SaveChangesAsync();
            return new IdentityResourcesRequest(identity.Id);
        });
        samples.For<SuggestOwners>(async s => new SuggestOwnersRequest(null, await WorkflowAsync(s)));
        samples.For<InventorySummary>(new InventorySummaryRequest(new IdentityFilter { Teams = Choice.Of("payments"), Products = Choice.Of("bank"), Environments = Choice.Of("prod") }));
        samples.For<RecentChanges>(new RecentChangesRequest(Within: new IdentityFilter { Teams = Choice.Of("payments"), Products = Choice.Of("bank") }));
        samples.For<DiscardHeldRun>(async s => new HeldRunRequest(await HeldAsync(s)));
    }

    private static async Task<Guid> HeldAsync(SampleContext s)
    {
        var identity = await IdentityAsync(s);
        var run = new PollRun
        {
            Id = s.NewId(), Number = 1, SourceId = identity.SourceId, Fence = 1, Trigger = PollTrigger.Schedule, State = PollState.Held, StartedAt = Now, HeldBack = 1,
        };
        s.Db.Add(run);
        s.Db.Add(new HeldDisappearance { RunId = run.Id, SourceId = identity.SourceId, SubjectId = identity.Id, SubjectKind = "identity" });
        await s.Db.SaveChangesAsync();
        return run.Id;
    }

    private static async Task<Guid> WorkflowAsync(SampleContext s)
    {
        var identity = await IdentityAsync(s);
        var workflow = new Resource
        {
            Id = s.NewId(), SourceId = identity.SourceId, ScopeId = identity.ScopeId, PlaceId = identity.PlaceId, NaturalKey = "workflow:release.yml",
            Kind = ResourceKind.WorkflowFile, Name = "release.yml", SortName = "release.yml", SearchText = "release.yml npm_token",
            Facts = """{"path":{"s":"Value","v":"release.yml"},"secrets":{"s":"Value","v":"[{\"name\":\"NPM_TOKEN\"}]"}}""", ContentHash = new byte[32],
            FirstSeenAt = Now, FirstRunId = s.NewId(), ChangedAt = Now, ChangedRunId = s.NewId(),
        };
        s.Db.Add(workflow);
        await s.Db.SaveChangesAsync();
        return workflow.Id;
    }

    private static Task<Identity> IdentityAsync(SampleContext s, IdentityKind kind = IdentityKind.DeployKey)
    {
        var source = new Source { Id = s.NewId(), ConnectorKey = "file", Name = s.Unique("Source"), Settings = "{}", Host = string.Empty, CreatedAt = Now };
        var place = new Place { Id = s.NewId(), Kind = "repository", Path = s.Unique("acme/ledger"), FirstSeenAt = Now };
        var identity = new Identity
        {
            Id = s.NewId(), SourceId = source.Id, ScopeId = s.NewId(), PlaceId = place.Id, NaturalKey = "1", Kind = kind, Provider = "file", Name = "key",
            SortName = "key", SearchText = "key", LastUsedState = Knowledge.NotExposed, ExpiresState = Knowledge.NotExposed, Facts = "{}", Grants = "[]", JoinKeys = "[]",
            ContentHash = new byte[32], FirstSeenAt = Now, FirstRunId = s.NewId(), ChangedAt = Now, ChangedRunId = s.NewId(),
        };
        s.Db.AddRange(source, place, identity);
        return Task.FromResult(identity);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}
