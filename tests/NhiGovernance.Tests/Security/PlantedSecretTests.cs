using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NhiGovernance.Access;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Access;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;
using NhiGovernance.Tests.Sources.Connectors.Git;
using NhiGovernance.Tests.Sources.Connectors.GitHub;

namespace NhiGovernance.Tests.Security;

/// <summary>A planted secret is found in no log line, table, export or page: secrets go in at every door, then everything is searched.</summary>
public sealed class PlantedSecretTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Witness = "Witness of the search";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secret_PlantedAtEveryDoor_IsFoundNowhere()
    {
        var planted = new Planted();
        using var log = new RecordingLog();
        using var sandbox = new GitSandbox();
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(2, 3), TimeProvider.System);
        var host = new Uri(github.Address).Authority;
        var settings = new Dictionary<string, string?>(WebAccess.Settings)
        {
            ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft"] = "Trace", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
            [$"Logging:{typeof(RecordingLog).FullName}:LogLevel:Default"] = "Trace", ["Logging:Console:LogLevel:Default"] = "None",
            ["Sources:AllowPrivateHosts"] = host, ["Sources:AllowHttpHosts"] = host, ["Sources:GitLocalRoots"] = sandbox.Root,
        };
        await using var app = await TestApplication.StartAsync(database, builder => builder.Logging.AddProvider(log), settings: settings);
        using var browser = new Browser(app.Address);
        var session = await SignInAsync(app, browser, planted);
        var api = await TokenAsync(app, planted);
        await GitHubAsync(app, api, github, planted);
        await GitAsync(app, api, sandbox, planted);
        await DocumentsAsync(app, api, planted);

        var everywhere = new Everywhere(database, app, planted);
        await everywhere.AnswersAsync(browser, session);
        await everywhere.TablesAsync();
        foreach (var line in log.Lines)
        {
            planted.Search("log", line.Split('\n')[0][..Math.Min(80, line.Split('\n')[0].Length)], line);
        }

        string.Join("\n", planted.Found).ShouldBeEmpty();

        // The search itself: it went everywhere, and finds what is there.
        planted.Searched["log"].ShouldBeGreaterThan(1000);
        planted.Searched["table"].ShouldBeGreaterThan(1000);
        planted.Searched["answer"].ShouldBeGreaterThan(50);
        planted.Searched["page"].ShouldBeGreaterThan(20);
        var check = new Planted();
        check.Add("witness", Witness);
        var again = new Everywhere(database, app, check);
        await again.TablesAsync();
        await again.AnswersAsync(browser, session);
        check.Found.Select(f => f.Split(' ')[2]).Distinct().Order(StringComparer.Ordinal).ShouldBe(["answer", "page", "table"]);
    }

    /// <summary>By a one-time link; then the password is mistyped, typed into the wrong field, and changed.</summary>
    private static async Task<SignedIn> SignInAsync(TestApplication app, Browser browser, Planted planted)
    {
        var link = await app.RunAsync<CreateAdminLink, OneTimeLink>(c => c.RunAsync(new CreateAdminLinkRequest()));
        planted.Add("one-time link", AccessSamples.SecretOf(link));
        var first = planted.Add("password", "first Qx7-harbour & quay");
        var second = planted.Add("new password", "second Zk4+lantern \"hill\"");
        (await browser.PostAsync(link.Path, ("name", "Ada"), ("email", "ada@acme.test"), ("password", first))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await browser.PostAsync("/account/password", ("current", first), ("new", second))).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var other = new Browser(app.Address);
        await other.SignInAsync("ada@acme.test", planted.Add("mistyped password", "third Wv9=mistyped phrase"));
        await other.SignInAsync(second, "ada@acme.test");
        (await other.SignInAsync("ada@acme.test", second)).StatusCode.ShouldBe(HttpStatusCode.Found);
        return (await app.RunAsync<SignIn, SignInResult>(c => c.RunAsync(new SignInRequest("ada@acme.test", second)))).Session!;
    }

    private static async Task<HttpClient> TokenAsync(TestApplication app, Planted planted)
    {
        var token = await app.TokenAsync([.. TokenScopes.Known]);
        planted.Add("API token", token.Text);
        planted.Add("API token's secret", token.Text.Split('_')[^1]);
        var client = new HttpClient { BaseAddress = app.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text[..^1] + "x");
        (await client.GetAsync("/api/v1/sources", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        return client;
    }

    /// <summary>Credential and webhook secret; a vendor that says tokens in bodies, headers, addresses and errors.</summary>
    private static async Task GitHubAsync(TestApplication app, HttpClient api, ScriptedGitHub github, Planted planted)
    {
        var own = planted.Add("source credential", "opaque-credential-Jm3vR8tYw2Lp6");
        var hook = planted.Add("webhook secret", "hook-secret-Tb5nQ1xZc9Fs4");
        var vendor = planted.Add("vendor's answer", "vendor-said-Hd7kU2mGe5Vy8");
        planted.Add("vendor's body", ScriptedOrganization.Canary);
        github.Accepts = token => token == own;
        github.ExtraHeaders = new Dictionary<string, string> { ["X-Debug-Token"] = vendor, ["Set-Cookie"] = $"session={vendor}", ["ETag"] = $"\"{own}\"" };
        github.Denied["repo-0/dependabot/secrets"] = $"dependabot_secrets=read; {own}";
        github.Organization.AddDeployKey("repo-0", planted.Add("token as a key's title", "ghp_TITLEtitleTITLEtitleTITLEtitleTIT0"));
        github.Organization.AddDeployKey("repo-1", own);
        github.Organization.AddDeployKey("repo-0", $"signs in with {own}");
        github.Organization.AddDeployKey("repo-0", planted.Add("another vendor's token as a key's title", "glpat-TITLEtitle0TITLEtitle1"));
        github.Extra = async http =>
        {
            var path = http.Request.Path.Value!;
            if (path.EndsWith("repo-1/keys", StringComparison.Ordinal))
            {
                await ScriptedGitHub.WriteAsync(http, 422, $$"""{"message":"Bad token {{vendor}} or {{own}}","documentation_url":"https://x.test/?token={{vendor}}"}""");
                return true;
            }

            if (path.EndsWith("repo-1/hooks", StringComparison.Ordinal))
            {
                http.Response.StatusCode = 302;
                http.Response.Headers.Location = $"https://elsewhere.test/?access_token={own}&other={vendor}";
                return true;
            }

            return false;
        };
        var form = new Dictionary<string, string> { ["address"] = github.Address, ["organization"] = ScriptedOrganization.Login, ["auth"] = "token" };
        var secrets = new Dictionary<string, string> { ["token"] = own, ["webhookSecret"] = hook };
        await AnswerAsync(planted, api.PostAsJsonAsync("/api/v1/sources/test", new { connector = "github", settings = form, secrets }, Cancel), HttpStatusCode.OK);
        await AnswerAsync(planted, api.PostAsJsonAsync("/api/v1/sources",
            new { connector = "github", name = "Wrong", settings = new Dictionary<string, string>(form) { ["token"] = own } }, Cancel), HttpStatusCode.BadRequest);
        var id = await CreateAsync(planted, api, new { connector = "github", name = Witness, settings = form, secrets, pollNow = false });
        await AnswerAsync(planted, api.PutAsJsonAsync($"/api/v1/sources/{id}/secrets/token", new { value = own }, Cancel), HttpStatusCode.NoContent);
        await PollAsync(app, planted, api, id);

        var body = Encoding.UTF8.GetBytes($$"""{"token":"{{vendor}}"}""");
        foreach (var signature in new[] { hook, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(hook), body)) })
        {
            using var delivery = new HttpRequestMessage(HttpMethod.Post, $"/hooks/github/{id}") { Content = new ByteArrayContent(body) };
            delivery.Headers.Add("X-Hub-Signature-256", signature);
            delivery.Headers.Add("X-GitHub-Delivery", id.ToString());
            delivery.Headers.Add("X-GitHub-Event", "push");
            await AnswerAsync(planted, app.Client.SendAsync(delivery, Cancel), signature == hook ? HttpStatusCode.Unauthorized : HttpStatusCode.Accepted);
        }
    }

    private static async Task GitAsync(TestApplication app, HttpClient api, GitSandbox sandbox, Planted planted)
    {
        var password = planted.Add("password in a Git address", "git-url-Pn6wE3jXa9Rk1");
        await AnswerAsync(planted, api.PostAsJsonAsync("/api/v1/sources",
            new { connector = "git", name = "Address", settings = new { url = $"https://robot:{password}@git.example.com/acme/ledger.git" } }, Cancel), HttpStatusCode.BadRequest);
        await AnswerAsync(planted, api.PostAsJsonAsync("/api/v1/sources/test",
            new { connector = "git", settings = new { url = $"https://robot:{password}@git.example.com/acme/ledger.git" } }, Cancel), null);
        var key = planted.Add("literal key in a workflow", "AKIAWORKFLOWLITERAL7");
        sandbox.Write(".github/workflows/release.yml",
            $"on: push\nenv:\n  AWS_ACCESS_KEY_ID: {key}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: acme/deploy@v1\n        with:\n          token: {key}\n      - run: curl https://x:{key}@host/ && npm publish --token={key}\n");
        sandbox.Commit($"use {key}");
        sandbox.Publish();
        var id = await CreateAsync(planted, api, new { connector = "git", name = Witness + " in Git", settings = new { url = sandbox.Repository }, pollNow = false });
        await PollAsync(app, planted, api, id);
    }

    /// <summary>Tables with a secret where none belongs: an odd column, a note, a name.</summary>
    private static async Task DocumentsAsync(TestApplication app, HttpClient api, Planted planted)
    {
        var column = planted.Add("column called token", "csv-token-Lc8dM4bSq7Ty2");
        var note = planted.Add("note of a row", "ghp_NOTEnoteNOTEnoteNOTEnoteNOTEnote00");
        var odd = planted.Add("column that nobody knows", "csv-odd-Bf1hK5vNx3Wz6");
        var id = await CreateAsync(planted, api, new { connector = "file", name = Witness + " in files", settings = new { from = "upload" }, pollNow = false });
        foreach (var (name, text) in new[]
        {
            ("identities.csv", $"id,kind,name,token\n1,ServiceAccount,one,{column}\n"),
            ("noted.csv", $"id,kind,name,notes,colour\n2,ServiceAccount,two,{note},{odd}\n3,ServiceAccount,{note},,\n{note},Wrong,four,,\n5,ServiceAccount,{Witness},,\n"),
            ("broken.json", $$"""{"format":"nhi-inventory/1","identities":[{"id":"6","kind":"ServiceAccount","name":"six","password":"{{column}}"},{"id":"{{note}}" """),
        })
        {
            await AnswerAsync(planted, api.PutAsync($"/api/v1/sources/{id}/documents/{name}", new StringContent(text), Cancel), HttpStatusCode.Created);
        }

        await PollAsync(app, planted, api, id);
        var folder = Directory.CreateTempSubdirectory("nhi-planted-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "tokens.csv"), $"id,kind,name,token\n1,ServiceAccount,one,{column}\n", Cancel);
        await app.RunAsync<ImportFile, ImportResult>(async i =>
        {
            var result = await i.RunAsync(new ImportFileRequest(folder, line => planted.Search("answer", "import", line)), Cancel);
            planted.Search("answer", "import", JsonSerializer.Serialize(result.Value));
            return result;
        });
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Guid> CreateAsync(Planted planted, HttpClient api, object source)
    {
        var text = await AnswerAsync(planted, api.PostAsJsonAsync("/api/v1/sources", source, Cancel), HttpStatusCode.Created);
        return JsonDocument.Parse(text).RootElement.GetProperty("id").GetGuid();
    }

    private static async Task PollAsync(TestApplication app, Planted planted, HttpClient api, Guid source)
    {
        var text = await AnswerAsync(planted, api.PostAsync($"/api/v1/sources/{source}/poll", null, Cancel), HttpStatusCode.Accepted);
        await app.Services.GetRequiredService<PollSource>().RunAsync(JsonDocument.Parse(text).RootElement.GetProperty("runId").GetGuid(), Cancel);
    }

    private static async Task<string> AnswerAsync(Planted planted, Task<HttpResponseMessage> sent, HttpStatusCode? expected)
    {
        using var answer = await sent;
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        planted.Search("answer", string.Create(CultureInfo.InvariantCulture, $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.AbsolutePath}"), answer.Headers + text);
        if (expected is { } status)
        {
            answer.StatusCode.ShouldBe(status, text);
        }

        return text;
    }
}
