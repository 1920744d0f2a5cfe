using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

/// <summary>What a resource names is looked for among all that may be named, and told to whom may read it.</summary>
public sealed class ResourceLinkTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    // Each test its own organisation: what lives in a place is found whichever source showed it.
    private string _owner = "acme";
    private readonly TestEngine _engine = database.CreateEngine();
    private Stage _stage = default!;

    private PlaceReference Shop => new("repository", $"{_owner}/shop");

    private PlaceReference Organization => new("organization", _owner);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _owner = $"acme-{_engine.NewId():N}";
        _stage = await Stage.OpenAsync(database, _engine);
        _engine.Actor.Be(Role.Auditor);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Get_AWorkflowWhoseJobsComeLateAmongMany_FindsThemAndSaysHowMany()
    {
        await _stage.RunAsync(
        [
            Workflow("z.yml"),
            .. Enumerable.Range(0, 1_100).Select(i => Job($"a{i:0000}", "a.yml")),
            .. Enumerable.Range(0, 250).Select(i => Job($"z{i:0000}", "z.yml")),
        ]);

        var detail = await GetAsync("z.yml");

        (detail.LinksCount, detail.Links.Count, detail.LinksIsCut).ShouldBe((250, 200, false));
        detail.Links.ShouldAllBe(l => l.Name.StartsWith('z'));
    }

    [Fact]
    public async Task Get_AWorkflow_FindsItsSecretsBehindManyThatAreForOthers()
    {
        await _stage.RunAsync(
        [
            Workflow("all.yml", """[{"name":"*","job":"publish","line":9}]"""),
            new IdentityObservation("pipeline", IdentityKind.Pipeline, "GitHub Actions of acme", Organization),
            .. Enumerable.Range(0, 210).Select(i => Secret($"A_{i:000}", $"{_owner}/web")),
            Secret("Z_OURS", $"{_owner}/shop, {_owner}/web"),
            Secret("Z_CUT", string.Join(", ", Enumerable.Range(0, 300).Select(i => $"{_owner}/a{i:0000}"))[..2000]),
        ]);

        (await GetAsync("all.yml")).Links.Select(l => l.Name).ShouldBe(["Z_CUT", "Z_OURS"]);
    }

    [Fact]
    public async Task Get_ByATokenForResourcesAlone_NamesNoIdentity()
    {
        await _stage.RunAsync(
        [
            Workflow("release.yml", """[{"name":"OURS","job":"publish","line":9}]"""), Job("publish", "release.yml"),
            AcmeResources.Resource("env", ResourceKind.Environment, "live", new("environment", $"{_owner}/shop/live")),
            new IdentityObservation("pipeline", IdentityKind.Pipeline, "GitHub Actions of acme", Organization), Secret("OURS", $"{_owner}/shop"),
        ]);
        (await GetAsync("release.yml")).Links.Select(l => l.Kind).ShouldBe(["identity", "credential"]);
        _engine.Actor.BeToken("resources:read");

        var workflow = await GetAsync("release.yml");

        workflow.Links.ShouldBeEmpty();
        workflow.LinksCount.ShouldBe(0);
        workflow.IdentitiesHere.ShouldBeNull();
        (await GetAsync("live")).Links.Select(l => l.Kind).ShouldBe(["resource"]);
        var job = await _stage.IdentityAsync("publish");
        var used = await _engine.Get<IdentityResources>().RunAsync(new IdentityResourcesRequest(job.Id), Token);
        used.Error.ShouldBeOfType<Error.Forbidden>().Message.ShouldContain("identities:read");
        (await _engine.Get<SuggestOwners>().RunAsync(new SuggestOwnersRequest(new IdentitySelection([job.Id], null)), Token)).Error.ShouldBeOfType<Error.Forbidden>();
        _engine.Actor.BeToken("resources:read identities:read");
        (await GetAsync("release.yml")).Links.Count.ShouldBe(2);
        (await _engine.Get<IdentityResources>().RunAsync(new IdentityResourcesRequest(job.Id), Token)).Value.UsedCount.ShouldBe(1);
    }

    [Fact]
    public async Task Changes_ByATokenForIdentitiesAlone_NameNoResource()
    {
        var alert = AcmeResources.Resource("alert", ResourceKind.SecretAlert, "alert 1", Shop, ("state", "open"));
        await _stage.RunAsync(alert, Stage.Identity("key"));
        await _stage.RunAsync(AcmeResources.Resource("alert", ResourceKind.SecretAlert, "alert 1", Shop, ("state", "resolved")), Stage.Identity("key") with { Grants = [new("push", "acme/shop", true)] });
        var changes = _engine.Get<RecentChanges>();
        (await changes.RunAsync(new RecentChangesRequest(50), Token)).Value.Select(c => c.Kind).Distinct().Order().ShouldBe(["identity", "resource"]);

        _engine.Actor.BeToken("identities:read");

        (await changes.RunAsync(new RecentChangesRequest(50), Token)).Value.ShouldAllBe(c => c.Kind == "identity");
    }

    private ResourceObservation Workflow(string file, string secrets = "[]") => AcmeResources.Resource(
        $"workflow:{file}", ResourceKind.WorkflowFile, file, Shop, ("path", $".github/workflows/{file}"), ("secrets", secrets),
        ("environments", """[{"name":"live","job":"publish"}]"""));

    private IdentityObservation Job(string name, string file) => new(name, IdentityKind.WorkflowJob, name, Shop)
    {
        Facts = new Dictionary<string, KnownValue> { ["workflow"] = KnownValue.Of($".github/workflows/{file}") },
    };

    private static CredentialObservation Secret(string name, string repositories) => new(name, "pipeline", CredentialKind.CiSecret, name)
    {
        Facts = new Dictionary<string, KnownValue> { ["visibility"] = KnownValue.Of("selected"), ["repositories"] = KnownValue.Of(repositories) },
    };

    private async Task<ResourceDetail> GetAsync(string name)
    {
        var filter = new ResourceFilter { Sources = Choice.Of(_stage.SourceId.ToString()), Text = name };
        var row = (await _engine.Get<ListResources>().RunAsync(new ListResourcesRequest(filter), Token)).Value.Items.Single(r => r.Name == name);
        return (await _engine.Get<GetResource>().RunAsync(new GetResourceRequest(row.Id), Token)).Value;
    }
}
