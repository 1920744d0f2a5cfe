using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Lists;

namespace NhiGovernance.Tests.Shell;

public sealed class ListsTests : BunitContext
{
    private static readonly FilterField Kind = new("kind", "Kind", [new("Bot", "Bot", "3"), new("Runner", "Runner", "2"), new("Own", "Own", "1")]);

    public ListsTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<ViewerTime>();
    }

    private BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    [Fact]
    public void FilterBar_AnAddressWithFilters_SaysThemAsChips()
    {
        Navigation.NavigateTo("/identities?kind=Bot,Runner&sort=-name");
        var drawn = Render<FilterBar>(p => p.Add(b => b.Fields, [Kind]));
        drawn.FindAll("span.chip > span").Select(s => s.TextContent).ShouldBe(["Kind", "is any of", "Bot, Runner"]);
    }

    [Fact]
    public void FilterBar_AValueLeftOut_SaysIsNot()
    {
        Navigation.NavigateTo("/identities?kind=!Bot");
        var drawn = Render<FilterBar>(p => p.Add(b => b.Fields, [Kind]));
        drawn.FindAll("span.chip > span").Select(s => s.TextContent).ShouldBe(["Kind", "is not", "Bot"]);
    }

    [Fact]
    public void FilterBar_ARemovedChip_LeavesTheAddressAndTheFirstPage()
    {
        Navigation.NavigateTo("/identities?kind=Bot&sort=-name&cursor=abc&open=1");
        var drawn = Render<FilterBar>(p => p.Add(b => b.Fields, [Kind]));
        drawn.Find(".chip .x").Click();
        new Uri(Navigation.Uri).PathAndQuery.ShouldBe("/identities?sort=-name");
    }

    [Fact]
    public void FacetOptions_ThreeClicks_GoFromAnyToOnlyToLeaveOutToAny()
    {
        Navigation.NavigateTo("/identities");
        var drawn = Render<FacetOptions>(p => p.Add(o => o.Field, Kind));
        foreach (var (query, state) in new[] { ("?kind=Bot", "true"), ("?kind=!Bot", "mixed"), ("", "false") })
        {
            drawn.Find("button.f").Click();
            Uri.UnescapeDataString(new Uri(Navigation.Uri).Query).ShouldBe(query);
            drawn.Render();
            drawn.Find("button.f").GetAttribute("aria-checked").ShouldBe(state);
        }
    }

    [Fact]
    public void DataTable_SortedByAColumn_SaysSoAndOffersTheOtherOrder()
    {
        Navigation.NavigateTo("/identities?kind=Bot&cursor=abc&sort=-used");
        var drawn = Table("-used");
        drawn.Find("th[aria-sort=descending] a").GetAttribute("href").ShouldBe("/identities?kind=Bot&sort=used");
        drawn.Find("th:not([aria-sort]) a").GetAttribute("href").ShouldBe("/identities?kind=Bot&sort=name");
    }

    [Fact]
    public void DataTable_Ticks_ChangeTheSelection()
    {
        var selected = new HashSet<object>();
        var called = 0;
        var drawn = Table(null, selected, () => called++);
        drawn.FindAll("tbody input")[1].Change(true);
        selected.ShouldBe([2]);
        drawn.Find("thead input").Change(true);
        selected.ShouldBe([1, 2, 3], ignoreOrder: true);
        drawn.Find("thead input").Change(false);
        selected.ShouldBeEmpty();
        called.ShouldBe(3);
    }

    [Fact]
    public void DataTable_ARowThatIsOpened_IsTheOneMeant()
    {
        var opened = 0;
        var drawn = Render<DataTable<int>>(p => p.Add(t => t.Label, "Numbers").Add(t => t.Items, [1, 2, 3]).Add(t => t.Key, i => i)
            .Add(t => t.Open, 2).Add(t => t.OnOpen, EventCallback.Factory.Create<int>(this, i => opened = i))
            .AddChildContent<Column<int>>(c => c.Add(x => x.Title, "Name").Add(x => x.ChildContent, i => $"row {i}")));
        drawn.FindAll("[data-open]")[2].Click();
        opened.ShouldBe(3);
        drawn.Find("tr.open").TextContent.ShouldContain("row 2");
    }

    private IRenderedComponent<DataTable<int>> Table(string? sort, ISet<object>? selected = null, Action? changed = null) =>
        Render<DataTable<int>>(p => p.Add(t => t.Label, "Numbers").Add(t => t.Items, [1, 2, 3]).Add(t => t.Key, i => i).Add(t => t.Sort, sort)
            .Add(t => t.Selected, selected).Add(t => t.SelectedChanged, EventCallback.Factory.Create(this, changed ?? (() => { })))
            .AddChildContent<Column<int>>(c => c.Add(x => x.Title, "Name").Add(x => x.Sort, "name").Add(x => x.ChildContent, i => $"row {i}"))
            .AddChildContent<Column<int>>(c => c.Add(x => x.Title, "Used").Add(x => x.Sort, "used").Add(x => x.DescendingFirst, true).Add(x => x.ChildContent, i => $"{i} h")));
}
