using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Environments;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.Products;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Web.Shell.Live;

namespace NhiGovernance.BrowserTests;

/// <summary>
/// A company of believable size, read by the real connectors: teams, services and environments with mapping rules, an inventory
/// of some hundred rows with credentials and people, and a Git repository. Always the same, so that pictures can be compared.
/// </summary>
internal sealed class ExampleCompany(Product product)
{
    private static readonly (string Key, string Name, string[] Services)[] s_teams =
    [
        ("ledger", "Ledger", ["ledger-core", "ledger-api", "statement-export"]), ("payments", "Payments", ["payments-gateway", "invoice-mailer"]),
        ("platform", "Platform", ["deploy-tools", "build-images"]), ("checkout", "Checkout", ["checkout-web", "cart"]),
        ("mobile", "Mobile", ["mobile-store"]), ("data-platform", "Data platform", ["data-lake", "risk-scoring"]), ("search", "Search", ["search-indexer"]),
    ];

    private static readonly string[] s_kinds = ["ServiceAccount", "ServicePrincipal", "MachineUser", "Bot", "AppInstallation", "FederatedTrust", "Runner", "DeployKey"];

    private static readonly string[] s_jobs = ["release", "deploy", "backup", "nightly", "sync", "telemetry", "preview", "e2e", "migrate", "publish", "mirror", "scan"];

    private static readonly string[] s_people =
        ["Priya Nair", "Henrik Dahl", "Samuel Okafor", "Ines Moreau", "Mei Tanaka", "Tomasz Wrona", "Jonas Lindqvist", "Amal Haddad", "Lucía Ferrer", "Øyvind Berg"];

    /// <summary>The sources by name, once they were read.</summary>
    public Dictionary<string, Guid> Sources { get; } = new(StringComparer.Ordinal);

