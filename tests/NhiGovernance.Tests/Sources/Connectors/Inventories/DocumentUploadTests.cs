using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Audit;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Jobs;
using NhiGovernance.Sources.Documents;
using NhiGovernance.Tests.Access;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

public sealed class DocumentUploadTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Csv = "id,kind,name\n1,ServiceAccount,one\n";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_BeyondTheServersOwnLimit_IsTakenUpToTheSettings()
    {
        await using var app = await WebAccess.StartAsync(database, ("Sources:FileMaxMegabytes", "33"), Keys);
        using var api = Client(app, (await app.TokenAsync("sources:write", "sources:read")).Text);
        var id = await AddAsync(api);

        using var taken = await api.PutAsync($"/api/v1/sources/{id}/documents/big.csv", new ByteArrayContent(new byte[32 * 1024 * 1024]), Cancel);
        taken.StatusCode.ShouldBe(HttpStatusCode.Created);
        taken.Headers.Location!.ToString().ShouldBe($"/api/v1/sources/{id}/documents");
        using var again = await api.PutAsync($"/api/v1/sources/{id}/documents/big.csv", new ByteArrayContent(new byte[1024]), Cancel);
        again.StatusCode.ShouldBe(HttpStatusCode.OK, "it replaced the one of its name");
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
        (await NamesAsync(id)).ShouldBe(["big.csv"]);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<StoredDocumentChunk>().CountAsync(c => !db.Set<StoredDocument>().Any(d => d.Id == c.DocumentId), Cancel)).ShouldBe(0, "what was too large is let go");
    }

    [Fact]
    public async Task Documents_ByRole_AreReadByReadersAndStoredByEngineers()
    {
        await using var app = await WebAccess.StartAsync(database, Keys);
        using var api = Client(app, (await app.TokenAsync("sources:write")).Text);
        var id = await AddAsync(api);
        foreach (var role in new[] { Role.Executive, Role.Owner, Role.Approver, Role.Engineer, Role.Auditor, Role.Admin })
        {
            await app.AccountAsync($"{role}@acme.test", role);
            using var browser = new Browser(app.Address);
            await browser.SignInAsync($"{role}@acme.test");
            ((await StatusAsync(browser.SendAsync(Put(app, id)))) is HttpStatusCode.OK or HttpStatusCode.Created).ShouldBe((Permission.ManageSources.Roles & role) != 0, role.ToString());
            (await StatusAsync(browser.GetAsync($"/api/v1/sources/{id}/documents")))
                .ShouldBe((Permission.ReadSources.Roles & role) != 0 ? HttpStatusCode.OK : HttpStatusCode.Forbidden, role.ToString());
        }

        using var reader = Client(app, (await app.TokenAsync("sources:read")).Text);
        (await StatusAsync(reader.GetAsync($"/api/v1/sources/{id}/documents", Cancel))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(reader.SendAsync(Put(app, id), Cancel))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(api.SendAsync(Put(app, id), Cancel))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(app.Client.SendAsync(Put(app, id), Cancel))).ShouldBe(HttpStatusCode.Unauthorized);
        (await NamesAsync(id)).ShouldBe(["people.csv"]);
    }

    [Fact]
    public async Task Crash_BeforeTheCommit_LeavesOnlyBytesThatAJobRemoves()
    {
        await using var app = await WebAccess.StartAsync(database, Keys);
        using var api = Client(app, (await app.TokenAsync("sources:write")).Text);
        var id = await AddAsync(api);
        var lost = (await app.Services.GetRequiredService<DocumentStore>().StageAsync("lost.csv", Content(), 1000, Cancel))!;

        (await NamesAsync(id)).ShouldBeEmpty();
        await using var db = database.OpenAsOwner();
        await db.Set<StoredDocumentChunk>().Where(c => c.DocumentId == lost.Id)
            .ExecuteUpdateAsync(c => c.SetProperty(x => x.StoredAt, x => x.StoredAt.AddDays(-2)), Cancel);
        await app.Services.GetRequiredService<JobCatalogue>().Find("remove-old-documents")!.RunAsync(new JobContext(TimeProvider.System.GetUtcNow(), _ => { }), Cancel);

        (await db.Set<StoredDocumentChunk>().CountAsync(c => c.DocumentId == lost.Id, Cancel)).ShouldBe(0);
        (await db.Set<AuditEntry>().CountAsync(e => e.Action == "source.document-store" && e.TargetId == id.ToString(), Cancel)).ShouldBe(0);
    }

    private (string Key, string Value) Keys => ("Keys:Folder", SourceWorld.KeysOf(database));

    private static MemoryStream Content() => new(System.Text.Encoding.UTF8.GetBytes(Csv));

    private async Task<List<string>> NamesAsync(Guid id)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<StoredDocument>().Where(d => d.SourceId == id && d.ReplacedAt == null).Select(d => d.Name).ToListAsync(Cancel);
    }

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
