using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Access;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Common.Sealing;

public sealed class KeyRotationTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WithValuesUnderTheOldKey_LeavesAllReadableAndTheOldKeyRetired()
    {
        await using var engine = database.CreateEngine();
        var places = await SealAsync(engine, 3);
        var fingerprint = await engine.Get<IFingerprinter>().ComputeAsync("copy"u8.ToArray(), Cancellation);
        var old = await engine.Get<IKeyRing>().CurrentKeyIdAsync(Cancellation);

        var outcome = (await engine.Get<KeyRotation>().RunAsync(Cancellation)).Value;

        outcome.Rewrapped.ShouldBeGreaterThanOrEqualTo(4);
        outcome.Retired.ShouldContain(old);
        await ShouldOpenAsync(engine, places, outcome.NewKeyId);

        // The next rotation destroys what this one retired; fingerprints stay what they were, in a new process too.
        var next = (await engine.Get<KeyRotation>().RunAsync(Cancellation)).Value;
        next.Forgotten.ShouldContain(old);
        File.Exists(Path.Combine(engine.Get<IKeyRing>().Place, old + ".retired")).ShouldBeFalse();
        await ShouldOpenAsync(engine, places, next.NewKeyId);
        using var anew = ActivatorUtilities.CreateInstance<Fingerprinter>(engine.Services);
        (await anew.ComputeAsync("copy"u8.ToArray(), Cancellation)).ShouldBe(fingerprint);
        (await anew.ComputeAsync("other"u8.ToArray(), Cancellation)).ShouldNotBe(fingerprint);
        await CleanAsync();
    }

    [Fact]
    public async Task Run_InterruptedAfterTheNewKey_LeavesAllReadableAndTheNextRunFinishes()
    {
        await using var engine = database.CreateEngine();
        var places = await SealAsync(engine, 2);
        var old = await engine.Get<IKeyRing>().CurrentKeyIdAsync(Cancellation);
        var dying = engine.Get<IEnumerable<ISealedStore>>().Append(new DyingStore()).ToList();
        var rewrap = new RewrapSealedValues(engine.Get<CommandDoor>(), dying, engine.Get<ISealer>(), engine.Get<IKeyRing>());
        var rotation = new KeyRotation(engine.Get<IKeyRing>(), rewrap, dying, engine.Get<ISealer>(), engine.Get<IDbContextFactory<GovernanceDb>>(), engine.Get<NoteRotation>());

        await Should.ThrowAsync<IOException>(() => rotation.RunAsync(Cancellation));

        await ShouldOpenAsync(engine, places, old);
        var finished = (await engine.Get<KeyRotation>().RunAsync(Cancellation)).Value;
        await ShouldOpenAsync(engine, places, finished.NewKeyId);
        finished.Retired.ShouldContain(old);
        await CleanAsync();
    }

    [Fact]
    public void SealedColumns_AllOfThem_AreKnownToRotation()
    {
        using var db = database.OpenAsOwner();
        var columns = db.Model.GetEntityTypes()
            .SelectMany(e => e.GetProperties()).Where(p => p.ClrType == typeof(byte[]) && p.Name.StartsWith("Sealed", StringComparison.Ordinal))
            .Select(p => p.DeclaringType.ClrType.Name).Distinct().ToList();
        var stores = typeof(ISealedStore).Assembly.GetTypes().Count(t => t is { IsClass: true, IsAbstract: false } && typeof(ISealedStore).IsAssignableFrom(t));

        columns.Count.ShouldBeGreaterThanOrEqualTo(3);
        stores.ShouldBe(columns.Count, $"Every table with a sealed column needs an ISealedStore: {string.Join(", ", columns)}");
    }

    private static async Task<List<Guid>> SealAsync(TestEngine engine, int count)
    {
        await using var db = await engine.Get<IDbContextFactory<GovernanceDb>>().CreateDbContextAsync(Cancellation);
        var ids = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var id = engine.NewId();
            var key = new DataProtectionKey
            {
                Id = id,
                Name = $"key {i}",
                Sealed = await engine.Get<ISealer>().SealAsync(Encoding.UTF8.GetBytes($"value {id}"), new SealedPlace(id, "xml"), Cancellation),
                CreatedAt = engine.Clock.GetUtcNow(),
            };
            db.Add(key);
            ids.Add(id);
        }

        await db.SaveChangesAsync(Cancellation);
        return ids;
    }

    private static async Task ShouldOpenAsync(TestEngine engine, List<Guid> ids, string keyId)
    {
        await using var db = await engine.Get<IDbContextFactory<GovernanceDb>>().CreateDbContextAsync(Cancellation);
        foreach (var key in await db.Set<DataProtectionKey>().Where(k => ids.Contains(k.Id)).ToListAsync(Cancellation))
        {
            Encoding.UTF8.GetString(await engine.Get<ISealer>().OpenAsync(key.Sealed, key.Place, Cancellation)).ShouldBe($"value {key.Id}");
            engine.Get<ISealer>().KeyIdOf(key.Sealed).ShouldBe(keyId);
        }
    }

    private async Task CleanAsync()
    {
        await using var db = database.OpenAsOwner();
        await db.Set<DataProtectionKey>().ExecuteDeleteAsync(Cancellation);
        await db.Set<SealedKey>().ExecuteDeleteAsync(Cancellation);
    }

    private sealed class DyingStore : ISealedStore
    {
        public string Name => "one that dies";

        public Task<IReadOnlyList<SealedRow>> ReadAsync(GovernanceDb db, Guid after, int limit, CancellationToken cancellationToken) =>
            throw new IOException("The machine went away.");

        public Task<bool> ReplaceAsync(GovernanceDb db, SealedRow old, byte[] rewrapped, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task DropAsync(CommandContext context, IReadOnlyList<Guid> ids, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
