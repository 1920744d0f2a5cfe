using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

/// <summary>A source and its runs, without a connector: a test says what each run reads.</summary>
internal sealed class Stage
{
    public static readonly PlaceReference Acme = new("organization", "acme");
    public static readonly Scope Root = new("repositories", "acme");
    public static readonly Scope Keys = new("deploy-keys", "acme/ledger");

    private readonly TestDatabase _database;
    private readonly TestEngine _engine;
    private long _number;

    private Stage(TestDatabase database, TestEngine engine, Guid sourceId) => (_database, _engine, SourceId) = (database, engine, sourceId);

    public Guid SourceId { get; }

    public Guid LastRunId { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Stage> OpenAsync(TestDatabase database, TestEngine engine)
    {
        var id = engine.NewId();
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        db.Add(new Source
        {
            Id = id, ConnectorKey = "github", Name = $"GitHub {id}", Settings = "{}", Host = "api.github.com", CreatedAt = engine.Clock.GetUtcNow(),
            LeaseHolder = "test", LeaseUntil = engine.Clock.GetUtcNow().AddDays(1), Fence = 1,
        });
        await db.SaveChangesAsync(Token);
        return new Stage(database, engine, id);
    }

    public static IdentityObservation Identity(string key, string? name = null) =>
        new(key, IdentityKind.DeployKey, name ?? key, new PlaceReference("repository", "acme/ledger"));

    public static CredentialObservation Credential(string key, string identity, params string[] keyIds) =>
        new(key, identity, CredentialKind.SshKey, key) { KeyIds = keyIds };

    /// <summary>One complete root scope with these things.</summary>
    public static IEnumerable<ReadEvent> Listed(params IEnumerable<Observation> things) =>
        [new ScopeStarted(Root, null), new ScopePage(Root, things.ToArray()), ScopeEnded.Complete(Root)];

    public Task<RunSummary> RunAsync(params IEnumerable<Observation> listed) => ReadAsync(Listed(listed));

    /// <summary>A whole run: lease, reading, judgement, end.</summary>
    public async Task<RunSummary> ReadAsync(IEnumerable<ReadEvent> events, bool readToEnd = true)
    {
        var ticket = await StartAsync();
        await using var writer = await _engine.Get<IObservationSink>().OpenAsync(ticket, Token);
        foreach (var read in events)
        {
            await writer.TakeAsync(read, Token);
        }

        var summary = await writer.FinishAsync(readToEnd, Token);
        await using var db = await _database.Contexts.CreateDbContextAsync(Token);
        await db.Set<PollRun>().Where(r => r.Id == ticket.RunId).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, summary.HeldBack > 0 ? PollState.Held : PollState.Complete)
                .SetProperty(r => r.ScopesStarted, summary.ScopesStarted).SetProperty(r => r.ScopesComplete, summary.ScopesComplete)
                .SetProperty(r => r.HeldBack, summary.HeldBack),
            Token);
        return summary;
    }

    /// <summary>A new run that holds the lease; the one before it has lost it.</summary>
    public async Task<RunTicket> StartAsync()
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Token);
        LastRunId = _engine.NewId();
        var fence = ++_number + 1;
        await db.Set<Source>().Where(s => s.Id == SourceId).ExecuteUpdateAsync(set => set.SetProperty(s => s.Fence, fence), Token);
        await db.Set<PollRun>().Where(r => r.SourceId == SourceId && r.State == PollState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, PollState.Abandoned), Token);
        db.Add(new PollRun
        {
            Id = LastRunId, Number = _number, SourceId = SourceId, Fence = fence, Trigger = PollTrigger.Schedule, State = PollState.Running,
            StartedAt = _engine.Clock.GetUtcNow(),
        });
        await db.SaveChangesAsync(Token);
        return new RunTicket(SourceId, LastRunId, fence, "github");
    }

    /// <summary>As if a day and more had passed: the database's clock cannot be moved, so its rows are.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Token);
        await Shift<NhiGovernance.Inventory.Identity>(db, time);
        await Shift<NhiGovernance.Inventory.Credential>(db, time);
        await Shift<Resource>(db, time);
        await ShiftScopesAsync(db, SourceId, time, Token);
    }

    /// <summary>Scopes go back with their things: what was gone with its list went when the list did.</summary>
    public static Task ShiftScopesAsync(GovernanceDb db, Guid sourceId, TimeSpan time, CancellationToken cancellationToken) =>
        db.Set<SourceScope>().Where(s => s.SourceId == sourceId).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.LastReadAt, s => s.LastReadAt!.Value - time).SetProperty(s => s.LastCompleteAt, s => s.LastCompleteAt!.Value - time)
                .SetProperty(s => s.GoneSince, s => s.GoneSince!.Value - time).SetProperty(s => s.UncoveredSince, s => s.UncoveredSince!.Value - time),
            cancellationToken);

    public async Task<List<NhiGovernance.Inventory.Identity>> IdentitiesAsync()
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Token);
        return await db.Set<NhiGovernance.Inventory.Identity>().AsNoTracking().Where(i => i.SourceId == SourceId).OrderBy(i => i.NaturalKey).ToListAsync(Token);
    }

    public async Task<NhiGovernance.Inventory.Identity> IdentityAsync(string key) => (await IdentitiesAsync()).Single(i => i.NaturalKey == key);

    public async Task<NhiGovernance.Inventory.Credential> CredentialAsync(string key)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Token);
        return await db.Set<NhiGovernance.Inventory.Credential>().AsNoTracking().SingleAsync(c => c.SourceId == SourceId && c.NaturalKey == key, Token);
    }

    public async Task<List<InventoryChange>> ChangesAsync()
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Token);
        var runs = db.Set<PollRun>().Where(r => r.SourceId == SourceId).Select(r => r.Id);
        return await db.Set<InventoryChange>().AsNoTracking().Where(c => c.RunId != null && runs.Contains(c.RunId.Value))
            .OrderBy(c => c.At).ThenBy(c => c.Id).ToListAsync(Token);
    }

    private async Task Shift<T>(GovernanceDb db, TimeSpan time)
        where T : class, IObserved =>
        await db.Set<T>().Where(r => r.SourceId == SourceId && r.MissingSince != null)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.MissingSince, r => r.MissingSince!.Value - time), Token);
}