    public async Task MoveInAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(product.Files, "example"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "identities.csv"), Identities(product.Now));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "credentials.csv"), Credentials(product.Now));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "people.csv"), People());
        var partly = Directory.CreateDirectory(Path.Combine(product.Files, "partly"));
        await File.WriteAllTextAsync(Path.Combine(partly.FullName, "vault.csv"), """
            id,kind,name,placeKind,place,createdAt
            approle-search,ServiceAccount,vault/approle/search-indexer,system,vault-prod,2023-05-04
            approle-bad,Servant,vault/approle/odd,system,vault-prod,2023-05-04
            approle-date,ServiceAccount,vault/approle/fleet,system,vault-prod,01/02/2026

            """);
        var repository = ExampleRepository.Make(product.Files);
        await CatalogueAsync();
        await ReadAsync("file", "Mainframe and cloud export", new() { ["from"] = "path", ["path"] = folder.FullName, ["system"] = "export" });
        await ReadAsync("file", "Vault prod", new() { ["from"] = "path", ["path"] = partly.FullName, ["system"] = "vault" });
        await ReadAsync("git", "ledger-core", new() { ["url"] = repository, ["repository"] = "acme/ledger-core" });
    }

    public Task<T> AskAsync<T>(Func<IServiceProvider, Task<Result<T>>> ask) => AskAsync(product, ask);

    public static async Task<T> AskAsync<T>(Product product, Func<IServiceProvider, Task<Result<T>>> ask)
    {
        await using var scope = product.Services.CreateSystemScope("test");
        var answer = await ask(scope.ServiceProvider);
        return answer.IsOk ? answer.Value : throw new InvalidOperationException(answer.Error.Message);
    }

    /// <summary>Adds a source and waits until its first run ended.</summary>
    public async Task<Guid> ReadAsync(string connector, string name, Dictionary<string, string> settings)
    {
        var made = await AskAsync(s => s.GetRequiredService<CreateSource>().RunAsync(new CreateSourceRequest(connector, name, settings)));
        Sources[name] = made.Id;
        await EndAsync(product, made.RunId!.Value);
        return made.Id;
    }

    /// <summary>Waits until a run ended: looks when the product signals a change of runs.</summary>
    public static async Task<RunDetail> EndAsync(Product product, Guid run)
    {
        using var changed = new SemaphoreSlim(0);
        using var heard = product.Services.GetRequiredService<ChangeFeed>().Listen(signal =>
        {
            if (signal.Topic == "poll-run")
            {
                changed.Release();
            }
        });
        while (true)
        {
            var seen = await AskAsync(product, s => s.GetRequiredService<GetRun>().RunAsync(new GetRunRequest(run)));
            if (seen.Run.State is not (PollState.Queued or PollState.Running))
            {
                return seen;
            }

            (await changed.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBeTrue($"run {run} is still {seen.Run.State}, and nothing was heard of it");
        }
    }

    private async Task CatalogueAsync()
    {
        await AskAsync(s => s.GetRequiredService<CreateProduct>().RunAsync(new CreateProductRequest("banking", "Banking core")));
        await AskAsync(s => s.GetRequiredService<CreateProduct>().RunAsync(new CreateProductRequest("shop", "Shop")));
        foreach (var (key, name, services) in s_teams)
        {
            await AskAsync(s => s.GetRequiredService<CreateTeam>().RunAsync(new CreateTeamRequest(key, name, $"#{key}-oncall")));
            foreach (var service in services)
            {
                var title = char.ToUpperInvariant(service[0]) + service[1..].Replace('-', ' ');
                await AskAsync(s => s.GetRequiredService<CreateService>().RunAsync(
                    new CreateServiceRequest(service, title, key, key is "ledger" or "payments" ? "banking" : key is "checkout" or "mobile" ? "shop" : null)));
                await AskAsync(s => s.GetRequiredService<SetServiceMapping>().RunAsync(
                    new SetServiceMappingRequest(service, [new RuleInput("repository", $"acme/{service}"), new RuleInput("namespace", $"prod-eu-1/{service}*")])));
            }
        }

        (string Key, string Name, EnvironmentKind Kind, EnvironmentTier Tier, string Pattern)[] environments =
        [
            ("production", "Production", EnvironmentKind.Production, EnvironmentTier.Tier1, "prod-*/**"), ("staging", "Staging", EnvironmentKind.Staging, EnvironmentTier.Tier2, "stage-*/**"),
            ("development", "Development", EnvironmentKind.Development, EnvironmentTier.Tier3, "dev-*/**"),
        ];
        foreach (var (key, name, kind, tier, pattern) in environments)
        {
            await AskAsync(s => s.GetRequiredService<CreateEnvironment>().RunAsync(new CreateEnvironmentRequest(key, name, kind, tier, DataClass.Confidential)));
            await AskAsync(s => s.GetRequiredService<SetEnvironmentMapping>().RunAsync(new SetEnvironmentMappingRequest(key, [new RuleInput("namespace", pattern)])));
        }
    }

    private static string Identities(DateTimeOffset now)
    {
        var text = new StringBuilder("id,kind,name,placeKind,place,createdAt,lastUsedAt,expiresAt,disabled,provider,grants,releaseGrants,privilegedGrants,url\n");
        var random = new Random(7);
        foreach (var service in s_teams.SelectMany(t => t.Services).Append("legacy-batch"))
        {
            for (var i = 0; i < 32; i++)
            {
                var (job, kind) = (s_jobs[random.Next(s_jobs.Length)], s_kinds[random.Next(s_kinds.Length)]);
                var inCluster = kind is "ServiceAccount" || random.Next(3) == 0;
                var stage = random.Next(5) switch { 0 => "stage-eu-1", 1 => "dev-1", _ => "prod-eu-1" };
                var used = random.Next(10) switch { 0 => "never", 1 => "", 2 => "unknown", var n => At(now.AddHours(-random.Next(1, n > 7 ? 9000 : 400))) };
                var ends = random.Next(10) switch { 0 => At(now.AddDays(-random.Next(2, 60))), 1 or 2 => At(now.AddDays(random.Next(2, 29))), 3 or 4 => At(now.AddDays(random.Next(60, 700))), 5 => "", _ => "never" };
                text.Append(CultureInfo.InvariantCulture, $"{service}-{i},{kind},{service}-{job}-{i + 1},{(inCluster ? "namespace" : "repository")},{(inCluster ? $"{stage}/{service}" : $"acme/{service}")},")
                    .Append(CultureInfo.InvariantCulture, $"{At(now.AddDays(-random.Next(30, 1500)))},{used},{ends},{(random.Next(14) == 0 ? "true" : "false")},{(kind is "ServicePrincipal" ? "entra" : inCluster ? "kubernetes" : "github")},")
                    .Append(CultureInfo.InvariantCulture, $"contents:read @ acme/{service},{(job is "release" or "deploy" or "publish" ? $"contents:write @ acme/{service}|packages:write @ acme/{service}" : "")},{(random.Next(20) == 0 ? "administration:write @ acme" : "")},\n");
            }
        }

        // The pipeline whose secret the repository's release workflow reads.
        text.Append(CultureInfo.InvariantCulture, $"pipeline-ledger,Pipeline,Actions of acme/ledger-core,repository,acme/ledger-core,{At(now.AddDays(-400))},,never,false,github,contents:read @ acme/ledger-core,,,\n");
        return text.ToString();
    }

    private static string Credentials(DateTimeOffset now)
    {
        var text = new StringBuilder("id,identity,kind,name,keyIds,createdAt,lastUsedAt,expiresAt,rotatedAt,disabled\n");
        var random = new Random(11);
        string[] kinds = ["AccessKey", "ClientSecret", "Certificate", "FineGrainedToken", "SshKey", "SigningKey"];
        foreach (var service in s_teams.SelectMany(t => t.Services).Append("legacy-batch"))
        {
            for (var i = 0; i < 32; i++)
            {
                for (var c = 0; c < 1 + random.Next(2); c++)
                {
                    var ends = random.Next(6) switch { 0 => At(now.AddDays(-random.Next(2, 60))), 1 => At(now.AddDays(random.Next(2, 29))), 2 => At(now.AddDays(random.Next(60, 700))), 3 => "", _ => "never" };
                    text.Append(CultureInfo.InvariantCulture, $"{service}-{i}-{c},{service}-{i},{kinds[random.Next(kinds.Length)]},{service}-{(c == 0 ? "key" : "spare")}-{i + 1},sha256:{random.NextInt64():x16}{random.NextInt64():x16},")
                        .Append(CultureInfo.InvariantCulture, $"{At(now.AddDays(-random.Next(30, 900)))},{(random.Next(4) == 0 ? "never" : At(now.AddHours(-random.Next(1, 900))))},{ends},{At(now.AddDays(-random.Next(3, 400)))},false\n");
                }
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"npm-ledger,pipeline-ledger,CiSecret,NPM_TOKEN,,{At(now.AddDays(-300))},,,,false\n");
        return text.ToString();
    }

    private static string People() => s_people.Aggregate(new StringBuilder("id,login,name,email,status,department\n"), (text, name) =>
    {
        var login = string.Concat(name.Where(char.IsAsciiLetter)).ToLowerInvariant();
        return text.Append(CultureInfo.InvariantCulture, $"{login},{login},{name},{login}@example.org,active,Engineering\n");
    }).ToString();

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
