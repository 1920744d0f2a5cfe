using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Sources;

namespace NhiGovernance.Tests.Data.SqlServer.Mirror;

/// <summary>Polls of one source that between them take every way through the reconcile: new, changed, unchanged, gone, back, held, retired, not covered.</summary>
internal sealed class ScriptedPolls(SourceWorld world)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly Scope Root = new("repositories", "acme");
    private static readonly Scope Keys = new("deploy-keys", "acme/ledger");
    private static readonly Scope Hooks = new("webhooks", "acme/further");
    private static readonly Scope Log = new("audit-log", "acme");

    private Guid _source;

    public List<(string What, PollState State)> Ends { get; } = [];

    public async Task RunAsync()
    {
        _source = await world.AddAsync();
        Observation[] all = [.. Things(0, 40), .. People("active")];
        await PollAsync("all is new", PollState.Complete, Listed(all));
        await PollAsync("all is as it was", PollState.Complete, Listed(all));
        await PollAsync("some changed, a key was added, a place moved", PollState.Complete, Listed([.. Changed(), .. Things(5, 40), .. People("left")]));
        await PollAsync("two are gone", PollState.Complete, Listed([.. Things(2, 40), .. People("active")[..1]]));
        await world.InAsync(async db => await ShiftAsync<Identity>(db) + await ShiftAsync<Credential>(db) + await ShiftAsync<Resource>(db) + await ShiftAsync<PersonHandle>(db));
        await PollAsync("they are gone for good", PollState.Complete, Listed([.. Things(2, 40), .. People("active")[..1]]));
        await PollAsync("they are back", PollState.Complete, Listed(all));
        var held = await PollAsync("too much is gone", PollState.Held, Listed(Things(0, 10)));
        await SettleAsync(world.Engine.Get<ReleaseHeldRun>(), held);
        await PollAsync("what was released is back", PollState.Complete, Listed(all));
        held = await PollAsync("too much is gone again", PollState.Held, Listed(Things(0, 10)));
        await SettleAsync(world.Engine.Get<DiscardHeldRun>(), held);
        await PollAsync("too much is gone once more", PollState.Held, Listed(Things(0, 10)));
        await PollAsync("a later run supersedes", PollState.Complete, Listed(all));
        await PollAsync("there is one more place with a list", PollState.Complete, [.. Listed(all), .. Further(null)]);
        await PollAsync("it vanished with its place", PollState.Complete, Listed(all));
        await PollAsync("and is there again, as it was", PollState.Complete, [.. Listed(all), .. Further(ScopeEnded.Unchanged(Hooks))]);
        await PollAsync("the settings no longer ask for a list", PollState.Complete, [new ScopeStarted(Log, null), ScopeEnded.Complete(Log)]);
        await PollAsync("and ask again, as it was", PollState.Complete, [new ScopeStarted(Root, null), ScopeEnded.Unchanged(Root), new ScopeStarted(Keys, Root), ScopeEnded.Unchanged(Keys), .. Further(ScopeEnded.Unchanged(Hooks))]);
        await PollAsync("one list is denied", PollState.Partial, [.. Listed(all, ScopeEnded.Denied(Keys, "administration:read")), .. Further(null)]);
        await PollAsync("nobody listed the owner, and one has no key", PollState.Complete, [.. Listed([.. all, Key("lost", "nobody"), Key("", "i1")]), .. Further(null)]);
        await PartAsync([.. all.OfType<CredentialObservation>().Skip(1)]);
    }

    /// <summary>A run of two lists: of one a thing is gone, and the other breaks off, so that it is asked for again.</summary>
    private async Task PartAsync(Observation[] keys)
    {
        await world.InAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            await world.Engine.Get<PollQueue>().AddAsync(
                db, _source, PollTrigger.Webhook, TimeSpan.Zero, Cancel, [new ReadTarget(Keys.Place, Keys.Kind), new ReadTarget(Hooks.Place, Hooks.Kind)]);
            await transaction.CommitAsync(Cancel);
            return 0;
        });
        var run = await world.InAsync(db => db.Set<PollRun>().Where(r => r.SourceId == _source && r.State == PollState.Queued).Select(r => r.Id).SingleAsync(Cancel));
        world.Connector.Script = (context, token) => ReadAsync(
            context,
            [
                new ScopeStarted(Keys, Root), new ScopePage(Keys, keys), ScopeEnded.Complete(Keys), new ScopeStarted(Hooks, Root),
                ScopeEnded.Failed(Hooks, "It broke off."),
            ],
            token);
        (await world.Poll.RunAsync(run, Cancel)).ShouldBe(PollState.Partial);
        Ends.Add(("a webhook named two lists", PollState.Partial));
    }

    /// <summary>Deaths and ends that are not a reading's own.</summary>
    public async Task EndAsync()
    {
        world.Connector.Script = (_, _) => throw new InvalidOperationException("A fault of the connector.");
        (await world.RunAsync(_source)).State.ShouldBe(PollState.Failed);

        world.Connector.Script = Waiting;
        var cancelled = await world.QueueAsync(_source);
        var running = world.Poll.RunAsync(cancelled, Cancel);
        await SourceWorld.UntilAsync(async () => (await world.RowAsync(cancelled)).Progress is "waiting");
        (await world.Engine.Get<NhiGovernance.Sources.Runs.CancelRun>().RunAsync(new(cancelled), Cancel)).IsOk.ShouldBeTrue();
        (await running).ShouldBe(PollState.Cancelled);

        var lost = await world.QueueAsync(_source);
        running = world.Poll.RunAsync(lost, Cancel);
        await SourceWorld.UntilAsync(async () => (await world.RowAsync(lost)).Progress is "waiting");
        await world.ExpireLeaseAsync(_source);
        await SourceWorld.UntilAsync(async () => await world.Poll.TakeOverAsync(Cancel) > 0 || (await world.RowAsync(lost)).State == PollState.Abandoned);
        (await running).ShouldBe(PollState.Abandoned);

        using var stop = new CancellationTokenSource();
        var worker = world.Engine.Get<NhiGovernance.Sources.Runs.PollWorker>();
        await SourceWorld.UntilAsync(async () => await worker.StartDueAsync(stop.Token) > 0 || worker.Running > 0);
        await stop.CancelAsync();
        await worker.DrainAsync();

        var row = await world.SourceAsync(_source);
        (await world.Engine.Get<NhiGovernance.Sources.Manage.RemoveSource>().RunAsync(new(_source, row.Version), Cancel)).IsOk.ShouldBeTrue();
    }

    private static async IAsyncEnumerable<ReadEvent> Waiting(ConnectorContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        context.Progress("waiting");
        yield return new ScopeStarted(Root, null);
        await Task.Delay(Timeout.Infinite, token);
    }

    /// <summary>Only a person may.</summary>
    private async Task SettleAsync(Command<HeldRunRequest, HeldRunResult> command, Guid run)
    {
        world.Engine.Actor.Be(Role.Admin);
        (await command.RunAsync(new HeldRunRequest(run), Cancel)).IsOk.ShouldBeTrue();
        world.Engine.Actor.BeSystem("test");
    }

    private async Task<Guid> PollAsync(string what, PollState expected, IEnumerable<ReadEvent> events)
    {
        world.Connector.Script = (context, token) =>
        {
            context.Progress(what);
            return ReadAsync(context, events, token);
        };
        var run = await world.RunAsync(_source);
        Ends.Add((what, run.State));
        run.State.ShouldBe(expected, what);
        return run.Id;
    }

    private static async IAsyncEnumerable<ReadEvent> ReadAsync(
        ConnectorContext context, IEnumerable<ReadEvent> events, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        await context.Memory.GetAsync("etag", token);
        await context.Memory.SetAsync("etag", "1", token);
        await context.Secrets.OpenAsync("token", token);
        await context.Secrets.ExpiresAsync("token", new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), token);
        foreach (var read in events)
        {
            yield return read;
        }
    }

    private static IEnumerable<ReadEvent> Listed(Observation[] things, ScopeEnded? end = null)
    {
        Observation[] ofKeys = [.. things.Where(t => t is CredentialObservation)];
        Observation[] ofRoot = [.. things.Where(t => t is not CredentialObservation)];
        yield return new ScopeStarted(Root, null);
        yield return new ScopePage(Root, ofRoot);
        yield return ScopeEnded.Complete(Root);
        yield return new ScopeStarted(Keys, Root);
        if (end is null)
        {
            yield return new ScopePage(Keys, ofKeys);
        }

        yield return end ?? ScopeEnded.Complete(Keys);
    }

    private static IEnumerable<ReadEvent> Further(ScopeEnded? end)
    {
        yield return new ScopeStarted(Hooks, Root);
        if (end is null)
        {
            yield return new ScopePage(Hooks, [.. Things(100, 102), .. People("active")[..1].Select(p => p with { NaturalKey = "person:cleo" })]);
        }

        yield return end ?? ScopeEnded.Complete(Hooks);
    }

    private static Observation[] Things(int from, int to) =>
    [
        .. Enumerable.Range(from, to - from).SelectMany(n => (Observation[])
        [
            new IdentityObservation($"i{n}", IdentityKind.DeployKey, $"Key {n}", new PlaceReference("repository", "acme/ledger")) { ExpiresAt = KnownValue.Never() },
            Key($"c{n}", $"i{n}"),
            new ResourceObservation($"r{n}", ResourceKind.Repository, $"Repository {n}", new PlaceReference("organization", "acme")),
        ]),
    ];

    private static Observation[] Changed() =>
    [
        .. Enumerable.Range(0, 5).SelectMany(n => (Observation[])
        [
            new IdentityObservation($"i{n}", IdentityKind.DeployKey, $"Renamed {n}", new PlaceReference("repository", "acme/other"))
            {
                Grants = [new GrantObservation("write", "acme/other", AltersRelease: true)],
            },
            Key($"c{n}", $"i{n + 1}", "SHA256:new"),
            Key($"d{n}", $"i{n}"),
        ]),
    ];

    private static CredentialObservation Key(string key, string identity, string id = "SHA256:old") =>
        new(key, identity, CredentialKind.SshKey, key) { KeyIds = [id], ExpiresAt = KnownValue.Of(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)) };

    private static Observation[] People(string status) =>
    [
        .. ((string[])["ann", "ben"]).Select(login => new PersonObservation($"person:{login}", login)
        {
            Email = KnownValue.Of($"{login}@acme.test"), Status = status == "left" ? PersonStatus.Left : PersonStatus.Active,
        }),
    ];

    private Task<int> ShiftAsync<T>(NhiGovernance.Data.GovernanceDb db)
        where T : class, IObserved =>
        db.Set<T>().Where(r => r.SourceId == _source && r.MissingSince != null)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.MissingSince, r => r.MissingSince!.Value.AddDays(-2)), Cancel);
}
