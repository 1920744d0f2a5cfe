using System.Globalization;
using System.Text;
using FsCheck.Fluent;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Sources.Connectors.Git;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

public sealed class FileConnectorTests : IDisposable
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("nhi-files-").FullName;

    [Fact]
    public async Task Read_TheExamples_TakesEveryRow()
    {
        foreach (var name in (string[])["credentials.csv", "identities.csv", "people.csv"])
        {
            await using var example = FileConnectorExamples.Open(name)!;
            await using var file = File.Create(Path.Combine(_folder, name));
            await example.CopyToAsync(file, Cancel);
        }

        var (events, notes) = await ReadAsync();
        var seen = events.OfType<ScopePage>().SelectMany(p => p.Observations).ToList();

        notes.ShouldBeEmpty();
        events.OfType<ScopeEnded>().ShouldAllBe(e => e.Outcome == ScopeOutcome.Complete);
        seen.OfType<IdentityObservation>().Count().ShouldBe(3);
        seen.OfType<PersonObservation>().Single(p => p.Login == "ben").LeaveDate.ShouldBe(new DateOnly(2026, 6, 30));
        seen.OfType<CredentialObservation>().Select(c => c.IdentityKey).ShouldBe(["svc-batch", "svc-release", "app-backup"]);
        var release = seen.OfType<IdentityObservation>().Single(i => i.NaturalKey == "svc-release");
        release.CreatedAt.Instant.ShouldBe(new DateTimeOffset(2023, 1, 9, 7, 30, 0, TimeSpan.Zero));
        release.Grants.ShouldAllBe(g => g.AltersRelease && g.Resource.Length > 0);
        release.Place.ShouldBe(new PlaceReference("repository", "acme/ledger"));
    }

    [Fact]
    public async Task Read_TheJsonExample_SaysTheSame()
    {
        await using (var example = FileConnectorExamples.Open("inventory.json")!)
        await using (var file = File.Create(Path.Combine(_folder, "inventory.json")))
        {
            await example.CopyToAsync(file, Cancel);
        }

        var (events, _) = await ReadAsync();
        events.OfType<ScopePage>().SelectMany(p => p.Observations).Select(o => o.NaturalKey).ShouldBe(["svc-batch", "svc-release", "1002", "svc-release/key-2026"]);
        events.OfType<ScopeEnded>().ShouldAllBe(e => e.Outcome == ScopeOutcome.Complete);
    }

    [Fact]
    public async Task Read_BadRows_AreReportedWithLineAndReasonAndGoodOnesKept()
    {
        Write("identities.csv", "id,kind,name,createdAt,url\n"
            + "a,ServiceAccount,A,2026-01-01,\n"
            + "b,Robot,B,,\n"
            + "c,Service Account,C,01/02/2026,\n"
            + "a,ServiceAccount,Again,,\n"
            + "\"d\nd\",ServiceAccount,D,,\n"
            + ",ServiceAccount,E,,\n"
            + "f,ServiceAccount,F,,http://x\n"
            + "g,service-account,G,,,too,many\n"
            + "h,ServiceAccount,ghp_0123456789012345678901234567890123,,\n"
            + "i,ServiceAccount,=cmd|'/c calc'!A1,,\n");

        var memory = new KeptMemory();
        var (events, notes) = await ReadAsync(memory);

        events.OfType<ScopePage>().SelectMany(p => p.Observations).Select(o => o.NaturalKey).ShouldBe(["a", "i"]);
        var ended = events.OfType<ScopeEnded>().Last(e => e.Scope.Kind == "file");
        (ended.Outcome, ended.Error).ShouldBe((ScopeOutcome.Failed, "8 of 10 rows were refused."));
        var refused = RefusedRows.Read(await memory.GetAsync(RefusedRows.MemoryKey, Cancel)).Rows;
        refused.Select(r => r.Line).ShouldBe([3, 4, 5, 6, 8, 9, 10, 11]);
        refused[0].Reason.ShouldStartWith("kind is none of AppInstallation");
        refused[1].Reason.ShouldContain("createdat is no date");
        refused[2].Reason.ShouldContain("twice");
        refused[3].Reason.ShouldContain("more than one line");
        refused[4].Reason.ShouldBe("id missing");
        refused[5].Reason.ShouldContain("https");
        refused[6].Reason.ShouldContain("7 fields");
        refused[7].Reason.ShouldContain("looks like the value of a secret");
        string.Join('\n', notes).ShouldNotContain("ghp_");
        notes[0].ShouldStartWith("identities.csv, line 3: kind");
    }

    [Theory]
    [InlineData("password")]
    [InlineData("Client Secret")]
    [InlineData("token")]
    [InlineData("private_key")]
    [InlineData("apiKey")]
    [InlineData("secretValue")]
    public async Task Read_ColumnThatWouldHoldSecrets_RefusesTheFile(string column)
    {
        Write("identities.csv", $"id,kind,name,{column}\na,Bot,A,hunter2\n");
        var (events, notes) = await ReadAsync();
        events.OfType<ScopePage>().ShouldBeEmpty();
        events.OfType<ScopeEnded>().Last(e => e.Scope.Kind == "file").Error!.ShouldContain("would hold secrets");
        string.Join('\n', notes).ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("keyIds")]
    [InlineData("token id")]
    [InlineData("secretExpiresAt")]
    [InlineData("name")]
    public void IsSecretColumn_OfIdsAndDates_IsFalse(string column) => InventorySchema.IsSecretColumn(column).ShouldBeFalse();

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task Read_AnyMarkedEncodingAndSeparator_IsUnderstood(string encoding)
    {
        var text = Encoding.GetEncoding(encoding);
        File.WriteAllBytes(Path.Combine(_folder, "a.csv"), [.. text.GetPreamble(), .. text.GetBytes("id;kind;name\r\n1;Bot;\"Müller; Söhne\"\r\n")]);
        var (events, _) = await ReadAsync();
        events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<IdentityObservation>().ShouldHaveSingleItem().Name.ShouldBe("Müller; Söhne");
    }

    [Fact]
    public async Task Read_BytesThatAreNotUtf8_RefuseTheirRowOnly()
    {
        File.WriteAllBytes(Path.Combine(_folder, "a.csv"), [.. "id,kind,name\n1,Bot,A\n2,Bot,"u8, 0xFC, .. "\n3,Bot,C\n"u8]);
        var memory = new KeptMemory();
        var (events, _) = await ReadAsync(memory);
        events.OfType<ScopePage>().SelectMany(p => p.Observations).Select(o => o.NaturalKey).ShouldBe(["1", "3"]);
        RefusedRows.Read(await memory.GetAsync(RefusedRows.MemoryKey, Cancel)).Rows.ShouldHaveSingleItem().ShouldBe(
            new RefusedRow("a.csv", 3, "name has bytes that are not UTF-8; save the file as UTF-8"));
    }

    [Fact]
    public async Task Read_CredentialOfNobody_IsRefused()
    {
        Write("credentials.csv", "id,identity,kind\nk,nobody,SshKey\n");
        var (events, notes) = await ReadAsync();
        events.OfType<ScopePage>().ShouldBeEmpty();
        notes[0].ShouldContain("names no identity");
    }

    [Theory]
    [InlineData("more")]
    [InlineData("same size")]
    [InlineData("moved in")]
    [InlineData("gone")]
    public async Task Read_FileThatChangesMeanwhile_ConcludesNothing(string change)
    {
        var text = new StringBuilder("id,kind,name\n");
        for (var i = 0; i < 2500; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"id-{i:0000},Bot,Name\n");
        }

        Write("a.csv", text.ToString());
        Write("b.csv", "id,kind,name\nother,Bot,Other\n");
        var (ended, path) = (new List<ScopeEnded>(), Path.Combine(_folder, "a.csv"));
        await foreach (var read in new FileConnector(new InventoryFileOptions { Roots = [_folder] }).ReadAsync(Context(new KeptMemory(), []), Cancel))
        {
            if (read is ScopePage { Scope.Place: "a.csv" } page && page.Observations[0].NaturalKey == "id-0000")
            {
                switch (change)
                {
                    case "more": File.AppendAllText(path, "late,Bot,Late\n"); break;
                    case "same size":
                        var at = File.GetLastWriteTimeUtc(path);
                        File.WriteAllText(path, text.ToString().Replace("id-0001", "id-9999", StringComparison.Ordinal), new UTF8Encoding(false));
                        File.SetLastWriteTimeUtc(path, at);
                        break;
                    case "moved in":
                        Write("new", "id,kind,name\n");
                        File.Move(Path.Combine(_folder, "new"), path, overwrite: true);
                        break;
                    default: File.Delete(path); break;
                }
            }

            if (read is ScopeEnded end)
            {
                ended.Add(end);
            }
        }

        var changed = ended.Single(e => e.Scope.Place == "a.csv");
        changed.Outcome.ShouldBe(ScopeOutcome.Failed);
        changed.Error!.ShouldContain(change == "gone" ? "may not be read" : "changed while it was read");
        ended.Single(e => e.Scope.Place == "b.csv").Outcome.ShouldBe(ScopeOutcome.Complete);
    }

    [Theory]
    [InlineData("id,kind,name\nb,Robot,B\nmoved,Bot,Moved\n")]
    [InlineData("id,kind,password\n")]
    public async Task Read_RowMovedIntoAFileThatIsNotWhole_SaysNothingOfItsAbsence(string broken)
    {
        Write("a.csv", "id,kind,name\na,Bot,A\n");
        Write("b.csv", broken);
        var (events, _) = await ReadAsync();
        var ends = events.OfType<ScopeEnded>().ToDictionary(e => e.Scope.Place);
        (ends["a.csv"].Outcome, ends["a.csv"].SaysNothingOfAbsence).ShouldBe((ScopeOutcome.Complete, true));
        ends["a.csv"].Error!.ShouldContain("b.csv");
        ends["b.csv"].Outcome.ShouldBe(ScopeOutcome.Failed);
        ends["mainframe"].SaysNothingOfAbsence.ShouldBeTrue("a file that is gone may have been put into b.csv");

        Write("b.csv", "id,kind,name\nmoved,Bot,Moved\n");
        (events, _) = await ReadAsync();
        events.OfType<ScopeEnded>().ShouldAllBe(e => e.Outcome == ScopeOutcome.Complete && !e.SaysNothingOfAbsence && e.Error == null);
    }

    [Fact]
    public async Task Read_AnyBytes_EndsEveryScope()
    {
        string[] pieces = ["id,kind,name\n", "a,Bot,A\n", "\"", ",", "\n", "\r", ";", "{", "}", "[", "]", "\"format\":\"nhi-inventory/1\"", "\"identities\":", "é", "\0", "record", "1e999", "\\u0000"];
        var cases = Gen.Elements(pieces).ArrayOf().Select(string.Concat).Sample(300, 30);
        foreach (var text in cases)
        {
            Write("a.csv", text);
            var (events, _) = await ReadAsync();
            events.OfType<ScopeStarted>().Count().ShouldBe(events.OfType<ScopeEnded>().Count(), text);
        }
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
