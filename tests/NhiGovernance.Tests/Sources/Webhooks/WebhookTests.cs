using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Sources;

namespace NhiGovernance.Tests.Sources.Webhooks;

/// <summary>GitHub's own payloads, signed as GitHub signs them, over HTTP.</summary>
public sealed class WebhookTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Secret = "It's a Secret to Everybody";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signature_OfTheDocumentedExample_Matches()
    {
        // docs.github.com, "Validating webhook deliveries": secret, payload and signature to test with.
        await using var app = await StartAsync();
        var source = await AddAsync(app);
        (await PostAsync(app, source, "Hello, World!"u8.ToArray(), "push",
            signature: "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")).ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Post_EveryExamplePayload_QueuesOneRunForAll()
    {
        var folder = Repository.Document("github/webhooks");
        await using var app = await StartAsync();
        var source = await AddAsync(app);
        var sent = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file, Cancel));
            foreach (var example in document.RootElement.GetProperty("examples").EnumerateArray())
            {
                (await PostAsync(app, source, Encoding.UTF8.GetBytes(example.GetRawText()), Path.GetFileNameWithoutExtension(file)))
                    .ShouldBe(HttpStatusCode.Accepted, file);
                sent.Add(Sign(Encoding.UTF8.GetBytes(example.GetRawText())));
            }
        }

        sent.Count.ShouldBeGreaterThanOrEqualTo(10);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<WebhookDelivery>().CountAsync(d => d.SourceId == source, Cancel)).ShouldBe(sent.Distinct().Count());
        var run = await db.Set<PollRun>().SingleAsync(r => r.SourceId == source, Cancel);
        (run.State, run.Trigger, run.NotBefore > run.QueuedAt).ShouldBe((PollState.Queued, PollTrigger.Webhook, true));
    }

    [Fact]
    public async Task Post_SameDeliveryTenTimesAtOnce_HasOneEffect()
    {
        await using var app = await StartAsync();
        var source = await AddAsync(app);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync(app, source, "{}"u8.ToArray(), "deploy_key", delivery: "one")));
        answers.ShouldAllBe(a => a == HttpStatusCode.Accepted);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<WebhookDelivery>().CountAsync(d => d.SourceId == source, Cancel)).ShouldBe(1);
        (await db.Set<PollRun>().CountAsync(r => r.SourceId == source, Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Post_Ping_IsTakenAndQueuesNothing()
    {
        await using var app = await StartAsync();
        var source = await AddAsync(app);
        (await PostAsync(app, source, "{}"u8.ToArray(), "ping")).ShouldBe(HttpStatusCode.Accepted);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<PollRun>().CountAsync(r => r.SourceId == source, Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task Post_UnknownEvent_IsTakenAndSaysWhyNothingIsRead()
    {
        await using var app = await StartAsync();
        var source = await AddAsync(app);
        var body = "{}"u8.ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, WebhookEndpoints.PathOf(source)) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", Sign(body));
        request.Headers.TryAddWithoutValidation("X-GitHub-Delivery", Guid.CreateVersion7().ToString());
        request.Headers.TryAddWithoutValidation("X-GitHub-Event", "sponsorship");
        using var response = await app.Client.SendAsync(request, Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe("""{"effect":"nothing that this product reads changes by the event sponsorship"}""");
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<PollRun>().CountAsync(r => r.SourceId == source, Cancel)).ShouldBe(0);
        (await db.Set<WebhookDelivery>().SingleAsync(d => d.SourceId == source, Cancel)).Event.ShouldBe("sponsorship");
    }

    [Fact]
    public async Task Post_WrongInAnyWay_AnswersAlikeAndDoesNothing()
    {
        await using var app = await StartAsync();
        var source = await AddAsync(app);
        var bare = await AddAsync(app, withSecret: false);
        var body = "{\"zen\":1}"u8.ToArray();
        HttpStatusCode[] answers =
        [
            await PostAsync(app, Guid.CreateVersion7(), body, "push"),
            await PostAsync(app, bare, body, "push"),
            await PostAsync(app, source, body, "push", signature: Sign("{\"zen\":2}"u8.ToArray())),
            await PostAsync(app, source, body, "push", signature: string.Empty),
            await PostAsync(app, source, body, "push", signature: "sha1=0000"),
            await PostAsync(app, source, body, "push", signature: "sha256=" + new string('g', 64)),
            await PostAsync(app, source, body, "push", signature: Sign(body).ToUpperInvariant()),
            await PostAsync(app, source, body, "push", delivery: "a b"),
            await PostAsync(app, source, body, "../etc"),
        ];
        answers.ShouldAllBe(a => a == HttpStatusCode.Unauthorized);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<WebhookDelivery>().CountAsync(d => d.SourceId == source || d.SourceId == bare, Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task Post_RecordedDeliveryUnderFreshIds_QueuesAtMostOnePollInTenMinutes()
    {
        await using var app = await StartAsync();
        var source = await AddAsync(app);
        var recorded = "{\"action\":\"added\"}"u8.ToArray();
        (await PostAsync(app, source, recorded, "member")).ShouldBe(HttpStatusCode.Accepted);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var first = await db.Set<PollRun>().SingleAsync(r => r.SourceId == source, Cancel);
        await EndAsync(db, first.Id);

        for (var i = 0; i < 5; i++)
        {
            (await PostAsync(app, source, recorded, i % 2 == 0 ? "member" : "deploy_key")).ShouldBe(HttpStatusCode.Accepted);
        }

        var replayed = await db.Set<PollRun>().AsNoTracking().SingleAsync(r => r.SourceId == source && r.State == PollState.Queued, Cancel);
        (replayed.NotBefore!.Value - first.StartedAt).ShouldBeGreaterThan(TimeSpan.FromMinutes(9));
        (await db.Set<WebhookDelivery>().CountAsync(d => d.SourceId == source, Cancel)).ShouldBe(1);

        // A real event is not held back by them.
        (await PostAsync(app, source, "{\"action\":\"removed\"}"u8.ToArray(), "member")).ShouldBe(HttpStatusCode.Accepted);
        var soon = await db.Set<PollRun>().AsNoTracking().SingleAsync(r => r.SourceId == source && r.State == PollState.Queued, Cancel);
        soon.Id.ShouldBe(replayed.Id);
        (soon.NotBefore!.Value - first.StartedAt).ShouldBeLessThan(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Post_OneSourceSpelledInManyWays_HasOneLimit()
    {
        await using var app = await StartAsync(new Dictionary<string, string?> { ["Sources:WebhooksPerMinute"] = "6" });
        var source = await AddAsync(app);
        string[] spellings = [source.ToString("D"), source.ToString("N"), source.ToString("B"), source.ToString("D").ToUpperInvariant()];
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
        {
            using var response = await app.Client.PostAsync($"/hooks/github/{spellings[i % 4]}", new ByteArrayContent([]), Cancel);
            answers.Add(response.StatusCode);
        }

        answers.Count(a => a == HttpStatusCode.TooManyRequests).ShouldBe(2);
    }

    [Fact]
    public async Task Post_MoreThanTheLimit_IsTurnedAway()
    {
        await using var app = await StartAsync(new Dictionary<string, string?> { ["Sources:WebhooksPerMinute"] = "6" });
        var source = await AddAsync(app);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
        {
            answers.Add(await PostAsync(app, source, "{}"u8.ToArray(), "push"));
        }

        answers.Count(a => a == HttpStatusCode.TooManyRequests).ShouldBe(2);
    }

    private static Task EndAsync(GovernanceDb db, Guid run) => db.Set<PollRun>().Where(r => r.Id == run)
        .ExecuteUpdateAsync(r => r.SetProperty(x => x.State, PollState.Complete).SetProperty(x => x.EndedAt, x => x.StartedAt), Cancel);

    private Task<TestApplication> StartAsync(IReadOnlyDictionary<string, string?>? settings = null) => TestApplication.StartAsync(
        database, builder => builder.Services.TryAddSingleton<IObservationSink, CountingSink>(), settings: settings);

    private async Task<Guid> AddAsync(TestApplication app, bool withSecret = true)
    {
        var id = Guid.CreateVersion7();
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        db.Add(new Source
        {
            Id = id,
            ConnectorKey = "github",
            Name = $"GitHub {id}",
            Settings = "{}",
            Host = "api.github.com",
            CreatedAt = TimeProvider.System.GetUtcNow(),
        });
        if (withSecret)
        {
            var bytes = Encoding.UTF8.GetBytes(Secret);
            db.Add(new SourceSecret
            {
                Id = Guid.CreateVersion7(),
                SourceId = id,
                Key = "webhookSecret",
                Host = "api.github.com",
                Sealed = await app.Services.GetRequiredService<ISealer>().SealAsync(bytes, new SealedPlace(id, "webhookSecret", "api.github.com"), Cancel),
                Fingerprint = new byte[32],
                SetAt = TimeProvider.System.GetUtcNow(),
            });
        }

        await db.SaveChangesAsync(Cancel);
        return id;
    }

    private static async Task<HttpStatusCode> PostAsync(
        TestApplication app, Guid source, byte[] body, string eventName, string? signature = null, string? delivery = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, WebhookEndpoints.PathOf(source)) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature ?? Sign(body));
        request.Headers.TryAddWithoutValidation("X-GitHub-Delivery", delivery ?? Guid.CreateVersion7().ToString());
        request.Headers.TryAddWithoutValidation("X-GitHub-Event", eventName);
        using var response = await app.Client.SendAsync(request, Cancel);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldNotContain(Secret);
        return response.StatusCode;
    }

    private static string Sign(byte[] body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));
}
