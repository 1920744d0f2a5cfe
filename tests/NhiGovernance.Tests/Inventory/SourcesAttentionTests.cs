using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Web.Inventory;
using NhiGovernance.Web.Shell;

namespace NhiGovernance.Tests.Inventory;

public sealed class SourcesAttentionTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public SourcesAttentionTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<ViewerTime>();
    }

    [Theory]
    [InlineData(PollState.Complete, true, true)]
    [InlineData(PollState.Failed, true, true)]
    [InlineData(PollState.Complete, false, true)]
    [InlineData(PollState.Complete, true, false)]
    public void Render_ARunWaitsForAPerson_SaysSoWhateverTheLastRunWas(PollState last, bool isEnabled, bool isHeld)
    {
        var drawn = Render<SourcesAttention>(p => p.Add(a => a.Rows, [Row(last, isEnabled, isHeld ? Guid.CreateVersion7(Now) : null)]));
        drawn.Markup.Contains("Held: much would go missing", StringComparison.Ordinal).ShouldBe(isHeld);
        drawn.Markup.Contains("read in time and to the end", StringComparison.Ordinal).ShouldBe(!isHeld);
    }

    private static SourceRow Row(PollState last, bool isEnabled, Guid? held) => new(
        Guid.CreateVersion7(Now), "GitHub, acme", "github", "GitHub", "i-plug", false, "github.com", isEnabled, 60, isEnabled ? Freshness.Fresh : Freshness.Off, Now, Now, Now,
        Guid.CreateVersion7(Now), last, null, null, new ScopeCounts(3, 0, 0, 0), new CurrentRun(Guid.CreateVersion7(Now), 9, PollState.Running, Now, "deploy keys", 1, false), 1, held);
}
