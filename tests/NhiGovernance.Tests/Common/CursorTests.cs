using NhiGovernance.Access;
using NhiGovernance.Audit;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Inventory;

namespace NhiGovernance.Tests.Common;

/// <summary>A cursor that no list gave is refused. Whoever pages to the end by "the next one" would else read the first page for ever.</summary>
public sealed class CursorTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("-1")]
    [InlineData("p-5")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzName")]
    public async Task Run_CursorOfAnother_IsInvalidByItsField(string cursor)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var engine = database.CreateEngine();
        var source = (await Stage.OpenAsync(database, engine)).SourceId;
        engine.Actor.Be(Role.Admin);
        Error?[] errors =
        [
            (await engine.Get<ListAuditEntries>().RunAsync(new ListAuditEntriesRequest(new AuditFilter(), cursor), cancel)).Error,
            (await engine.Get<ListAccounts>().RunAsync(new ListAccountsRequest(Cursor: cursor), cancel)).Error,
            (await engine.Get<ListApiTokens>().RunAsync(new ListApiTokensRequest(Cursor: cursor), cancel)).Error,
            (await engine.Get<ListRuns>().RunAsync(new ListRunsRequest(source, cursor), cancel)).Error,
            (await engine.Get<ListPeople>().RunAsync(new ListPeopleRequest(Cursor: cursor), cancel)).Error,
        ];

        errors.ShouldAllBe(e => e is Error.Invalid && ((Error.Invalid)e).Faults.Single().Field == "cursor");
    }
}
