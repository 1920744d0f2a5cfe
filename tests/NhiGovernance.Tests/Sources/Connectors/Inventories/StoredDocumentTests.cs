using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Inventory;
using NhiGovernance.Jobs;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Documents;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

/// <summary>Uploaded documents are rows: any worker reads the same ones, and a run that misses one concludes nothing.</summary>
public sealed class StoredDocumentTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Two = "id,kind,name\na,ServiceAccount,A\nb,ServiceAccount,B\n";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OnAnotherMachine_ReadsWhatWasUploadedHere()
    {
        await using var here = Engine();
        var source = await AddAsync(here);
        await UploadAsync(here, source, "a.csv", Two);

        await using var there = Engine();
        var run = await PollAsync(there, source);

        run.State.ShouldBe(PollState.Complete);
        (await PresentAsync(source)).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("changed")]
    [InlineData("shorter")]
    public async Task Run_WithoutTheBytesOfADocument_IsNotCompleteAndRetiresNothing(string harm)
    {
        await using var engine = Engine();
        var source = await AddAsync(engine);
        await UploadAsync(engine, source, "a.csv", Two);
        await UploadAsync(engine, source, "b.csv", "id,kind,name\nc,ServiceAccount,C\n");
        (await PollAsync(engine, source)).State.ShouldBe(PollState.Complete);
        await using var db = database.OpenAsOwner();
        var id = await db.Set<StoredDocument>().Where(d => d.SourceId == source && d.Name == "a.csv").Select(d => d.Id).SingleAsync(Cancel);
        var chunks = db.Set<StoredDocumentChunk>().Where(c => c.DocumentId == id);
        var less = Encoding.UTF8.GetBytes("id,kind,name\na,ServiceAccount,A\n");
        _ = harm switch
        {
            "gone" => await chunks.ExecuteDeleteAsync(Cancel),
            "changed" => await chunks.ExecuteUpdateAsync(c => c.SetProperty(x => x.Content, Encoding.UTF8.GetBytes(Two.Replace('b', 'x'))), Cancel),
            _ => await chunks.ExecuteUpdateAsync(c => c.SetProperty(x => x.Content, less).SetProperty(x => x.Length, less.Length), Cancel),
        };

        var run = await PollAsync(engine, source);

        run.State.ShouldBe(PollState.Partial);
        run.Problems!.ShouldContain("Upload it again");
        (await PresentAsync(source)).ShouldBe(["a", "b", "c"]);
        (await db.Set<SourceScope>().Where(s => s.SourceId == source && s.Kind == "files").Select(s => s.LastOutcome).SingleAsync(Cancel)).ShouldBe(ScopeOutcome.Failed);
    }

    [Fact]
    public async Task Stage_OfWhatNobodyShouldHaveWrittenDown_KeepsNothingReadable()
    {
        await using var engine = Engine();
        var staged = (await engine.Get<DocumentStore>().StageAsync("a.csv", new MemoryStream("id,password\n1,hunter2-hunter2"u8.ToArray()), 100, Cancel))!;
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var bytes = await db.Set<StoredDocumentChunk>().Where(c => c.DocumentId == staged.Id).Select(c => c.Content).SingleAsync(Cancel);
        bytes.AsSpan().IndexOf("hunter2"u8).ShouldBe(-1);
    }

    [Fact]
    public async Task Stage_OfSeveralChunks_GivesBackTheSameBytesFromAnyPosition()
    {
        await using var engine = Engine();
        var store = engine.Get<DocumentStore>();
        foreach (var size in (int[])[0, 1, DocumentStore.ChunkBytes, DocumentStore.ChunkBytes + 1, (2 * DocumentStore.ChunkBytes) + 12_345])
        {
            var bytes = new byte[size];
            new Random(size).NextBytes(bytes);
            var staged = (await store.StageAsync("x.csv", new Dribble(bytes), size, Cancel))!;
            staged.Bytes.ShouldBe(size);
            staged.Digest.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
            await using (var db = await database.Contexts.CreateDbContextAsync(Cancel))
            {
                (await DocumentStore.IsWholeAsync(db, staged, Cancel)).ShouldBeTrue();
                (await db.Set<StoredDocumentChunk>().Where(c => c.DocumentId == staged.Id).MaxAsync(c => (int?)c.Length, Cancel) ?? 0).ShouldBeLessThanOrEqualTo(DocumentStore.ChunkBytes);
            }

            var documents = store.Of(Guid.Empty);
            await using var stream = documents.Open(new SourceDocument(staged.Id, "x.csv", size, Convert.FromHexString(staged.Digest)));
            var copy = new MemoryStream();
            await stream.CopyToAsync(copy, Cancel);
            copy.ToArray().AsSpan().SequenceEqual(bytes).ShouldBeTrue();
            stream.Position = size / 2;
            var rest = new byte[size - (size / 2)];
            await stream.ReadExactlyAsync(rest, Cancel);
            rest.AsSpan().SequenceEqual(bytes.AsSpan(size / 2)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Upload_OfAnotherUnderTheSameName_LeavesTheOldOneToRunsThatBegan()
    {
        await using var engine = Engine();
        var source = await AddAsync(engine);
        await UploadAsync(engine, source, "a.csv", Two);
        var documents = engine.Get<DocumentStore>().Of(source);
        var begun = (await documents.ListAsync(Cancel)).ShouldHaveSingleItem();
        await UploadAsync(engine, source, "a.csv", "id,kind,name\nz,ServiceAccount,Z\n");

        (await documents.ListAsync(Cancel)).ShouldHaveSingleItem().Id.ShouldNotBe(begun.Id);
        using var reader = new StreamReader(documents.Open(begun));
        (await reader.ReadToEndAsync(Cancel)).ShouldBe(Two);

        // A day later nobody reads it any more.
        var job = engine.Get<JobCatalogue>().Find("remove-old-documents")!;
        await job.RunAsync(new JobContext(engine.Clock.GetUtcNow().AddHours(23), _ => { }), Cancel);
        (await CountAsync(begun.Id)).ShouldBe(1);
        await job.RunAsync(new JobContext(engine.Clock.GetUtcNow().AddHours(25), _ => { }), Cancel);
        (await CountAsync(begun.Id)).ShouldBe(0);
        (await documents.ListAsync(Cancel)).ShouldHaveSingleItem();

        async Task<int> CountAsync(Guid id)
        {
            await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
            return await db.Set<StoredDocumentChunk>().CountAsync(c => c.DocumentId == id, Cancel);
        }
    }

    /// <summary>A machine: it has a data folder of its own, and the keys that all of them share.</summary>
    private TestEngine Engine() => database.CreateEngine(settings: new Dictionary<string, string?> { ["Keys:Folder"] = SourceWorld.KeysOf(database) });

    private static async Task<Guid> AddAsync(TestEngine engine) => (await engine.Get<CreateSource>().RunAsync(
        new CreateSourceRequest("file", $"Files {Guid.CreateVersion7()}", new Dictionary<string, string> { ["from"] = "upload" }, PollNow: false), Cancel)).Value.Id;

    private static async Task UploadAsync(TestEngine engine, Guid source, string name, string text)
    {
        var stored = await engine.Get<StoreInventoryDocument>().RunAsync(
            new StoreInventoryDocumentRequest(source, name, new MemoryStream(Encoding.UTF8.GetBytes(text))), Cancel);
        stored.IsOk.ShouldBeTrue(stored.Error?.Message);
    }

    private static async Task<PollRun> PollAsync(TestEngine engine, Guid source)
    {
        var run = (await engine.Get<PollNow>().RunAsync(new PollNowRequest(source), Cancel)).Value.RunId;
        await engine.Get<PollSource>().RunAsync(run, Cancel);
        await using var db = await engine.Get<IDbContextFactory<GovernanceDb>>().CreateDbContextAsync(Cancel);
        return await db.Set<PollRun>().AsNoTracking().SingleAsync(r => r.Id == run, Cancel);
    }

    private async Task<List<string>> PresentAsync(Guid source)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<Identity>().Where(i => i.SourceId == source && i.Presence == Presence.Present).Select(i => i.NaturalKey).Order().ToListAsync(Cancel);
    }

    /// <summary>Gives at most 4,097 bytes at a time, as a network does.</summary>
    private sealed class Dribble(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 4_097)], cancellationToken);
    }
}
