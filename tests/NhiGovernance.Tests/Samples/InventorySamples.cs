using NhiGovernance.Catalogue;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Samples;

public sealed class InventorySamples : ISamples
{
    public void Add(SampleSet samples)
    {
        samples.For<AssignTeam>(async s =>
        {
            var team = new Team { Id = s.NewId(), Key = s.Unique("team"), Name = s.Unique("Team") };
            s.Db.Add(team);
            var identity = await IdentityAsync(s);
            await s.Db.SaveChangesAsync();
            return new AssignTeamRequest(new IdentitySelection([identity.Id], null), team.Id);
        });
        samples.For<ReleaseHeldRun>(async s => new HeldRunRequest(await HeldAsync(s)));
        samples.For<ListHeldThings>(async s => new HeldRunRequest(await HeldAsync(s)));
        samples.For<DiscardHeldRun>(async s => new HeldRunRequest(await HeldAsync(s)));
    }

    private static async Task<Guid> HeldAsync(SampleContext s)
    {
        var identity = await IdentityAsync(s);
        var run = new PollRun
        {
            Id = s.NewId(), Number = 1, SourceId = identity.SourceId, Fence = 1, Trigger = PollTrigger.Schedule, State = PollState.Held, StartedAt = Now, HeldBack = 1,
        };
        s.Db.Add(run);
        s.Db.Add(new HeldDisappearance { RunId = run.Id, SourceId = identity.SourceId, SubjectId = identity.Id, SubjectKind = "identity" });
        await s.Db.SaveChangesAsync();
        return run.Id;
    }

    private static Task<Identity> IdentityAsync(SampleContext s)
    {
        var source = new Source { Id = s.NewId(), ConnectorKey = "file", Name = s.Unique("Source"), Settings = "{}", Host = string.Empty, CreatedAt = Now };
        var place = new Place { Id = s.NewId(), Kind = "repository", Path = s.Unique("acme/ledger"), FirstSeenAt = Now };
        var identity = new Identity
        {
            Id = s.NewId(), SourceId = source.Id, ScopeId = s.NewId(), PlaceId = place.Id, NaturalKey = "1", Kind = IdentityKind.DeployKey, Provider = "file", Name = "key",
            SortName = "key", SearchText = "key", LastUsedState = Knowledge.NotExposed, ExpiresState = Knowledge.NotExposed, Facts = "{}", Grants = "[]", JoinKeys = "[]",
            ContentHash = new byte[32], FirstSeenAt = Now, FirstRunId = s.NewId(), ChangedAt = Now, ChangedRunId = s.NewId(),
        };
        s.Db.AddRange(source, place, identity);
        return Task.FromResult(identity);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}
