using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Web.Inventory;
using NhiGovernance.Web.Shell;

namespace NhiGovernance.Tests.Inventory;

/// <summary>What the page of an identity says of its credentials and grants: all that is known, and where it was cut.</summary>
public sealed class CredentialsPanelTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Holder = Guid.CreateVersion7(Now);

    public CredentialsPanelTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(new FakeClock(Now));
        Services.AddScoped<ViewerTime>();
    }

    [Fact]
    public void Unfold_ACopyInCi_ShowsEveryFactWithHowWellItIsKnown()
    {
        var drawn = Draw([Row("DEPLOY_TOKEN") with
        {
            Facts = new Dictionary<string, KnownValue>
            {
                ["createdAt"] = KnownValue.Of(Now.AddDays(-3)),
                ["expiresAt"] = KnownValue.NotExposed,
                ["lastUsedAt"] = KnownValue.NotExposed,
                ["environment"] = KnownValue.Of("production"),
                ["notes"] = KnownValue.Of(""),
                ["repositories"] = KnownValue.Denied("organization_secrets (read)"),
                ["store"] = KnownValue.Of("actions"),
                ["value"] = KnownValue.Redacted,
                ["visibility"] = KnownValue.Of("selected"),
                ["writtenAt"] = KnownValue.Of(Now.AddHours(-2)),
                ["writtenBy"] = KnownValue.NotExposed,
            },
        }]);

        drawn.FindAll(".facts").ShouldBeEmpty();
        drawn.Find("button.unfold").Click();

        Said(drawn).ShouldBe(
        [
            "Key ids: None shown by GitHub, so a changed key is not noticed here",
            "Created: 3 d ago",
            "Last used: Not exposed by GitHub",
            "Expires: Never",
            "Environment: production",
            "Notes: None",
            "Repositories: Denied: needs organization_secrets (read)",
            "Store: actions",
            "Value: Redacted value dropped on arrival",
            "Visibility: selected",
            "Written at: 2 h ago",
            "Written by: Not exposed by GitHub",
            "First seen: 3 d ago",
            "Last seen: 1 h ago",
        ]);
    }

    [Fact]
    public void Unfold_SeveralKeys_ShowsEachInFull()
    {
        string[] keys = ["SHA256:" + new string('a', 43), "SHA256:" + new string('b', 43)];
        var drawn = Draw([Row("key") with { KeyIds = keys, MaterialChangedAt = Now.AddHours(-3) }]);

        drawn.Find(".under").TextContent.ShouldEndWith(" and 1 more");
        drawn.Find("button.unfold").Click();

        drawn.FindAll("dd.mono").Select(d => d.TextContent).ShouldBe(keys);
        Said(drawn).ShouldContain("Key changed: 3 h ago");
    }

    [Fact]
    public void Unfold_AKeyThatIsAsItWasFirstSeen_IsNotCalledChanged()
    {
        var row = Row("key") with { KeyIds = ["SHA256:a"] };
        var drawn = Draw([row with { MaterialChangedAt = row.FirstSeenAt }]);
        drawn.Find("button.unfold").Click();
        Said(drawn).ShouldContain(s => s.StartsWith("Key changed: Not since ", StringComparison.Ordinal));
    }

    [Fact]
    public void Unfold_AFactThatIsAList_ShowsItsItems()
    {
        var drawn = Draw([Row("key") with { Facts = new Dictionary<string, KnownValue> { ["scopes"] = KnownValue.Of("""["repo","read:org"]""") } }]);

        drawn.Find("button.unfold").Click();

        drawn.FindAll(".facts dd > div").Select(d => d.TextContent).ShouldBe(["repo", "read:org"]);
    }

    [Fact]
    public void Unfold_OneOfTwo_SaysWhichAndFoldsAgain()
    {
        var drawn = Draw([Row("first"), Row("second")]);
        drawn.FindAll("button.unfold")[1].Click();

        drawn.FindAll("button.unfold").Select(b => b.GetAttribute("aria-expanded")).ShouldBe(["false", "true"]);
        var open = drawn.Find("button.unfold[aria-expanded=true]");
        open.GetAttribute("aria-label").ShouldBe("All that is known of second");
        drawn.Find("tr.known").Id.ShouldBe(open.GetAttribute("aria-controls"));

        open.Click();
        drawn.FindAll("tr.known").ShouldBeEmpty();
    }

    [Fact]
    public void Panel_OfMoreThanItShows_SaysSoAndLinksToAll()
    {
        var drawn = Draw([Row("a"), Row("b"), Row("c")], count: 1_234);

        drawn.Find("footer").TextContent.ShouldContain("The first 3 of 1,234 are shown, present ones first.");
        drawn.Find("footer a").GetAttribute("href").ShouldBe($"/credentials?identity={Holder}");
    }

    [Fact]
    public void Panel_OfAllThereAre_SaysNothingOfACut() => Draw([Row("a"), Row("b")]).Find("footer").TextContent.Trim().ShouldBeEmpty();

    [Fact]
    public void Panel_InShort_LinksToAllByTheirRealNumber()
    {
        var drawn = Draw([Row("a"), Row("b"), Row("c")], count: 1_234, top: 2, href: "/identities/1?tab=credentials");

        drawn.FindAll("button.unfold").Count.ShouldBe(2);
        drawn.Find("header a").TextContent.ShouldBe("All 1,234");
        drawn.Find("footer").TextContent.Trim().ShouldBeEmpty();
    }

    [Fact]
    public void Chip_OfOneIdentity_IsTakenOutOfTheAddressWithThePage()
    {
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo($"/credentials?identity={Holder}&kind=SshKey&cursor=abc&from=50&open={Holder}");

        var drawn = Render<CredentialOwnerChip>(p => p.Add(c => c.Name, "release-bot"));

        drawn.FindAll(".chip > span").Select(s => s.TextContent).ShouldBe(["Of identity", "release-bot"]);
        drawn.Find("a.x").GetAttribute("href").ShouldBe("/credentials?kind=SshKey");
    }

    [Fact]
    public void Grants_AsManyAsAreKept_AreAtLeastSoMany()
    {
        var all = Enumerable.Range(0, GetIdentity.MostGrants).Select(i => new GrantObservation("push", $"acme/{i:0000}", AltersRelease: i < 3)).ToArray();

        InventoryWords.Grants(all).ShouldBe("at least 1,000");
        InventoryWords.Grants(all, 3).ShouldBe("at least 3");
        InventoryWords.Grants(all[1..]).ShouldBe("999");
        Render<GrantsPanel>(p => p.Add(g => g.Grants, all)).Find("footer").TextContent.ShouldContain("The first 1,000 by resource are kept: it may have more.");
        var few = Render<GrantsPanel>(p => p.Add(g => g.Grants, all).Add(g => g.Top, 8).Add(g => g.Href, "/all"));
        few.Find("header a").TextContent.ShouldBe("The first 1,000");
        few.Find("footer").TextContent.Trim().ShouldBeEmpty();
        Render<GrantsPanel>(p => p.Add(g => g.Grants, all[1..]).Add(g => g.Top, 8).Add(g => g.Href, "/all")).Find("header a").TextContent.ShouldBe("All 999");
    }

    private static CredentialRow Row(string name) => new(
        Guid.CreateVersion7(Now), Holder, "release-bot", CredentialKind.CiSecret, name, Presence.Present, false, [], null, KnownValue.Of(Now.AddDays(-3)),
        KnownValue.NotExposed, KnownValue.Never(), new Dictionary<string, KnownValue>(), Now.AddDays(-3), Now.AddHours(-1), null);

    private IRenderedComponent<CredentialsPanel> Draw(IReadOnlyList<CredentialRow> rows, int? count = null, int top = int.MaxValue, string? href = null) =>
        Render<CredentialsPanel>(p => p.Add(c => c.Rows, rows).Add(c => c.Count, new BoundedCount(count ?? rows.Count)).Add(c => c.Identity, Holder)
            .Add(c => c.Provider, "github").Add(c => c.Top, top).Add(c => c.Href, href));

    /// <summary>"Store: actions", as a reader has it.</summary>
    private static IEnumerable<string> Said(IRenderedComponent<CredentialsPanel> drawn) =>
        drawn.FindAll(".facts dt").Select(t => $"{Line(t)}: {Line(t.NextElementSibling!)}");

    private static string Line(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
