using System.Text;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.InventoryFile;

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
    public async Task Run_NothingThere_SaysSo()
    {
        await using var engine = database.CreateEngine();
        (await engine.Get<ImportFile>().RunAsync(new ImportFileRequest(Path.Combine(_folder, "none")), Cancel)).Error.ShouldNotBeNull();
        (await engine.Get<ImportFile>().RunAsync(new ImportFileRequest(_folder), Cancel)).Value.State.ShouldBeNull();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text, new UTF8Encoding(false));
}
