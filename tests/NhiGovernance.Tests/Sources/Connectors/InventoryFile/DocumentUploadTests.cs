using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Audit;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Access;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.InventoryFile;

public sealed class DocumentUploadTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Csv = "id,kind,name\n1,ServiceAccount,one\n";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_BeyondTheServersOwnLimit_IsTakenUpToTheSettings()
    {
        await using var app = await WebAccess.StartAsync(database, ("Sources:FileMaxMegabytes", "33"));
        using var api = Client(app, (await app.TokenAsync("sources:write", "sources:read")).Text);
        var id = await AddAsync(api);

        using var taken = await api.PutAsync($"/api/v1/sources/{id}/documents/big.csv", new ByteArrayContent(new byte[32 * 1024 * 1024]), Cancel);
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var chunked in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/sources/{id}/documents/huge.csv") { Content = new ByteArrayContent(new byte[34 * 1024 * 1024]) };
            request.Headers.TransferEncodingChunked = chunked;
            using var refused = await api.SendAsync(request, Cancel);
            refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            (await refused.Content.ReadAsStringAsync(Cancel)).ShouldContain("33 MB");
        }

        (await api.GetStringAsync($"/api/v1/sources/{id}/documents", Cancel)).ShouldNotContain("huge");
        Directory.GetFiles(Folder(app, id)).Select(Path.GetFileName).ShouldBe(["big.csv"]);
    }

    [Fact]
    public async Task Documents_ByRole_AreReadByReadersAndStoredByEngineers()
    {
        await using var app = await WebAccess.StartAsync(database);
        using var api = Client(app, (await app.TokenAsync("sources:write")).Text);
        var id = await AddAsync(api);
        foreach (var role in new[] { Role.Executive, Role.Owner, Role.Approver, Role.Engineer, Role.Auditor, Role.Admin })
        {
            await app.AccountAsync($"{role}@acme.test", role);
            using var browser = new Browser(app.Address);
            await browser.SignInAsync($"{role}@acme.test");
            (await StatusAsync(browser.SendAsync(Put(app, id)))).ShouldBe((Permission.ManageSources.Roles & role) != 0 ? HttpStatusCode.OK : HttpStatusCode.Forbidden, role.ToString());
            (await StatusAsync(browser.GetAsync($"/api/v1/sources/{id}/documents")))
                .ShouldBe((Permission.ReadSources.Roles & role) != 0 ? HttpStatusCode.OK : HttpStatusCode.Forbidden, role.ToString());
        }

        using var reader = Client(app, (await app.TokenAsync("sources:read")).Text);
        (await StatusAsync(reader.GetAsync($"/api/v1/sources/{id}/documents", Cancel))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(reader.SendAsync(Put(app, id), Cancel))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(api.SendAsync(Put(app, id), Cancel))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(app.Client.SendAsync(Put(app, id), Cancel))).ShouldBe(HttpStatusCode.Unauthorized);
        Directory.GetFiles(Folder(app, id)).Select(Path.GetFileName).ShouldBe(["people.csv"]);
    }

    [Fact]
    public async Task Crash_BeforeOrAfterTheCommit_NeverLeavesAnUnauditedDocument()
    {
        await using var app = await WebAccess.StartAsync(database);
        using var api = Client(app, (await app.TokenAsync("sources:write")).Text);
        var id = await AddAsync(api);
        var folder = Folder(app, id);

        // Killed before the commit: the file lies there, and no run reads it.
        await DocumentFolder.StageAsync(folder, "lost.csv", Guid.CreateVersion7(), Content(), 1000, Cancel);

        // Killed after the commit, before the move: the run moves it, once.
        var file = (await DocumentFolder.StageAsync(folder, "kept.csv", Guid.CreateVersion7(), Content(), 1000, Cancel))!.Value;
        var kept = await app.RunAsync<KeepInventoryDocument, DocumentStored>(k => k.RunAsync(new KeepInventoryDocumentRequest(id, "kept.csv", file.Staged, file.Bytes)));
        File.Exists(Path.Combine(folder, "kept.csv")).ShouldBeFalse();
        await app.Services.GetRequiredService<PollSource>().RunAsync(kept.RunId, Cancel);

        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<PollRun>().SingleAsync(r => r.Id == kept.RunId, Cancel)).State.ShouldBe(PollState.Complete);
        Directory.GetFiles(folder).Select(f => Path.GetFileName(f)!).Where(f => f[0] != '.').ShouldBe(["kept.csv"]);
        (await db.Set<SourceScope>().Where(s => s.SourceId == id && s.Kind == "file").Select(s => s.Place).ToListAsync(Cancel)).ShouldBe(["kept.csv"]);
        (await db.Set<AuditEntry>().CountAsync(e => e.Action == "source.document-store" && e.TargetId == id.ToString(), Cancel)).ShouldBe(1);
    }

    private static MemoryStream Content() => new(System.Text.Encoding.UTF8.GetBytes(Csv));

    private static string Folder(TestApplication app, Guid id) => DocumentFolder.Of(app.Services.GetRequiredService<PollOptions>(), id)!;

    private static HttpRequestMessage Put(TestApplication app, Guid id) => new(HttpMethod.Put, $"/api/v1/sources/{id}/documents/people.csv")
    {
        Content = new StringContent(Csv), Headers = { { "Origin", app.Address.GetLeftPart(UriPartial.Authority) } },
    };

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        return answer.StatusCode;
    }

    private static HttpClient Client(TestApplication app, string token)
    {
        var client = new HttpClient { BaseAddress = app.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<Guid> AddAsync(HttpClient api)
    {
        using var made = await api.PostAsJsonAsync("/api/v1/sources",
            new { connector = "file", name = $"Files {Guid.CreateVersion7()}", settings = new { from = "upload" }, pollNow = false }, Cancel);
        return JsonDocument.Parse(await made.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("id").GetGuid();
    }
}
