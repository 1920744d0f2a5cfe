using System.Text;
using FsCheck.Fluent;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Sources.Connectors.Git;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

/// <summary>A row that cannot be taken apart costs itself and no other, wherever it stands and however the bytes arrive.</summary>
public sealed class CsvRowsTests : IDisposable
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("nhi-rows-").FullName;

    [Fact]
    public async Task Read_BadRowsAnywhere_AreEachToldByTheirLineAndEveryGoodOneIsFound()
    {
        foreach (var drawn in Gen.Choose(0, 999).ArrayOf().Sample(100, 100))
        {
            var file = new Drawn(drawn);
            var said = string.Join(' ', drawn);
            foreach (var part in (int[])[7, 4_096, int.MaxValue])
            {
                var (good, bad) = await JudgeAsync(file.Text, part);
                bad.ShouldBe(file.Bad, $"{part}: {said}");
                good.ShouldBe(file.Good, $"{part}: {said}");
            }
        }
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "the row is longer than 262,144 characters")]
    [InlineData(400_000, "the row is longer than 262,144 characters")]
    public async Task Read_RowAtTheLimit_IsTakenAndOneBeyondItIsRefused(int beyond, string? problem)
    {
        var row = $"long,Bot,{new string('x', CsvRows.LongestRow - "long,Bot,".Length + beyond)}";
        foreach (var part in (int[])[1_000, 4_096, 65_536, int.MaxValue])
        {
            var records = await ReadAsync($"id,kind,name\n{row}\nnext,Bot,N\n", part);
            records.Select(r => (r.Line, r.Problem)).ShouldBe([(2, problem), (3, null)]);
            records[1].Values["id"].ShouldBe("next");
        }
    }

    [Theory]
    [InlineData("a,Bot,\"A\"x\nb,Bot,B\n", "b", 2)]
    [InlineData("a,Bot,\"open\nb,Bot,\"B\"\nc,Bot,\"C\"\n", "b c", 2)]
    [InlineData("\"a\",\"Bot\",\"A\n\"b\",\"Bot\",\"B\"\n", "b", 2)]
    [InlineData("a,Bot,\"open\rb,Bot,B\r", "b", 2)]
    [InlineData("a,Bot,A\r\n\r\nb,Bot,\"open\r\nc,Bot,C", "a c", 4)]
    [InlineData("\"x\ny\",Bot,\"open\nc,Bot,C\n", "c", 2)]
    [InlineData("a,Bot,\"open", "", 2)]
    [InlineData("a,Bot,\"open\n", "", 2)]
    public async Task Read_MarkThatIsMissing_CostsItsOwnRow(string rows, string good, int line)
    {
        foreach (var part in (int[])[1, int.MaxValue])
        {
            var judged = await JudgeAsync($"id,kind,name\n{rows}", part);
            string.Join(' ', judged.Good).ShouldBe(good);
            judged.Bad.ShouldBe([line]);
        }
    }

    [Fact]
    public async Task Read_CellsOfAnyForm_AreTakenAsTheyAreMeant()
    {
        var records = await ReadAsync("sep=;\nid;kind;name;notes\na; Bot\t; \"\"\"A\"\", b;\" ;19\" rack\n \n;;;\nb;Bot;\"\";", 3);
        records.Count.ShouldBe(2);
        records[0].Values.Select(v => (v.Key, v.Value)).ShouldBe([("id", "a"), ("kind", "Bot"), ("name", "\"A\", b;"), ("notes", "19\" rack")], ignoreOrder: true);
        (records[0].Line, records[1].Line).ShouldBe((3, 6));
        records[1].Values.Keys.ShouldBe(["id", "kind"], ignoreOrder: true);
    }

    /// <summary>Each of these lines leaves a mark open, in whatever state it is come to.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Read_OpenMarksInEveryLine_TakesTimeForTheBytesAndNotForTheirSquare()
    {
        var text = new StringBuilder("id,kind,name,notes\n");
        for (var n = 0; n < 300_000; n++)
        {
            text.Append(n % 2 == 0 ? "a\",b\",c,\"\n" : "b,\"\"\"\"\"\"x\n");
        }

        text.Append("good,Bot,G,\n");
        var (good, bad) = await JudgeAsync(text.ToString(), int.MaxValue);
        good.ShouldBe(["good"]);
        bad.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Read_CredentialsBehindARowThatIsTooLong_AreReadAndTheCountIsTrue()
    {
        Write("a.csv", $"record,id,identity,kind,name\nidentity,a,,Bot,A\nidentity,b,,Bot,\"{new string('x', 300_000)}\nidentity,c,,Bot,C\ncredential,k,c,SshKey,\n");
        Write("c.csv", $"id,identity,kind\n1,a,{new string('y', 300_000)}\n2,a,SshKey\n");
        var (memory, notes, events) = (new KeptMemory(), new List<string>(), new List<ReadEvent>());
        var settings = new SourceSettings(new Dictionary<string, string> { ["from"] = "path", ["path"] = _folder });
        var context = new ConnectorContext(Guid.CreateVersion7(), settings, null!, null!, TimeProvider.System) { Memory = memory, Note = notes.Add };
        await foreach (var read in new FileConnector(new InventoryFileOptions { Roots = [_folder] }).ReadAsync(context, Cancel))
        {
            events.Add(read);
        }

        events.OfType<ScopePage>().SelectMany(p => p.Observations).Select(o => o.NaturalKey).ShouldBe(["a", "c", "k", "2"], ignoreOrder: true);
        var ends = events.OfType<ScopeEnded>().ToDictionary(e => e.Scope.Place);
        ends["a.csv"].Error.ShouldBe("1 of 4 rows were refused.");
        ends["c.csv"].Error.ShouldBe("1 of 2 rows were refused.");
        var refused = RefusedRows.Read(await memory.GetAsync(RefusedRows.MemoryKey, Cancel));
        refused.Count.ShouldBe(2);
        refused.Rows.Select(r => (r.File, r.Line)).ShouldBe([("a.csv", 3), ("c.csv", 2)]);
        notes.Count.ShouldBe(2);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<(List<string> Good, List<int> Bad)> JudgeAsync(string text, int part)
    {
        var (good, bad) = (new List<string>(), new List<int>());
        foreach (var record in await ReadAsync(text, part))
        {
            try
            {
                good.Add(InventoryMapper.Map(record, "here").NaturalKey);
            }
            catch (RefusedRowException)
            {
                bad.Add(record.Line);
            }
        }

        return (good, bad);
    }

    private static async Task<List<InventoryRecord>> ReadAsync(string text, int part)
    {
        var records = new List<InventoryRecord>();
        await using var stream = new Parts(Encoding.UTF8.GetBytes(text), part);
        await foreach (var record in CsvInventory.ReadAsync(stream, Cancel))
        {
            records.Add(record);
        }

        return records;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text, new UTF8Encoding(false));

    /// <summary>A file of rows that were drawn, and what must be found in it.</summary>
    private sealed class Drawn
    {
        private readonly StringBuilder _text = new();
        private readonly string _end;
        private int _line = 1;

        public Drawn(int[] drawn)
        {
            _end = drawn.Length % 2 == 0 ? "\n" : "\r\n";
            Add("id,kind,name,notes,owner");
            for (var i = 0; i < drawn.Length; i++)
            {
                Row(i, drawn[i]);
            }

            Text = drawn.Length % 3 == 0 ? _text.ToString().TrimEnd('\r', '\n') : _text.ToString();
        }

        public string Text { get; }

        public List<string> Good { get; } = [];

        public List<int> Bad { get; } = [];

        private void Row(int i, int drawn)
        {
            switch (drawn)
            {
                case < 4: AddBad($"b{i},Bot,{new string('x', 300_000)},,"); break;
                case < 8: AddBad($"b{i},Bot,\"{new string('x', 300_000)},,"); break;
                case < 12:
                    // More than a row may be long: what an open mark before it takes for its cell ends in the middle of it.
                    for (var n = 0; n < 3_000; n++)
                    {
                        AddGood($"g{i}-{n}", $",Bot,Name,{string.Concat(Enumerable.Repeat("some words ", 9))},");
                    }

                    break;
                case < 100: AddBad($"b{i},Bot,\"open,,"); break;
                case < 150: AddBad($"b{i},Bot,\"B\" x,,"); break;
                case < 200: AddBad($"b{i},Nobody,B,,"); break;
                case < 250: AddBad($"b{i},Bot,B,,,\"C, D\""); break;
                case < 300: AddBad($"b{i},Bot,B,\"one{_end}two\",\"open"); break;
                case < 350: Add(string.Empty); break;
                case < 450: AddGood($"g{i}", $",Bot,\"N, \"\"x\"\" {i}\",\"first{_end}{_end}second, \"\"x\"\"\","); break;
                case < 500: AddGood($"g{i}", ",Bot,19\" rack,,"); break;
                case < 550: AddGood($"g{i}", " , Bot , \"N\" ,,"); break;
                default: AddGood($"g{i}", $",Bot,Name {i},note,"); break;
            }
        }

        private void AddGood(string id, string rest)
        {
            Good.Add(id);
            Add(id + rest);
        }

        private void AddBad(string row)
        {
            Bad.Add(_line);
            Add(row);
        }

        private void Add(string row)
        {
            _text.Append(row).Append(_end);
            _line += 1 + row.Count(c => c == '\n');
        }
    }

    /// <summary>A network's stream: never more than so many bytes at a time.</summary>
    private sealed class Parts(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
