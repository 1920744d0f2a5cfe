using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

/// <summary>
/// One organisation: acme/shop of the team payments, with a risky workflow that reads two secrets and a branch that nothing protects;
/// acme/tools of nobody, whose branch a ruleset protects.
/// </summary>
public abstract class AcmeResources(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    internal static readonly PlaceReference Shop = new("repository", "acme/shop");
    internal static readonly PlaceReference Tools = new("repository", "acme/tools");

    internal const string Secrets = """[{"name":"NPM_TOKEN","job":"publish","line":9},{"name":"ORG_KEY","job":"publish","line":10}]""";

    protected TestEngine Engine { get; } = database.CreateEngine();

    protected TestDatabase Database { get; } = database;

    protected Guid SourceId { get; private set; }

    protected Guid Payments { get; private set; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected Stage Stage { get; private set; } = default!;

    /// <summary>One poll for all tests of a class: they share the database, and places are shared by all sources.</summary>
    private static readonly ConcurrentDictionary<TestDatabase, Stage> s_stages = new();

    public async ValueTask InitializeAsync()
    {
        Engine.Actor.Be(Role.Auditor);
        if (!s_stages.TryGetValue(Database, out var stage))
        {
            stage = s_stages[Database] = await Stage.OpenAsync(Database, Database.CreateEngine());
            await stage.RunAsync(Everything());
        }

        (Stage, SourceId) = (stage, stage.SourceId);
        await using var db = await Database.Contexts.CreateDbContextAsync(Token);
        Payments = await db.Set<Team>().Where(t => t.Key == "payments").Select(t => t.Id).SingleOrDefaultAsync(Token);
        if (Payments == Guid.Empty)
        {
            Payments = Engine.NewId();
            var product = new Product { Id = Engine.NewId(), Key = "bank", Name = "Bank" };
            var service = new Service { Id = Engine.NewId(), Key = "shop", Name = "Shop", TeamId = Payments, ProductId = product.Id };
            var prod = new ReleaseEnvironment { Id = Engine.NewId(), Key = "prod", Name = "Production", Kind = EnvironmentKind.Production, Tier = default, DataClass = default };
            db.AddRange(new Team { Id = Payments, Key = "payments", Name = "Payments" }, product, service, prod);
            await db.SaveChangesAsync(Token);
            await db.Set<Place>().Where(p => p.Path.StartsWith("acme/shop")).ExecuteUpdateAsync(s => s.SetProperty(p => p.ServiceId, service.Id).SetProperty(p => p.TeamId, Payments), Token);
            var place = await db.Set<Place>().Where(p => p.Path == "acme/shop/production").Select(p => p.Id).SingleAsync(Token);
            db.Add(new PlaceEnvironment { PlaceId = place, EnvironmentId = prod.Id });
            await db.SaveChangesAsync(Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected ResourceFilter Filter(string query) => ResourceFilter.Parse(query).Value with { Sources = NhiGovernance.Inventory.Filtering.Choice.Of(SourceId.ToString()) };

    protected async Task<IReadOnlyList<ResourceRow>> ListAsync(string query, ResourceSort sort = default) =>
        (await Engine.Get<ListResources>().RunAsync(new ListResourcesRequest(Filter(query), sort), Token)).Value.Items;

    protected async Task<ResourceDetail> GetAsync(string name)
    {
        var row = (await ListAsync("")).Single(r => r.Name == name);
        return (await Engine.Get<GetResource>().RunAsync(new GetResourceRequest(row.Id), Token)).Value;
    }

    internal static IEnumerable<Observation> Everything() =>
    [
        Resource("repo:shop", ResourceKind.Repository, "acme/shop", Shop, ("visibility", "public")),
        Resource("repo:tools", ResourceKind.Repository, "acme/tools", Tools, ("visibility", "private")),
        Resource("classic:shop", ResourceKind.BranchProtection, "protection of acme/shop@main", Shop, ("source", "classic"), ("protected", "false"), ("requiresPullRequest", "false")),
        Resource("rules:shop", ResourceKind.BranchProtection, "rules of acme/shop@main", Shop, ("source", "rulesets"), ("protected", "false"), ("requiresPullRequest", "false")),
        Resource("classic:tools", ResourceKind.BranchProtection, "protection of acme/tools@main", Tools, ("source", "classic"), ("protected", "false"), ("requiresPullRequest", "false")),
        Resource("rules:tools", ResourceKind.BranchProtection, "rules of acme/tools@main", Tools, ("source", "rulesets"), ("protected", "true"), ("requiresPullRequest", "true"), ("approvals", "2")),
        Resource("env:production", ResourceKind.Environment, "acme/shop/production", new("environment", "acme/shop/production"), ("needsReview", "false"), ("branchPolicy", "any")),
        Resource("workflow:release.yml", ResourceKind.WorkflowFile, "release.yml: Release", Shop, ("path", ".github/workflows/release.yml"), ("secrets", Secrets),
            ("unpinnedActions", """[{"uses":"evil/upload@v1","thirdParty":true,"job":"publish","line":7}]"""), ("environments", """[{"name":"production","job":"publish"}]""")),
        Resource("codeowners:*", ResourceKind.OwnerSuggestion, "*: @acme/payments", Shop, ("pattern", "*"), ("owners", """["@acme/payments","@octocat"]"""), ("everything", "true")),
        Resource("codeowners:/docs", ResourceKind.OwnerSuggestion, "/docs: @acme/writers", Shop, ("pattern", "/docs"), ("owners", """["@acme/writers"]"""), ("everything", "false")),
        new IdentityObservation("pipeline:shop", IdentityKind.Pipeline, "GitHub Actions of acme/shop", Shop),
        new IdentityObservation("pipeline:acme", IdentityKind.Pipeline, "GitHub Actions of acme", Stage.Acme),
        new IdentityObservation("job:release", IdentityKind.WorkflowJob, "release.yml / publish", Shop) { Facts = Facts(("workflow", ".github/workflows/release.yml")) },
        Secret("secret:npm", "pipeline:shop", "NPM_TOKEN", ("visibility", "own"), ("environment", "any")),
        Secret("secret:prod", "pipeline:shop", "DB_PASSWORD", ("visibility", "own"), ("environment", "production")),
        Secret("secret:org", "pipeline:acme", "ORG_KEY", ("visibility", "selected"), ("repositories", "acme/shop, acme/web")),
        Secret("secret:other", "pipeline:acme", "OTHER_KEY", ("visibility", "selected"), ("repositories", "acme/web")),
    ];

    internal static ResourceObservation Resource(string key, ResourceKind kind, string name, PlaceReference place, params (string Name, string Value)[] facts) =>
        new(key, kind, name, place) { Facts = Facts(facts) };

    private static CredentialObservation Secret(string key, string identity, string name, params (string Name, string Value)[] facts) =>
        new(key, identity, CredentialKind.CiSecret, name) { Facts = Facts(facts) };

    private static Dictionary<string, KnownValue> Facts(params (string Name, string Value)[] facts) => facts.ToDictionary(f => f.Name, f => KnownValue.Of(f.Value));
}
