using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Tests.Shell;

public sealed class PartsTests : BunitContext
{
    public PartsTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<ViewerTime>();
        Services.AddScoped<ShellState>();
        Services.AddScoped<Page>();
    }

    public static TheoryData<KnownValue, string, string> States => new()
    {
        { KnownValue.Of("acme"), "kv", "acme" },
        { KnownValue.Never(new DateTimeOffset(2025, 2, 12, 0, 0, 0, TimeSpan.Zero)), "kv", "Never since 12 Feb 2025" },
        { KnownValue.UnknownBefore(new DateTimeOffset(2025, 5, 23, 0, 0, 0, TimeSpan.Zero)), "kv hole", "None since 23 May 2025, unknown before" },
        { KnownValue.NotExposed, "kv hole", "Not exposed by GitHub" },
        { KnownValue.Denied("admin:org_hook"), "kv denied", "Denied: needs admin:org_hook" },
        { KnownValue.Redacted, "kv", "Redacted value dropped on arrival" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void KnownValueView_EachState_IsDrawnAsItself(KnownValue value, string classes, string words)
    {
        var drawn = Render<KnownValueView>(p => p.Add(v => v.Value, value).Add(v => v.Source, "GitHub"));
        var span = drawn.Find(".kv");
        span.ClassName.ShouldBe(classes);
        string.Join(' ', span.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ShouldBe(words);
    }

    [Fact]
    public void KnownValueView_DeniedWithAPage_LinksToThePermission()
    {
        var drawn = Render<KnownValueView>(p => p.Add(v => v.Value, KnownValue.Denied("x")).Add(v => v.PermissionHref, "/sources/1"));
        drawn.Find("a.denied").GetAttribute("href").ShouldBe("/sources/1");
    }

    [Fact]
    public void KnownValueView_AnInstant_IsRelativeWithItsExactTime()
    {
        var drawn = Render<KnownValueView>(p => p.Add(v => v.Value, KnownValue.Of(TimeProvider.System.GetUtcNow().AddHours(-2))));
        var time = drawn.Find("time");
        time.TextContent.ShouldBe("2 h ago");
        time.GetAttribute("data-tip")!.ShouldEndWith("UTC");
        time.GetAttribute("tabindex").ShouldBe("0");
    }

    [Fact]
    public void Moment_WhenTheZoneChanges_IsDrawnAgain()
    {
        var drawn = Render<Moment>(p => p.Add(m => m.At, new DateTimeOffset(2026, 7, 1, 10, 0, 0, TimeSpan.Zero)).Add(m => m.Show, "clock"));
        drawn.Find("time").TextContent.ShouldBe("10:00");
        Services.GetRequiredService<ViewerTime>().Set("Europe/Paris", utc: false);
        drawn.WaitForAssertion(() => drawn.Find("time").TextContent.ShouldBe("12:00"), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void CoverageRail_WithHoles_LinksToThem()
    {
        var drawn = Render<CoverageRail>(p => p.Add(r => r.Known, 3).Add(r => r.Total, 4).Add(r => r.Words, "1 without use").Add(r => r.Href, "/identities?used=unknown"));
        drawn.Find("a").GetAttribute("href").ShouldBe("/identities?used=unknown");
        drawn.Find(".rail > b").GetAttribute("style").ShouldBe("width:75%");
        drawn.Find(".rail").GetAttribute("aria-label").ShouldBe("Coverage 75\u202f%");
    }

    [Fact]
    public void ConfirmDialog_AnError_StaysOpenAndSaysIt()
    {
        var open = true;
        var drawn = Render<ConfirmDialog>(p => p.Add(d => d.Title, "Remove").Add(d => d.Verb, "Remove source").Add(d => d.Open, true)
            .Add(d => d.OpenChanged, EventCallback.Factory.Create<bool>(this, value => open = value))
            .Add(d => d.OnConfirm, _ => Task.FromResult<Error?>(new Error.Conflict("It is being read."))));
        drawn.Find("footer .btn.primary").Click();
        drawn.Find("[role=alert]").TextContent.ShouldBe("It is being read.");
        open.ShouldBeTrue();
    }

    [Fact]
    public void ConfirmDialog_WhenDone_ClosesWithTheReason()
    {
        var (open, reason) = (true, "");
        var drawn = Render<ConfirmDialog>(p => p.Add(d => d.Title, "Remove").Add(d => d.Verb, "Remove source").Add(d => d.Open, true)
            .Add(d => d.AskReason, true).Add(d => d.ReasonRequired, true)
            .Add(d => d.OpenChanged, EventCallback.Factory.Create<bool>(this, value => open = value))
            .Add(d => d.OnConfirm, text => { reason = text; return Task.FromResult<Error?>(null); }));
        drawn.Find("footer .btn.primary").HasAttribute("disabled").ShouldBeTrue();
        drawn.Find("input").Input(" left the company ");
        drawn.Find("footer .btn.primary").Click();
        (open, reason).ShouldBe((false, "left the company"));
    }

    [Fact]
    public void Timeline_Entries_AreGroupedByDay()
    {
        var now = TimeProvider.System.GetUtcNow();
        var drawn = Render<Timeline>(p => p.Add(t => t.Entries,
        [
            new TimelineItem(now.AddDays(-40), "eye", "First seen", "run 1"), new TimelineItem(now.AddDays(-40), "key", "k was added", "run 1"),
            new TimelineItem(now.AddDays(-50), "eye", "Older"),
        ]));
        drawn.FindAll(".day").Count.ShouldBe(2);
        drawn.FindAll("li:not(.day)").Count.ShouldBe(3);
    }

    [Fact]
    public void Say_ASentence_ReachesTheLiveRegion()
    {
        var drawn = Render<Web.Shell.Frame.Toaster>();
        var page = Services.GetRequiredService<Page>();
        page.Say("128 identities");
        page.Toast(new Error.Conflict("Somebody changed this."));
        drawn.WaitForAssertion(() =>
        {
            drawn.Find("#said").TextContent.ShouldBe("128 identities");
            drawn.Find(".toast.bad").GetAttribute("role").ShouldBe("alert");
        }, TimeSpan.FromSeconds(10));
        drawn.Find(".toast [data-toast-close]").Click();
        drawn.FindAll(".toast").ShouldBeEmpty();
    }
}
