using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NhiGovernance.Data;
using NhiGovernance.Web.Shell.Live;

namespace NhiGovernance.Tests.Shell;

public sealed class ChangeFeedTests : BunitContext
{
    [Fact]
    public async Task OnChange_ManySignalsAtOnce_AsksOnce()
    {
        using var feed = new ChangeFeed(null!, [], TimeProvider.System, NullLogger<ChangeFeed>.Instance);
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(feed);
        var calls = 0;
        var called = new TaskCompletionSource();
        var mine = new Guid(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
        Render<OnChange>(p => p.Add(o => o.Topic, "poll-run,inventory").Add(o => o.Id, mine).Add(o => o.Do, EventCallback.Factory.Create(this, () =>
        {
            calls++;
            called.TrySetResult();
        })));
        feed.Publish(new ChangeSignal("audit", mine));
        feed.Publish(new ChangeSignal("poll-run", Guid.Empty));
        for (var n = 0; n < 100; n++)
        {
            feed.Publish(new ChangeSignal("poll-run", mine));
        }

        await called.Task.WaitAsync(TimeSpan.FromSeconds(10), Xunit.TestContext.Current.CancellationToken);
        calls.ShouldBe(1);
        await DisposeComponentsAsync();
        feed.Publish(new ChangeSignal("poll-run", mine));
        calls.ShouldBe(1);
    }
}
