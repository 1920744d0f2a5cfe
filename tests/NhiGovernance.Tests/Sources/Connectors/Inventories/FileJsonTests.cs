using System.Globalization;
using System.Text;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Sources.Connectors.Git;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

/// <summary>JSON documents: shapes that are taken or refused, and lines across buffers.</summary>
public sealed class FileJsonTests : IDisposable
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("nhi-json-").FullName;

    [Theory]
    [InlineData("{\"format\":\"nhi-inventory/1\",\"identities\":[{\"id\":\"a\",\"kind\":\"Bot\",\"name\":\"A\"},\n3,\n{\"id\":\"b\",\"kind\":\"Bot\",\"name\":{}},\n{\"id\":\"c\",\"kind\":\"Bot\",\"name\":\"C\",\"password\":\"x\"}]}", "3 of 4 rows were refused.", 1)]
    [InlineData("{\"format\":\"nhi-inventory/1\",\"identities\":[{\"id\":\"a\",\"kind\":\"Bot\",\"name\":\"A\"},\n{", "It is no valid JSON (line 2).", 1)]
    [InlineData("{\"identities\":[]}", "lacks", 0)]
    [InlineData("{\"format\":\"other/9\"}", "only one that is known", 0)]
    [InlineData("[]", "must be one object", 0)]
    [InlineData("{\"format\":\"nhi-inventory/1\",\"tokens\":1,\"token\":\"x\"}", "would hold secrets", 0)]
    [InlineData("{\"format\":\"nhi-inventory/1\",\"extra\":{\"a\":[1,2]},\"people\":[{\"id\":1,\"login\":\"x\"}]}", null, 1)]
    public async Task Read_JsonOfAnyShape_IsJudged(string json, string? error, int rows)
    {
        Write("a.json", json);
        var (events, _) = await ReadAsync();
        events.OfType<ScopePage>().Sum(p => p.Observations.Count).ShouldBe(rows);
        var ended = events.OfType<ScopeEnded>().Last(e => e.Scope.Kind == "file");
        ended.Outcome.ShouldBe(error is null ? ScopeOutcome.Complete : ScopeOutcome.Failed);
        (ended.Error ?? "").ShouldContain(error ?? "");
    }

    [Fact]
    public async Task Read_LargeJson_KeepsLinesAcrossBuffers()
    {
        var text = new StringBuilder("{\"format\":\"nhi-inventory/1\",\"identities\":[\n");
        for (var i = 0; i < 5000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"id-{i}\",\"kind\":\"{(i == 4321 ? "Nobody" : "Bot")}\",\"name\":\"Name {i}\"}}{(i < 4999 ? ",\n" : "\n]}")}");
        }

        Write("a.json", text.ToString());
        var memory = new KeptMemory();
        var (events, _) = await ReadAsync(memory);
        events.OfType<ScopePage>().Sum(p => p.Observations.Count).ShouldBe(4999);
        RefusedRows.Read(await memory.GetAsync(RefusedRows.MemoryKey, Cancel)).Rows.ShouldHaveSingleItem().Line.ShouldBe(4323);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static SourceSettings Settings(string path) => new(new Dictionary<string, string> { ["from"] = "path", ["path"] = path, ["system"] = "mainframe" });

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text, new UTF8Encoding(false));

    private ConnectorContext Context(KeptMemory memory, List<string> notes) =>
        new(Guid.CreateVersion7(), Settings(_folder), null!, null!, TimeProvider.System) { Memory = memory, Note = notes.Add };

    private async Task<(List<ReadEvent> Events, List<string> Notes)> ReadAsync(KeptMemory? memory = null)
    {
        var (events, notes) = (new List<ReadEvent>(), new List<string>());
        await foreach (var read in new FileConnector(new InventoryFileOptions { Roots = [_folder] }).ReadAsync(Context(memory ?? new KeptMemory(), notes), Cancel))
        {
            events.Add(read);
        }

        return (events, notes);
    }
}
