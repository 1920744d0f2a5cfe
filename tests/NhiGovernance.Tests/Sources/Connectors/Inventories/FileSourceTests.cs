using System.Text;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Sources.Connectors.Git;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

/// <summary>Where files may lie, and the connection test.</summary>
public sealed class FileSourceTests : IDisposable
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("nhi-sources-").FullName;

    [Fact]
    public async Task Read_PathOutsideOfTheRoots_IsRefused()
    {
        var connector = new FileConnector(new InventoryFileOptions { Roots = [_folder] });
        Directory.CreateSymbolicLink(Path.Combine(_folder, "out"), "/etc");
        foreach (var path in (string[])["/etc", Path.Combine(_folder, "..", "x"), Path.Combine(_folder, "out"), Path.Combine(_folder, "out", "passwd")])
        {
            connector.Validate(Settings(path)).ShouldHaveSingleItem().Message.ShouldContain("Sources:FileRoots");
        }

        var context = Context(new KeptMemory(), []) with { Settings = Settings("/etc/passwd") };
        var events = new List<ReadEvent>();
        await foreach (var read in connector.ReadAsync(context, Cancel))
        {
            events.Add(read);
        }

        events[^1].ShouldBeOfType<ScopeEnded>().Outcome.ShouldBe(ScopeOutcome.Failed);
        new FileConnector(new InventoryFileOptions()).Validate(Settings(_folder)).ShouldHaveSingleItem().Message.ShouldContain("switched off");
    }

    [Fact]
    public async Task Test_OfAGoodAndABadFile_SaysWhich()
    {
        Write("a.csv", "id,kind,name\na,Bot,A\n");
        Write("b.csv", "id,kind,password\n");
        var steps = new List<TestStep>();
        await foreach (var step in new FileConnector(new InventoryFileOptions { Roots = [_folder] }).TestAsync(Context(new KeptMemory(), []), Cancel))
        {
            steps.Add(step);
        }

        steps.Select(s => s.Outcome).ShouldBe([TestOutcome.Pass, TestOutcome.Pass, TestOutcome.Fail]);
    }

    [Fact]
    public async Task Test_OfAnUploadSourceThatIsBeingAdded_HasNoFilesYet()
    {
        var adding = Context(new KeptMemory(), []) with { SourceId = Guid.Empty, Settings = new(new Dictionary<string, string> { ["from"] = "upload" }) };
        var steps = new List<TestStep>();
        await foreach (var step in new FileConnector(new InventoryFileOptions()).TestAsync(adding, Cancel))
        {
            steps.Add(step);
        }

        steps.ShouldHaveSingleItem().Outcome.ShouldBe(TestOutcome.Warn);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static SourceSettings Settings(string path) => new(new Dictionary<string, string> { ["from"] = "path", ["path"] = path, ["system"] = "mainframe" });

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text, new UTF8Encoding(false));

    private ConnectorContext Context(KeptMemory memory, List<string> notes) =>
        new(Guid.CreateVersion7(), Settings(_folder), null!, null!, TimeProvider.System) { Memory = memory, Note = notes.Add };
}
