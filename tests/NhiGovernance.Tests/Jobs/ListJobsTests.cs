using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Jobs;
using NhiGovernance.Sources;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Jobs;

/// <summary>However many sources there are, each has its row on some page.</summary>
public sealed class ListJobsTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const int Sources = 510;
    private readonly TestEngine _engine = database.CreateEngine();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Keeping => _engine.Get<JobCatalogue>().All.Count;

    public async ValueTask InitializeAsync()
    {
        _engine.Actor.Be(Role.Engineer);
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        if (await db.Set<Source>().AnyAsync(s => s.Name.StartsWith("Many "), Token))
        {
            return;
        }

        var now = _engine.Clock.GetUtcNow();
        var sources = Enumerable.Range(0, Sources).Select(i => new Source
        {
            Id = _engine.NewId(), ConnectorKey = "git", Name = $"Many {i:000}", Settings = "{}", Host = string.Empty, CreatedAt = now, IsEnabled = i % 10 != 0,
        }).ToList();
        db.AddRange(sources);
        db.AddRange(sources.Skip(3).Take(2).Select((s, i) => new PollRun
        {
            Id = _engine.NewId(), SourceId = s.Id, Number = 1, Fence = 0, Trigger = PollTrigger.Person, State = i == 0 ? PollState.Queued : PollState.Running, StartedAt = now,
        }));
        await db.SaveChangesAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task List_PageByPage_ShowsEveryJobOnceInOneOrder()
    {
        var rows = new List<JobRow>();
        string? cursor = null;
        do
        {
            var page = await PageAsync(new ListJobsRequest(Cursor: cursor, Limit: 100));
            page.Count.Value.ShouldBe(Sources + Keeping);
            page.Items.Count.ShouldBeLessThanOrEqualTo(100);
            rows.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        rows.Select(r => r.Key).Distinct().Count().ShouldBe(Sources + Keeping);
        rows.Take(Sources).Select(r => r.Title).ShouldBe(Enumerable.Range(0, Sources).Select(i => $"Many {i:000}"));
        rows.Skip(Sources).ShouldAllBe(r => r.Kind == JobKind.Keeping);
    }

    [Theory]
    [InlineData(JobKind.Poll, null, Sources)]
    [InlineData(JobKind.Poll, JobFilter.Running, 2)]
    [InlineData(null, JobFilter.Running, 2)]
    [InlineData(JobKind.Poll, JobFilter.Off, Sources / 10)]
    [InlineData(JobKind.Keeping, JobFilter.Running, 0)]
    public async Task List_OfAKindAndState_CountsAndListsJustThose(JobKind? kind, JobFilter? state, int expected)
    {
        var page = await PageAsync(new ListJobsRequest(kind, state, Limit: 200));

        page.Count.Value.ShouldBe(expected);
        page.Items.Count.ShouldBe(Math.Min(expected, 200));
        page.Items.ShouldAllBe(j => (kind == null || j.Kind == kind) && (state != JobFilter.Off || !j.IsEnabled) && (state != JobFilter.Running || j.State != "Idle"));
    }

    [Fact]
    public async Task List_HouseKeepingAlone_ListsAllOfIt() => (await PageAsync(new ListJobsRequest(JobKind.Keeping))).Items.Count.ShouldBe(Keeping);

    [Fact]
    public async Task List_NonsenseOfACursorOrState_IsRefused()
    {
        (await _engine.Get<ListJobs>().RunAsync(new ListJobsRequest(Cursor: "x"), Token)).Error.ShouldBeOfType<Error.Invalid>();
        (await _engine.Get<ListJobs>().RunAsync(new ListJobsRequest(State: (JobFilter)7), Token)).Error.ShouldBeOfType<Error.Invalid>();
        (await _engine.Get<ListJobs>().RunAsync(new ListJobsRequest((JobKind)7), Token)).Error.ShouldBeOfType<Error.Invalid>();
    }

    private async Task<Page<JobRow>> PageAsync(ListJobsRequest request) => (await _engine.Get<ListJobs>().RunAsync(request, Token)).Value;
}
