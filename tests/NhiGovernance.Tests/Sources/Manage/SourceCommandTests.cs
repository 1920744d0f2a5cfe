using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;
using Npgsql;

namespace NhiGovernance.Tests.Sources.Manage;

public sealed class SourceCommandTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Update_OfSettings_ForgetsWhatWasReadByTheOldOnesButWhatLasts()
    {
        await using var world = new SourceWorld(database);
        var id = await world.AddAsync();
        world.Connector.Script = Script;
        await world.RunAsync(id);
        (await KeysAsync()).ShouldBe(["lasting/repositories", "tag"]);
        var source = await world.SourceAsync(id);
        var settings = new Dictionary<string, string> { ["url"] = "https://keys.example.com", ["account"] = "other" };

        (await world.Engine.Get<UpdateSource>().RunAsync(new UpdateSourceRequest(id, source.Version, source.Name, settings), Cancel)).IsOk.ShouldBeTrue();
        (await KeysAsync()).ShouldBe(["lasting/repositories"]);

        settings["url"] = "https://elsewhere.example.com";
        (await world.Engine.Get<UpdateSource>().RunAsync(new UpdateSourceRequest(id, (await world.SourceAsync(id)).Version, source.Name, settings), Cancel)).IsOk.ShouldBeTrue();
        (await KeysAsync()).ShouldBeEmpty("another host knows nothing of it");

        Task<List<string>> KeysAsync() => world.InAsync(db => db.Set<SourceMemory>().Where(m => m.SourceId == id).Select(m => m.Key).Order().ToListAsync(Cancel));

        static async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            await context.Memory.SetAsync($"{IReadMemory.Lasting}repositories", "1", token);
            await context.Memory.SetAsync("tag", "1", token);
            await foreach (var read in ScriptedConnector.OneScopeAsync(context, token))
            {
                yield return read;
            }
        }
    }

    [Fact]
    public async Task Create_WithSecret_IsInNoTableInTheClear()
    {
        await using var world = new SourceWorld(database);
        const string canary = "canary-7f3a9c51-secret";
        var id = await world.AddAsync(canary);
        await world.RunAsync(id);
        var detail = (await world.Engine.Get<GetSource>().RunAsync(new GetSourceRequest(id), Cancel)).Value;

        detail.Secrets.Select(s => (s.Key, s.IsSet)).ShouldBe([("token", true), ("webhookSecret", false)]);
        System.Text.Json.JsonSerializer.Serialize(new { detail.Row, detail.Settings, detail.Secrets }).ShouldNotContain(canary);
        (await TablesWithAsync(canary)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://keys.example.com")]
    [InlineData("https://user:pass@keys.example.com")]
    [InlineData("ftp://keys.example.com")]
    [InlineData("https://keys.example.com:8443")]
    public async Task Create_WithARefusedAddress_NamesTheField(string url)
    {
        await using var world = new SourceWorld(database);
        var result = await world.Engine.Get<CreateSource>().RunAsync(
            new CreateSourceRequest(ScriptedConnector.Key, "Refused", new Dictionary<string, string> { ["url"] = url }), Cancel);
        result.Error.ShouldBeOfType<Error.Invalid>().Faults.Select(f => f.Field).ShouldContain("url");
    }

    [Fact]
    public async Task Create_SameNameTwice_IsAConflictUntilTheFirstIsRemoved()
    {
        await using var world = new SourceWorld(database);
        var request = new CreateSourceRequest(
            ScriptedConnector.Key, "Twice", new Dictionary<string, string> { ["url"] = "https://keys.example.com" }, PollNow: false);
        var first = (await world.Engine.Get<CreateSource>().RunAsync(request, Cancel)).Value;
        (await world.Engine.Get<CreateSource>().RunAsync(request, Cancel)).Error.ShouldBeOfType<Error.Conflict>();
        (await world.Engine.Get<RemoveSource>().RunAsync(new RemoveSourceRequest(first.Id, first.Version), Cancel)).IsOk.ShouldBeTrue();
        (await world.Engine.Get<CreateSource>().RunAsync(request, Cancel)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task Update_NewHost_ClearsTheSecretsAndSaysSo()
    {
        await using var world = new SourceWorld(database);
        var id = await world.AddAsync();
        var version = (await world.SourceAsync(id)).Version;
        var same = (await world.Engine.Get<UpdateSource>().RunAsync(
            new UpdateSourceRequest(id, version, $"Renamed {id}", new Dictionary<string, string> { ["url"] = "https://KEYS.example.com/api", ["account"] = "x" }), Cancel)).Value;
        same.ClearedSecrets.ShouldBeEmpty();
        var moved = (await world.Engine.Get<UpdateSource>().RunAsync(
            new UpdateSourceRequest(id, same.Version, $"Renamed {id}", new Dictionary<string, string> { ["url"] = "https://evil.example.com" }), Cancel)).Value;

        moved.ClearedSecrets.ShouldBe(["token"]);
        (await world.InAsync(db => db.Set<SourceSecret>().CountAsync(s => s.SourceId == id, Cancel))).ShouldBe(0);
    }

    [Fact]
    public async Task Secret_MovedToAnotherRow_DoesNotOpen()
    {
        await using var world = new SourceWorld(database);
        var (one, two) = (await world.AddAsync("first-secret"), await world.AddAsync("second-secret"));
        var stolen = await world.InAsync(db => db.Set<SourceSecret>().Where(s => s.SourceId == one).Select(s => s.Sealed).SingleAsync(Cancel));
        await world.InAsync(db => db.Set<SourceSecret>().Where(s => s.SourceId == two).ExecuteUpdateAsync(s => s.SetProperty(x => x.Sealed, stolen), Cancel));
        world.Connector.Script = (context, token) => OpenAsync(context, token);

        (await world.RunAsync(two)).State.ShouldBe(PollState.Failed);

        static async IAsyncEnumerable<ReadEvent> OpenAsync(
            ConnectorContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            await context.Secrets.OpenAsync("token", token);
            yield break;
        }
    }

    [Fact]
    public async Task Test_SavedSecretButAnotherHost_IsNotUsed()
    {
        await using var world = new SourceWorld(database);
        var id = await world.AddAsync("saved-secret");
        var opened = new List<string?>();
        world.Connector.Tests = (context, token) => OpenAsync(context, token);
        await StepsAsync(new TestSourceRequest(id));
        await StepsAsync(new TestSourceRequest(id, Settings: new Dictionary<string, string> { ["url"] = "https://evil.example.com" }));

        opened.ShouldBe(["saved-secret", null]);

        async Task StepsAsync(TestSourceRequest request)
        {
            await foreach (var step in (await world.Engine.Get<TestSource>().RunAsync(request, Cancel)).Value)
            {
                step.Detail.ShouldNotContain("saved-secret");
            }
        }

        async IAsyncEnumerable<TestStep> OpenAsync(
            ConnectorContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            opened.Add(await context.Secrets.OpenAsync("token", token));
            yield return new TestStep("Sign-in", TestOutcome.Pass, $"as {opened[^1]}");
        }
    }

    [Fact]
    public async Task Remove_WhileAWorkerReads_FencesItOff()
    {
        await using var world = new SourceWorld(database);
        var id = await world.AddAsync();
        var fence = (await world.SourceAsync(id)).Fence;
        await world.QueueAsync(id);
        (await world.Engine.Get<RemoveSource>().RunAsync(new RemoveSourceRequest(id, (await world.SourceAsync(id)).Version), Cancel)).IsOk.ShouldBeTrue();

        var row = await world.SourceAsync(id);
        (row.Fence > fence, row.IsEnabled, row.RemovedAt is not null).ShouldBe((true, false, true));
        (await world.InAsync(db => db.Set<SourceSecret>().CountAsync(s => s.SourceId == id, Cancel))).ShouldBe(0);
        (await world.InAsync(db => db.Set<PollRun>().Where(r => r.SourceId == id).Select(r => r.State).ToListAsync(Cancel))).ShouldBe([PollState.Cancelled]);
    }

    [Fact]
    public async Task Manage_AsAnAuditor_IsForbidden()
    {
        await using var world = new SourceWorld(database);
        var id = await world.AddAsync();
        world.Engine.Actor.Be(Role.Auditor);
        (await world.Engine.Get<PollNow>().RunAsync(new PollNowRequest(id), Cancel)).Error.ShouldBeOfType<Error.Forbidden>();
        (await world.Engine.Get<TestSource>().RunAsync(new TestSourceRequest(id), Cancel)).Error.ShouldBeOfType<Error.Forbidden>();
        (await world.Engine.Get<GetSource>().RunAsync(new GetSourceRequest(id), Cancel)).IsOk.ShouldBeTrue();
        world.Engine.Actor.Be(Role.Owner);
        (await world.Engine.Get<ListSources>().RunAsync(new ListSourcesRequest(), Cancel)).Error.ShouldBeOfType<Error.Forbidden>();
        (await world.Engine.Get<GetFreshness>().RunAsync(new GetFreshnessRequest(), Cancel)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task List_AfterRuns_SaysFreshnessAndScopes()
    {
        await using var world = new SourceWorld(database);
        var (read, never) = (await world.AddAsync(), await world.AddAsync());
        await world.RunAsync(read);
        var rows = (await world.Engine.Get<ListSources>().RunAsync(new ListSourcesRequest(), Cancel)).Value.Items;

        rows.Single(r => r.Id == read).Freshness.ShouldBe(Freshness.Fresh);
        rows.Single(r => r.Id == read).Scopes.ShouldBe(new ScopeCounts(1, 0, 0, 0));
        rows.Single(r => r.Id == never).Freshness.ShouldBe(Freshness.Never);
        var page = (await world.Engine.Get<ListSources>().RunAsync(new ListSourcesRequest(Limit: 1), Cancel)).Value;
        (await world.Engine.Get<ListSources>().RunAsync(new ListSourcesRequest(Limit: 1, Cursor: page.Next), Cancel)).Value.Items[0].Id.ShouldNotBe(page.Items[0].Id);
        (await world.Engine.Get<GetSourceHealth>().RunAsync(new GetSourceHealthRequest(read), Cancel)).Value.Durations.Count.ShouldBe(1);
        (await world.Engine.Get<ListRuns>().RunAsync(new ListRunsRequest(read), Cancel)).Value.Items.Select(r => r.Number).ShouldBe([1L]);
    }

    /// <summary>Every column of every table, as text.</summary>
    private async Task<List<string>> TablesWithAsync(string text)
    {
        await using var connection = new NpgsqlConnection(database.Connection.Owner);
        await connection.OpenAsync(Cancel);
        var tables = new List<string>();
        await using (var list = new NpgsqlCommand("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'", connection))
        await using (var reader = await list.ExecuteReaderAsync(Cancel))
        {
            while (await reader.ReadAsync(Cancel))
            {
                tables.Add(reader.GetString(0));
            }
        }

        var found = new List<string>();
        foreach (var table in tables)
        {
            await using var look = new NpgsqlCommand(
                $"SELECT COUNT(*) FROM \"{table}\" t WHERE t::text LIKE '%' || @text || '%' OR t::text LIKE '%' || encode(convert_to(@text, 'UTF8'), 'hex') || '%'", connection);
            look.Parameters.AddWithValue("text", text);
            if ((long)(await look.ExecuteScalarAsync(Cancel))! > 0)
            {
                found.Add(table);
            }
        }

        tables.Count.ShouldBeGreaterThan(20);
        return found;
    }
}
