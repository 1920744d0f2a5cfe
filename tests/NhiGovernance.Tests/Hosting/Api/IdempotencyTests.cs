using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Audit;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.Idempotency;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Jobs;
using NhiGovernance.Tests.Access;

namespace NhiGovernance.Tests.Hosting.Api;

/// <summary>Idempotency-Key over HTTP, on real rows.</summary>
public sealed class IdempotencyTests(WebFixture web) : IClassFixture<WebFixture>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static int _unique;

    [Fact]
    public async Task Post_SameKeyAndBodyTwice_GivesTheFirstAnswerAndHasOneEffect()
    {
        var token = await TokenAsync();
        var body = Person();

        var first = await SendAsync(token, "k-1", "/api/v1/people", body);
        var again = await SendAsync(token, "k-1", "/api/v1/people", body);

        (first.Status, again.Status).ShouldBe((HttpStatusCode.Created, HttpStatusCode.Created), first.Body);
        again.Body.ShouldBe(first.Body);
        again.Location.ShouldBe(first.Location);
        (first.Replayed, again.Replayed).ShouldBe((false, true));
        (await CountAsync(body)).ShouldBe(1);
    }

    [Fact]
    public async Task Post_SameKeyAnotherBody_Is422AndHasNoEffect()
    {
        var token = await TokenAsync();
        (await SendAsync(token, "k-1", "/api/v1/people", Person())).Status.ShouldBe(HttpStatusCode.Created);
        var other = Person();

        var refused = await SendAsync(token, "k-1", "/api/v1/people", other);

        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.ContentType.ShouldBe("application/problem+json");
        (await CountAsync(other)).ShouldBe(0);
        (await SendAsync(token, "k-1", "/api/v1/teams", other)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Post_SameKeyOfAnotherCaller_IsAnotherRequest()
    {
        var body = Person();
        (await SendAsync(await TokenAsync(), "shared", "/api/v1/people", body)).Status.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(await TokenAsync(), "shared", "/api/v1/people", body)).Status.ShouldNotBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Post_TwentyAtOnceWithOneKey_HaveOneEffectAndOneAnswer()
    {
        var token = await TokenAsync();
        var body = Person();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(token, "burst", "/api/v1/people", body)));

        answers.ShouldAllBe(a => a.Status == HttpStatusCode.Created || a.Status == HttpStatusCode.Conflict);
        answers.Where(a => a.Status == HttpStatusCode.Created).Select(a => a.Body).Distinct().Count().ShouldBe(1);
        (await CountAsync(body)).ShouldBe(1);
        (await SendAsync(token, "burst", "/api/v1/people", body)).Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task Post_Refused_FreesTheKey()
    {
        var token = await TokenAsync();
        var bad = JsonSerializer.Serialize(new { name = "", email = "nobody" });
        (await SendAsync(token, "again", "/api/v1/people", bad)).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await SendAsync(token, "again", "/api/v1/people", Person())).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    public async Task Post_KeyThatIsNone_Is400AndNamesIt(string key)
    {
        var answer = await SendAsync(await TokenAsync(), key, "/api/v1/people", Person());
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Body.ShouldContain("Idempotency-Key");
    }

    [Fact]
    public async Task Post_FirstOneStillRunning_Is409_AndAfterItsLeaseIsTakenOver()
    {
        var (token, body) = (await TokenAsync(), Person());
        var digest = IdempotentRequests.DigestOf($"Token:{token.Id:N}", "stuck");
        var requests = web.App.Services.GetRequiredService<IdempotentRequests>();
        var dead = (await requests.ClaimAsync(digest, Cancel)).ShouldBeOfType<IdempotencyClaim.First>().Ticket;

        (await SendAsync(token, "stuck", "/api/v1/people", body)).Status.ShouldBe(HttpStatusCode.Conflict);

        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancel);
        await db.Set<IdempotentRequest>().Where(r => r.KeyDigest == digest)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.LeaseUntil, x => x.StartedAt), Cancel);
        (await SendAsync(token, "stuck", "/api/v1/people", body)).Status.ShouldBe(HttpStatusCode.Created);

        // The one that was thought dead wakes up: its command is rolled back.
        await using var scope = web.App.Services.CreateSystemScope("test");
        scope.ServiceProvider.GetRequiredService<CurrentIdempotency>().Ticket = dead;
        var late = await scope.ServiceProvider.GetRequiredService<NhiGovernance.Catalogue.People.CreatePerson>()
            .RunAsync(new("Late", "late@acme.test"), Cancel);
        late.Error.ShouldBeOfType<NhiGovernance.Common.Error.Conflict>();
        (await db.Set<Person>().CountAsync(p => p.Email == "late@acme.test", Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task Post_DiedBetweenCommitAndAnswer_SaysSoAndHasNoSecondEffect()
    {
        var (token, body) = (await TokenAsync(), Person());
        var digest = IdempotentRequests.DigestOf($"Token:{token.Id:N}", "half");
        var requests = web.App.Services.GetRequiredService<IdempotentRequests>();
        await requests.ClaimAsync(digest, Cancel);
        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancel);
        await db.Set<IdempotentRequest>().Where(r => r.KeyDigest == digest).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.LeaseUntil, x => x.StartedAt).SetProperty(x => x.CommittedAt, x => x.StartedAt), Cancel);

        var answer = await SendAsync(token, "half", "/api/v1/people", body);

        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.Body.ShouldContain("answer-lost");
        (await CountAsync(body)).ShouldBe(0);
    }

    [Fact]
    public async Task Rows_HoldNeitherKeyNorBody_AndGoAfterADay()
    {
        var token = await TokenAsync();
        await SendAsync(token, "a-key-to-look-for", "/api/v1/people", Person());
        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancel);
        var digest = IdempotentRequests.DigestOf($"Token:{token.Id:N}", "a-key-to-look-for");
        var row = await db.Set<IdempotentRequest>().AsNoTracking().SingleAsync(r => r.KeyDigest == digest, Cancel);
        Encoding.UTF8.GetString(row.Answer!).ShouldNotContain("acme.test");

        await db.Set<IdempotentRequest>().Where(r => r.KeyDigest == digest)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.StartedAt, x => x.StartedAt.AddHours(-25)), Cancel);
        var job = web.App.Services.GetRequiredService<JobCatalogue>().Find("prune-idempotent-requests").ShouldNotBeNull();
        await job.RunAsync(new JobContext(TimeProvider.System.GetUtcNow(), _ => { }), Cancel);

        (await db.Set<IdempotentRequest>().AnyAsync(r => r.KeyDigest == digest, Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task EveryPostAndPut_WithAKeyThatIsRunning_Is409BeforeAnythingHappens()
    {
        var token = await TokenAsync();
        var digest = IdempotentRequests.DigestOf($"Token:{token.Id:N}", "everywhere");
        await web.App.Services.GetRequiredService<IdempotentRequests>().ClaimAsync(digest, Cancel);
        var entries = await EntriesAsync();
        var wrong = new List<string>();
        var endpoints = Endpoints.OfTheApi(web.App).Where(e => e.Method is "POST" or "PUT" && !e.IsAnonymous).ToList();

        foreach (var endpoint in endpoints)
        {
            var answer = await SendAsync(token, "everywhere", endpoint.Path(), "{}", new HttpMethod(endpoint.Method));
            if (answer.Status != HttpStatusCode.Conflict || !answer.Body.Contains("in-flight", StringComparison.Ordinal))
            {
                wrong.Add($"{endpoint.Method} {endpoint.Pattern}: {answer.Status}");
            }
        }

        endpoints.Count.ShouldBeGreaterThan(20);
        wrong.ShouldBeEmpty();
        (await EntriesAsync()).ShouldBe(entries);
    }

    private static string Person() =>
        JsonSerializer.Serialize(new { name = "Ada", email = $"idem-{Interlocked.Increment(ref _unique)}@acme.test" });

    private Task<NhiGovernance.Access.NewApiToken> TokenAsync() => web.App.TokenAsync([.. NhiGovernance.Access.TokenScopes.Known]);

    private async Task<int> EntriesAsync()
    {
        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<AuditEntry>().CountAsync(Cancel);
    }

    private async Task<int> CountAsync(string body)
    {
        var email = JsonDocument.Parse(body).RootElement.GetProperty("email").GetString();
        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<Person>().CountAsync(p => p.Email == email, Cancel);
    }

    private async Task<Answer> SendAsync(
        NhiGovernance.Access.NewApiToken token, string key, string path, string body, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await web.App.Client.SendAsync(request, Cancel);
        return new Answer(
            response.StatusCode, await response.Content.ReadAsStringAsync(Cancel), response.Content.Headers.ContentType?.MediaType,
            response.Headers.Location?.ToString(), response.Headers.Contains("Idempotency-Replayed"));
    }

    private sealed record Answer(HttpStatusCode Status, string Body, string? ContentType, string? Location, bool Replayed);
}
