using Microsoft.EntityFrameworkCore;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Hosting.CommandLine;

namespace NhiGovernance.Tests.Hosting;

/// <summary>The verbs, as a person types them, on a server that is named by a setting.</summary>
public sealed class CommandLineTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly TemporaryFolder _data = new();

    [Fact]
    public async Task TokenCreate_PrintsOnlyTheToken_AndListAndRevokeKnowIt()
    {
        var (code, output, errors) = await RunAsync("token", "create", "--name", "ci", "--scopes", "identities:read,sources:read", "--days", "3");

        code.ShouldBe(0, errors);
        output.Trim().Split('\n').ShouldHaveSingleItem().ShouldStartWith("nhi_");
        var publicId = output.Split('_')[2];
        (await RunAsync("token", "list")).Output.ShouldContain(publicId + "\tci\tidentities:read,sources:read\tnever");
        (await RunAsync("token", "revoke", publicId)).ExitCode.ShouldBe(0);
        (await RunAsync("token", "list")).Output.ShouldNotContain(publicId);
        (await RunAsync("token", "revoke", publicId)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task TokenCreate_UnknownScope_SaysWhichAreKnown()
    {
        var (code, output, errors) = await RunAsync("token", "create", "--name", "ci", "--scopes", "everything");

        code.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.ShouldContain("identities:read");
    }

    [Fact]
    public async Task AuditVerify_AfterAnAlteration_NamesTheFirstBadSequence()
    {
        await RunAsync("token", "create", "--name", "one", "--scopes", "identities:read");
        await RunAsync("token", "create", "--name", "two", "--scopes", "identities:read");
        var whole = await RunAsync("audit", "verify");
        whole.ExitCode.ShouldBe(0, whole.Errors);
        whole.Output.ShouldStartWith("Whole: ");
        await using (var db = database.OpenAsOwner())
        {
            await db.Database.ExecuteSqlRawAsync(
                "ALTER TABLE audit_entries DISABLE TRIGGER ALL; UPDATE audit_entries SET action = 'x' WHERE sequence = 2; "
                + "ALTER TABLE audit_entries ENABLE TRIGGER ALL", TestContext.Current.CancellationToken);
        }

        var broken = await RunAsync("audit", "verify");

        broken.ExitCode.ShouldBe(1);
        broken.Output.ShouldStartWith("BROKEN at sequence 2:");
    }

    [Fact]
    public async Task AdminLink_PrintsALinkToTheConfiguredAddress()
    {
        var (code, output, errors) = await RunAsync("admin-link", "--urls", "http://127.0.0.1:8765");

        code.ShouldBe(0, errors);
        output.ShouldStartWith("http://127.0.0.1:8765/sign-in/link/");
    }

    [Fact]
    public async Task KeysRotate_SaysWhichKeyIsInUse()
    {
        var (code, output, errors) = await RunAsync("keys", "rotate");

        code.ShouldBe(0, errors);
        output.ShouldContain("is in use");
    }

    [Fact]
    public async Task Migrate_OnANewSchema_SaysThatNothingIsToDo()
    {
        var (code, output, errors) = await RunAsync("migrate");

        code.ShouldBe(0, errors);
        output.ShouldStartWith("Nothing to migrate");
    }

    [Theory]
    [InlineData("\"migrat\" is no verb", "migrat")]
    [InlineData("\"--verbose\" is no verb", "--verbose")]
    [InlineData("Roles: \"wbe\" is no role", "--Roles=wbe")]
    [InlineData("Roles: \"admission\" is no role; use web, worker or all", "--Roles=worker,admission")]
    [InlineData("is no PostgreSQL connection string", "--ConnectionStrings:NhiGovernance=password-in-the-wrong-place=1")]
    public async Task Serve_WrongWords_SaysWhatIsWrongAndEndsWithTwo(string expected, string word)
    {
        var (code, _, errors) = await RunBareAsync([word, "--data", _data.Path, "--urls", "http://127.0.0.1:0"]);

        code.ShouldBe(2, errors);
        errors.ShouldContain(expected);
        errors.ShouldNotContain("password-in-the-wrong-place");
    }

    /// <summary>No page is mapped there: a link would lead nowhere.</summary>
    [Fact]
    public async Task Serve_WithoutTheRoleWeb_PrintsNoLinkAndIsReady()
    {
        await using var worker = await ProductProcess.ServeAsync(_data.Path, ["--Roles=worker", "--Database:MigrateOnStart=false", .. DatabaseSettings]);
        using var client = new HttpClient { BaseAddress = worker.Address };

        worker.WayIn.ShouldBe("It has no pages: the setting Roles does not name web.");
        (await client.GetStringAsync("/readyz", TestContext.Current.CancellationToken)).ShouldStartWith("ready\n");
        (await worker.SignalAsync(ProductProcess.Terminate)).ShouldBe(0, worker.Errors);
    }

    [Fact]
    public async Task Migrate_NoServerAnswers_SaysSoInOneLineAndEndsWithOne()
    {
        var (code, _, errors) = await RunBareAsync(
            ["migrate", "--data", _data.Path, "--ConnectionStrings:NhiGovernance=Host=127.0.0.1;Port=1;Username=nobody;Password=not-to-be-shown;Database=none"]);

        code.ShouldBe(1, errors);
        errors.Trim().Split('\n').Length.ShouldBe(1, errors);
        errors.ShouldContain("127.0.0.1:1");
        errors.ShouldNotContain("not-to-be-shown");
    }

    public void Dispose() => _data.Dispose();

    private string[] DatabaseSettings =>
    [
        $"--Keys:Folder={database.KeyFolder}", $"--ConnectionStrings:NhiGovernance={database.Connection.Serving}",
        $"--ConnectionStrings:NhiGovernanceOwner={database.Connection.Owner}",
    ];

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] words) => RunBareAsync([.. words, "--data", _data.Path, .. DatabaseSettings]);

    private static async Task<(int ExitCode, string Output, string Errors)> RunBareAsync(string[] words)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await NhiCommandLine.RunAsync(words, output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
