using System.Net;
using NhiGovernance.Sources.Connectors.Template;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fakes;

namespace NhiGovernance.Tests.Sources.Connectors.Template;

/// <summary>The test to copy: what is particular to one connector. The shared contract is tested elsewhere.</summary>
public sealed class TemplateConnectorTests
{
    [Fact]
    public async Task Read_TwoPages_ListsBothKeysAndEndsComplete()
    {
        var events = await ReadAsync(TemplateHarness.Server("Bearer good"), "good");
        events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<CredentialObservation>().Select(c => c.NaturalKey).ShouldBe(["key-1", "key-2"]);
        events[^1].ShouldBe(ScopeEnded.Complete(new Scope("access-keys", "acme")));
    }

    [Fact]
    public async Task Read_ForbiddenOnSecondPage_EndsDenied()
    {
        var http = new ScriptedHttp(r => r.RequestUri!.Query == "?page=1"
            ? ScriptedHttp.Json(TemplateHarness.Page(1, last: false))
            : new HttpResponseMessage(HttpStatusCode.Forbidden));
        (await ReadAsync(http, "good"))[^1].ShouldBeOfType<ScopeEnded>().Outcome.ShouldBe(ScopeOutcome.Denied);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "")]
    [InlineData(HttpStatusCode.OK, "{ \"keys\": [")]
    public async Task Read_BrokenAnswer_EndsFailedWithAPlainSentence(HttpStatusCode status, string body)
    {
        var ended = (await ReadAsync(new ScriptedHttp(_ => ScriptedHttp.Json(body, status)), "good"))[^1].ShouldBeOfType<ScopeEnded>();
        ended.Outcome.ShouldBe(ScopeOutcome.Failed);
        ended.Error.ShouldNotBeNullOrWhiteSpace();
    }

    private static async Task<List<ReadEvent>> ReadAsync(IGuardedHttp http, string token)
    {
        var context = new ConnectorContext(Guid.CreateVersion7(), TemplateHarness.Settings, new FixedSecrets(token), http, TimeProvider.System);
        var events = new List<ReadEvent>();
        await foreach (var read in new TemplateConnector().ReadAsync(context, TestContext.Current.CancellationToken))
        {
            events.Add(read);
        }

        return events;
    }

    private sealed class FixedSecrets(string value) : ISourceSecrets
    {
        public ValueTask<string?> OpenAsync(string key, CancellationToken cancellationToken) => new(value);
    }
}
