using System.Net;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Audit;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Tests.Access;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Hosting.CommandLine;

namespace NhiGovernance.Tests.Common.Sealing;

/// <summary>The folder of keys is lost, elsewhere, or open to others: said in one line, and mended by one verb.</summary>
public sealed class LostKeysTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly TestDatabase _database = new(server);
    private readonly TemporaryFolder _data = new();

    private string Current => File.ReadAllText(Path.Combine(_database.KeyFolder, "current"));

    [Fact]
    public async Task Start_KeyFolderLost_RefusesInOneLineAndMakesNoNewKey()
    {
        await SealAsync();
        var lost = Current;
        Empty(_database.KeyFolder);

        var (code, _, errors) = await RunAsync("--urls", "http://127.0.0.1:0", "--Roles=web");

        code.ShouldBe(1);
        errors.Trim().Split('\n').ShouldHaveSingleItem();
        errors.ShouldContain(_database.KeyFolder);
        errors.ShouldContain(lost);
        errors.ShouldContain("source credentials: 1");
        errors.ShouldContain("keys reset --drop-sealed");
        Directory.EnumerateFiles(_database.KeyFolder, "*.key").ShouldBeEmpty();

        // A worker that does not share the folder is told the same.
        (await Should.ThrowAsync<KeysLostException>(() => TestApplication.StartAsync(_database, roles: "worker"))).Message.ShouldContain("Keys:Folder");
    }

    [Fact]
    public async Task Seal_KeyFolderLostWhileServing_IsUnavailableAndMakesNoNewKey()
    {
        var source = await SealAsync();
        await using var engine = _database.CreateEngine();
        engine.Actor.Be(Role.Engineer);
        Empty(_database.KeyFolder);

        var set = await engine.Get<SetSourceSecret>().RunAsync(new SetSourceSecretRequest(source, "token", "another-value"), Cancel);

        set.Error.ShouldBeOfType<NhiGovernance.Common.Error.Unavailable>();
        set.Error.Message.ShouldNotContain(_database.KeyFolder);
        Directory.EnumerateFiles(_database.KeyFolder, "*.key").ShouldBeEmpty();
    }

    [Fact]
    public async Task Ready_KeyFolderLostWhileServing_IsNot()
    {
        await SealAsync();
        await using var app = await TestApplication.StartAsync(_database);
        Empty(_database.KeyFolder);

        using var answer = await app.Client.GetAsync("/readyz", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        text.ShouldContain("key-encryption key");
        text.ShouldNotContain(_database.KeyFolder);
    }

    [Fact]
    public async Task Start_KeyFileOpenToOthers_RefusesAndNamesTheFileAndTheFix()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await SealAsync();
        var file = Path.Combine(_database.KeyFolder, Current + ".key");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var (code, _, errors) = await RunAsync("--urls", "http://127.0.0.1:0", "--Roles=web");

        code.ShouldBe(1);
        errors.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain($"chmod 600 '{file}'");

        // It is not lost, so there is nothing to reset.
        (await RunAsync("keys", "reset", "--drop-sealed")).ExitCode.ShouldBe(1);
        await using var db = await _database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<SourceSecret>().CountAsync(Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Ready_KeyFileOpenedWhileServing_IsNotAndSignInStillAnswers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await SealAsync();
        await using var app = await TestApplication.StartAsync(_database, settings: WebAccess.Settings);
        File.SetUnixFileMode(Path.Combine(_database.KeyFolder, Current + ".key"), (UnixFileMode)0b110_100_100);

        (await app.Client.GetStatusAsync("/readyz")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await app.Client.GetStatusAsync("/sign-in")).ShouldNotBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Reset_AfterTheLoss_DropsWhatNothingOpensAndIsAudited()
    {
        var source = await SealAsync();
        Empty(_database.KeyFolder);
        (await RunAsync("keys", "rotate")).Errors.ShouldContain("keys reset --drop-sealed");
        (await RunAsync("keys", "reset")).ExitCode.ShouldBe(2);

        var (code, output, errors) = await RunAsync("keys", "reset", "--drop-sealed");

        code.ShouldBe(0, errors);
        output.ShouldContain("source credentials: 1");
        await using var db = await _database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<SourceSecret>().CountAsync(Cancel)).ShouldBe(0);
        (await db.Set<SealedKey>().CountAsync(Cancel)).ShouldBe(0);
        var actions = await db.Set<AuditEntry>().Select(e => e.Action).ToListAsync(Cancel);
        actions.ShouldContain("keys.reset");
        actions.ShouldContain("source.secret-remove");
        (await db.Set<AuditEntry>().SingleAsync(e => e.Action == "keys.reset", Cancel)).TargetId.ShouldBe(Current);

        // And then it serves, and takes the credential again.
        await using var app = await TestApplication.StartAsync(_database);
        (await app.Client.GetStringAsync("/readyz", Cancel)).ShouldBe("ready\n");
        (await app.RunAsync<SetSourceSecret, NhiGovernance.Common.Done>(s => s.RunAsync(new SetSourceSecretRequest(source, "token", "entered-again"), Cancel)))
            .ShouldBe(NhiGovernance.Common.Done.Value);
        var detail = await app.RunAsync<GetSource, SourceDetail>(g => g.RunAsync(new GetSourceRequest(source), Cancel));
        detail.Row.Id.ShouldBe(source);
        (await RunAsync("keys", "reset", "--drop-sealed")).Errors.ShouldContain("No key is lost");
    }

    [Fact]
    public async Task Keys_FirstOnesOfAnInstallation_AreInTheAuditLog()
    {
        await SealAsync();
        await using var db = await _database.Contexts.CreateDbContextAsync(Cancel);
        var notes = await db.Set<AuditEntry>().Where(e => e.Action == "keys.make").Select(e => e.Note!).ToListAsync(Cancel);
        notes.ShouldContain(n => n.StartsWith("key-encryption key k", StringComparison.Ordinal));
        notes.ShouldContain("the product's own key \"fingerprint\"");
        notes.ShouldContain("a key of session cookies");

        var first = Current;
        (await db.Set<AuditEntry>().CountAsync(e => e.Action == "keys.make" && e.TargetId == first, Cancel)).ShouldBe(1);

        (await RunAsync("keys", "rotate")).ExitCode.ShouldBe(0);
        (await db.Set<AuditEntry>().SingleAsync(e => e.Action == "keys.rotate", Cancel)).TargetId.ShouldBe(Current);
        (await db.Set<AuditEntry>().SingleAsync(e => e.Action == "keys.rewrap", Cancel)).TargetId.ShouldBe(Current);
    }

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _data.Dispose();
        await _database.DisposeAsync();
    }

    /// <summary>A served installation with one source and its credential.</summary>
    private async Task<Guid> SealAsync()
    {
        await using var app = await TestApplication.StartAsync(_database);
        (await app.Client.GetStatusAsync("/sign-in")).ShouldBe(HttpStatusCode.OK);
        var made = await app.RunAsync<CreateSource, SourceCreated>(c => c.RunAsync(new CreateSourceRequest(
            "github", "GitHub", new Dictionary<string, string> { ["address"] = "https://github.com", ["organization"] = "acme", ["auth"] = "token" }, new Dictionary<string, string> { ["token"] = "a-token-of-github" }), Cancel));
        return made.Id;
    }

    private static void Empty(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Delete(file);
        }
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await NhiCommandLine.RunAsync(
        [
            .. words, "--data", _data.Path, $"--Keys:Folder={_database.KeyFolder}", $"--ConnectionStrings:NhiGovernance={_database.Connection.Serving}",
            $"--ConnectionStrings:NhiGovernanceOwner={_database.Connection.Owner}",
        ], output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}

internal static class ClientExtensions
{
    public static async Task<HttpStatusCode> GetStatusAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
