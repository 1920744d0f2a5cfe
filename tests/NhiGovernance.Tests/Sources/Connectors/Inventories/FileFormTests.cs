using System.Globalization;
using System.Text;
using System.Text.Json;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Sources.Connectors.Git;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

/// <summary>Files as spreadsheets and scripts write them: marks, quotes, line ends, long names, encodings, headers; and long ones.</summary>
public sealed class FileFormTests : IDisposable
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("nhi-forms-").FullName;

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public async Task Read_LongNames_AreWholeOrRefusedNeverCut(int length, bool taken)
    {
        // Letters outside of the first plane are two characters of the text that is stored.
        var name = string.Concat(Enumerable.Repeat("\U0001F512", length / 2)) + (length % 2 == 0 ? string.Empty : "é");
        name.Length.ShouldBe(length);
        Write("a.csv", $"id,kind,name\nlong,Bot,{name}\nshort,Bot,S\n");
        Write("b.json", $$"""{"format":"nhi-inventory/1","identities":[{"id":"json","kind":"Bot","name":{{JsonSerializer.Serialize(name)}}}]}""");
        var (events, refused) = await ReadAsync();
        var names = Identities(events).ToDictionary(i => i.NaturalKey, i => i.Name);
        names.Keys.ShouldBe(taken ? ["long", "short", "json"] : ["short"], ignoreOrder: true);
        names.GetValueOrDefault("long", name).ShouldBe(name);
        refused.Select(r => r.Reason).ShouldBe(taken ? [] : ["name is longer than 300 characters", "name is longer than 300 characters"]);
    }

    [Fact]
    public async Task Read_MarkQuotesAndWindowsLineEnds_AreUnderstood()
    {
        Write("a.csv", "\uFEFF\"id\",\"kind\",\"name\",\"notes\"\r\n\"a\",\"Bot\",\"He said \"\"no\"\", twice\",\"first line\r\nsecond, line\"\r\n\r\nb , Bot ,  spaced  ,\r\nc,Bot,last without an end");
        var (events, refused) = await ReadAsync();
        refused.ShouldBeEmpty();
        var rows = Identities(events).ToList();
        rows.Select(r => (r.NaturalKey, r.Name)).ShouldBe([("a", "He said \"no\", twice"), ("b", "spaced"), ("c", "last without an end")]);
        rows[0].Facts["notes"].Text.ShouldBe("first line\r\nsecond, line");
    }

    [Fact]
    public async Task Read_QuotationMarkThatIsNotClosed_CostsItsOwnRow()
    {
        Write("a.csv", "id,kind,name\na,Bot,A\nb,Bot,\"open\nc,Bot,C\n");
        var (events, refused) = await ReadAsync();
        Identities(events).Select(i => i.NaturalKey).ShouldBe(["a", "c"]);
        refused.ShouldHaveSingleItem().ShouldBe(new RefusedRow("a.csv", 3, "a quotation mark is missing: the last cell has no end"));
    }

    [Fact]
    public async Task Read_BadRowBehindALongCell_IsNamedByItsLineInTheFile()
    {
        Write("a.csv", "id,kind,name,notes\r\na,Bot,A,\"one\r\ntwo\r\nthree\"\r\nb,Nobody,B,\r\nc,Bot,C,\r\n");
        var (events, refused) = await ReadAsync();
        Identities(events).Select(i => i.NaturalKey).ShouldBe(["a", "c"]);
        refused.ShouldHaveSingleItem().Line.ShouldBe(5);
    }

    [Theory]
    [InlineData("id,kind,name,Name\n1,Bot,a,b\n", "names \"name\" twice")]
    [InlineData("id,kind,name,last used at,lastUsedAt\n1,Bot,a,,\n", "names \"lastusedat\" twice")]
    [InlineData("id,kind\n1,Bot\n", "lacks name")]
    [InlineData("login\nx\n", "lacks id")]
    [InlineData("a,b,c\n1,2,3\n", "does not say what the rows are")]
    [InlineData("", "empty")]
    public async Task Read_HeaderOrFormThatCannotBe_RefusesTheFileAndSaysWhy(string text, string words)
    {
        Write("a.csv", text);
        Write("good.csv", "id,kind,name\ng,Bot,G\n");
        var (events, refused) = await ReadAsync();

        // A file that cannot be read does no harm to the one beside it.
        Identities(events).Select(i => i.NaturalKey).ShouldContain("g");
        var ends = events.OfType<ScopeEnded>().ToDictionary(e => e.Scope.Place, e => e);
        ends["good.csv"].Outcome.ShouldBe(ScopeOutcome.Complete);
        ends["a.csv"].Outcome.ShouldBe(ScopeOutcome.Failed);
        ends["a.csv"].Error!.ShouldContain(words);
        refused.ShouldContain(r => r.File == "a.csv" && r.Line == 0);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("iso-8859-1")]
    public async Task Read_EncodingWithoutAMark_IsNeverTakenForText(string encoding)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "a.csv"), [.. Encoding.GetEncoding(encoding).GetBytes("id,kind,name\nplain,Bot,Plain\numlaut,Bot,Müller\n")], Cancel);
        var (events, refused) = await ReadAsync();
        refused.ShouldNotBeEmpty();
        events.OfType<ScopeEnded>().Single(e => e.Scope.Kind == "file").Outcome.ShouldBe(ScopeOutcome.Failed);
        Identities(events).ShouldAllBe(i => i.NaturalKey == "plain" && i.Name == "Plain");
    }

    /// <summary>Measured by what stays reachable, not by the process's memory, which other tests share.</summary>
    [Fact]
    public async Task Read_AMillionRows_KeepsNoPageAndNoRow()
    {
        const int rows = 1_000_000;
        await using (var file = new StreamWriter(Path.Combine(_folder, "a.csv"), append: false, new UTF8Encoding(false), 1 << 16))
        {
            await file.WriteAsync("id,kind,name\n");
            for (var n = 0; n < rows; n++)
            {
                await file.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"i{n},Bot,N{n}\n"));
            }
        }

        var pages = new List<WeakReference>(rows / 1000);
        var (seen, largest, mostAlive) = (0L, 0, 0);
        ScopeEnded? end = null;
        var connector = new FileConnector(new InventoryFileOptions { Roots = [_folder] });
        await foreach (var read in connector.ReadAsync(Context(new KeptMemory()), Cancel))
        {
            if (read is ScopePage page)
            {
                seen += page.Observations.Count;
                largest = Math.Max(largest, page.Observations.Count);
                pages.Add(new WeakReference(page.Observations));
                pages.Add(new WeakReference(page.Observations[0]));
            }

            end = read as ScopeEnded ?? end;
            if (pages.Count is > 0 && pages.Count % 400 == 0)
            {
                mostAlive = Math.Max(mostAlive, Alive(pages));
            }
        }

        seen.ShouldBe(rows);
        largest.ShouldBe(1000);
        end!.Outcome.ShouldBe(ScopeOutcome.Complete);
        pages.Count.ShouldBe(2 * rows / 1000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{rows} rows in {pages.Count / 2} pages; at most {mostAlive / 2} pages reachable at once");
        mostAlive.ShouldBeLessThanOrEqualTo(6);
    }

    [Fact]
    public void Schema_DocumentExamplesAndCode_NameTheSameColumns()
    {
        using var stream = FileConnectorExamples.Open("inventory.schema.json")!;
        using var schema = JsonDocument.Parse(stream);
        var documented = File.ReadAllText(Path.Combine(Fixtures.Repository.Root, "docs", "connectors", "file.md"));
        foreach (var (kind, name, example) in new[] { (RecordKind.Identity, "identity", "identities.csv"), (RecordKind.Credential, "credential", "credentials.csv"), (RecordKind.Person, "person", "people.csv") })
        {
            var properties = schema.RootElement.GetProperty("$defs").GetProperty(name).GetProperty("properties").EnumerateObject().Select(p => p.Name).ToList();
            properties.ShouldAllBe(p => InventorySchema.Knows(kind, InventorySchema.Normalize(p)), $"{name}: in the schema and not in the code");
            InventorySchema.ColumnsOf(kind).Where(c => c != "record").ShouldBeSubsetOf(properties.Select(InventorySchema.Normalize), $"{name}: in the code and not in the schema");
            properties.ShouldAllBe(p => documented.Contains($"| `{p}` |", StringComparison.Ordinal), $"{name}: not in docs/connectors/file.md");
            using var csv = new StreamReader(FileConnectorExamples.Open(example)!);
            csv.ReadLine()!.Split(',').ShouldBeSubsetOf(properties, example);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Alive(List<WeakReference> pages)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return pages.Count(p => p.IsAlive);
    }

    private static IEnumerable<IdentityObservation> Identities(IEnumerable<ReadEvent> events) => events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<IdentityObservation>();

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text, new UTF8Encoding(false));

    private ConnectorContext Context(KeptMemory memory) =>
        new(Guid.CreateVersion7(), new SourceSettings(new Dictionary<string, string> { ["from"] = "path", ["path"] = _folder }), null!, null!, TimeProvider.System) { Memory = memory };

    private async Task<(List<ReadEvent> Events, IReadOnlyList<RefusedRow> Refused)> ReadAsync()
    {
        var memory = new KeptMemory();
        var events = new List<ReadEvent>();
        await foreach (var read in new FileConnector(new InventoryFileOptions { Roots = [_folder] }).ReadAsync(Context(memory), Cancel))
        {
            events.Add(read);
        }

        return (events, RefusedRows.Read(await memory.GetAsync(RefusedRows.MemoryKey, Cancel)).Rows);
    }
}
