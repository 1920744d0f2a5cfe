using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Audit;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

public sealed class ImportFileTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("nhi-import-").FullName;

    [Fact]
    public async Task Run_FolderWithGoodBadAndUnknownFiles_ImportsAndSaysWhatNot()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.BeSystem("command line");
        Write("identities.csv", "id,kind,name\na,ServiceAccount,Import A\nb,Nonsense,B\n");
        Write("bom.json", "{\"bomFormat\":\"CycloneDX\"}");
        Write("readme.txt", "hello");
        var said = new List<string>();

        var result = await engine.Get<ImportFile>().RunAsync(new ImportFileRequest(_folder, said.Add), Cancel);

        result.IsOk.ShouldBeTrue(result.Error?.Message);
        var import = result.Value;
        import.IsClean.ShouldBeFalse();
        import.Seen.ShouldBe(1);
        import.State.ShouldBe(PollState.Partial);
        import.Refused.ShouldHaveSingleItem().Line.ShouldBe(3);
        import.Files.Select(f => (f.Name, f.Understood)).ShouldBe([("bom.json", false), ("identities.csv", false), ("readme.txt", false)]);
        import.Files[0].Outcome.ShouldContain("Evidence");
        import.Files[1].Outcome.ShouldBe("1 of 2 rows were refused.");
        said.ShouldContain("looking at identities.csv");

        Write("identities.csv", "id,kind,name\na,ServiceAccount,Import A\nb,ServiceAccount,Import B\n");
        File.Delete(Path.Combine(_folder, "bom.json"));
        File.Delete(Path.Combine(_folder, "readme.txt"));
        var again = (await engine.Get<ImportFile>().RunAsync(new ImportFileRequest(_folder), Cancel)).Value;

        again.IsClean.ShouldBeTrue(again.Error);
        again.SourceId.ShouldBe(import.SourceId);
        (again.Seen, again.Added).ShouldBe((2, 1));
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<Identity>().Where(i => i.SourceId == again.SourceId).Select(i => i.Name).Order().ToListAsync(Cancel)).ShouldBe(["Import A", "Import B"]);
    }

    [Fact]
    public async Task Run_AfterAnImportThatWasKilled_TakesItsSourceOverAndEnds()
    {
        await using var engine = database.CreateEngine(services => services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)));
        engine.Actor.BeSystem("command line");
        Write("identities.csv", "id,kind,name\na,ServiceAccount,Import A\n");
        var source = (await engine.Get<EnsureImportSource>().RunAsync(new EnsureImportSourceRequest(_folder), Cancel)).Value.Id;

        // What a kill -9 leaves: a run that runs, and a lease that nobody renews.
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var now = await database.Dialect.NowAsync(db, Cancel);
        await db.Set<Source>().Where(s => s.Id == source).ExecuteUpdateAsync(
            s => s.SetProperty(x => x.LeaseHolder, "killed:1").SetProperty(x => x.LeaseUntil, now.AddSeconds(1)).SetProperty(x => x.Fence, 1).SetProperty(x => x.LastRunNumber, 1), Cancel);
        var dead = new PollRun
        {
            Id = engine.NewId(), Number = 1, SourceId = source, Fence = 1, Trigger = PollTrigger.Person, State = PollState.Running, QueuedAt = now, StartedAt = now,
        };
        db.Add(dead);
        await db.SaveChangesAsync(Cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));

        var result = await engine.Get<ImportFile>().RunAsync(new ImportFileRequest(_folder), patience.Token);

        result.Value.State.ShouldBe(PollState.Complete);
        (await db.Set<PollRun>().AsNoTracking().SingleAsync(r => r.Id == dead.Id, Cancel)).State.ShouldBe(PollState.Abandoned);
        (await db.Set<AuditEntry>().CountAsync(e => e.TargetId == source.ToString() && e.Action.StartsWith("source.document"), Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Run_NothingThere_SaysSo()
    {
        await using var engine = database.CreateEngine();
        (await engine.Get<ImportFile>().RunAsync(new ImportFileRequest(Path.Combine(_folder, "none")), Cancel)).Error.ShouldNotBeNull();
        (await engine.Get<ImportFile>().RunAsync(new ImportFileRequest(_folder), Cancel)).Value.State.ShouldBeNull();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text, new UTF8Encoding(false));
}
