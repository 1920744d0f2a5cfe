using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Inventory;
using NhiGovernance.Web.Shell.Frame;
using NhiGovernance.Web.Shell.Lists;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Tests.Shell;

public sealed partial class WordsTests
{
    [Theory]
    [InlineData(0, 0, "none")]
    [InlineData(999, 1000, "99\u202f%")]
    [InlineData(1, 1000, "1\u202f%")]
    [InlineData(0, 10, "0\u202f%")]
    [InlineData(10, 10, "100\u202f%")]
    public void Percent_NearTheEnds_NeverClaimsTooMuch(long known, long total, string expected) =>
        CoverageWords.Percent(known, total).ShouldBe(expected);

    [Theory]
    [InlineData(12, 12, 0, "100\u202f%", null)]
    [InlineData(12, 12, 3, "at least 80\u202f%", "; 3 lists beside them were not read and may hold some too")]
    [InlineData(12, 12, 1, "at least 92\u202f%", "; 1 list beside them was not read and may hold some too")]
    [InlineData(0, 0, 2, "at least 0\u202f%", "; 2 lists beside them were not read and may hold some too")]
    [InlineData(0, 0, 0, "none", null)]
    public void Percent_WithListsThatMayBelongToIt_IsNeverFull(long known, long of, long unsure, string percent, string? words)
    {
        var figure = new CoverageFigure("scopes", "Lists", known, of, Unknown: null, unsure);

        CoverageWords.Percent(figure).ShouldBe(percent);
        OverviewWords.Unsure(figure).ShouldBe(words);
    }

    [Theory]
    [InlineData(1, 0, 0, "The one source was read in time and to the end.")]
    [InlineData(4, 1, 0, "All 4 sources were read in time and to the end; 1 is switched off.")]
    [InlineData(0, 2, 0, "No source is switched on; 2 are switched off.")]
    [InlineData(500, 0, 700, "The first 500 sources were read in time and to the end; of 700 more the list tells.")]
    public void Well_OfSourcesThatWereNotLookedAt_CallsNoneOfThemRead(int on, int off, int beyond, string expected) =>
        SourceFigures.Well(on, off, beyond).ShouldBe(expected);

    [Fact]
    public void From_FacetsThatWereNotCountedInFull_SayAtLeast()
    {
        static string? Shown(bool complete, string key) => IdentityFields.From(new IdentityFacetsResult([new(key, [new("x", "X", new BoundedCount(7))])], complete))
            .Single(f => f.Key == key).Options.Single().Count;

        Shown(complete: true, "team").ShouldBe("7");
        Shown(complete: false, "team").ShouldBe("7+");
        Shown(complete: false, "product").ShouldBe("7");
    }

    [Theory]
    [InlineData("lastUsedAt", "Last used at")]
    [InlineData("url", "Url")]
    [InlineData("deploy-keys", "Deploy keys")]
    public void Field_OfACamelCaseName_IsASentence(string name, string expected) => KnownWords.Field(name).ShouldBe(expected);

    [Theory]
    [InlineData("true", "Yes")]
    [InlineData("12345", "12,345")]
    [InlineData("0123", "0123")]
    [InlineData("acme", "acme")]
    public void Plain_OfAValue_IsForPeople(string text, string expected) => KnownWords.Plain(text).ShouldBe(expected);

    [Fact]
    public void Of_EveryKind_HasWordsAndAnIconOfTheSheet()
    {
        var sheet = File.ReadAllText(Path.Combine(Fixtures.Repository.Root, "src/NhiGovernance.Web/Shell/Parts/IconSprite.razor"));
        foreach (var kind in Enum.GetValues<IdentityKind>())
        {
            InventoryWords.Of(kind).ShouldNotBe(kind.ToString() + "?");
            sheet.ShouldContain($"id=\"i-{InventoryWords.Icon(kind)}\"");
        }

        foreach (var mark in Enum.GetValues<Mark>())
        {
            sheet.ShouldContain($"id=\"i-{Marks.Of(mark).Icon}\"");
        }

        foreach (var item in NavItem.All)
        {
            sheet.ShouldContain($"id=\"i-{item.Declared.Icon}\"");
        }
    }

    [Fact]
    public void Icons_NamedAnywhereInTheSource_AreOnTheSheet()
    {
        var root = Path.Combine(Fixtures.Repository.Root, "src");
        var sheet = File.ReadAllText(Path.Combine(root, "NhiGovernance.Web/Shell/Parts/IconSprite.razor"));
        var named = Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(f => IconName().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Distinct();
        named.Where(n => !sheet.Contains($"id=\"i-{n}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"(?:<Icon Name=|\bIcon=|\bIcon = )""(?:i-)?([a-z-]+)""", System.Text.RegularExpressions.RegexOptions.None, 1000)]
    private static partial System.Text.RegularExpressions.Regex IconName();

    [Fact]
    public void Of_FindingStates_DifferByOutline()
    {
        Mark[] findings = [Mark.Fail, Mark.InRotation, Mark.Excepted, Mark.Pass, Mark.NotApplicable, Mark.Unknown, Mark.Warn, Mark.Error, Mark.Deny];
        findings.Select(m => Marks.Of(m).Icon).Distinct().Count().ShouldBe(findings.Length);
        Marks.Of(Mark.Excepted).Tone.ShouldNotBe("pass");
        Marks.Of(Mark.Unknown).Tone.ShouldBe("unk");
    }

    [Fact]
    public void All_NavigationItems_HaveOneRouteAndOneKeyEach()
    {
        NavItem.All.ShouldNotBeEmpty();
        NavItem.All.Select(i => i.Route).ShouldBeUnique();
        NavItem.All.Where(i => i.Declared.Go != '\0').Select(i => i.Declared.Go).ShouldBeUnique();
        NavItem.Of("/identities/4711")!.Title.ShouldBe("Identities");
        NavItem.Of("/")!.Title.ShouldBe("Overview");
        NavItem.Of("/not-there").ShouldBeNull();
    }

    [Fact]
    public void With_AThreeWayValue_GoesRoundAndKeepsTheOthers()
    {
        var text = Picks.With("Bot", "Runner", true);
        text.ShouldBe("Bot,Runner");
        text = Picks.With(text, "Runner", Picks.Next(Picks.State(text, "Runner")));
        text.ShouldBe("Bot,!Runner");
        Picks.State(text, "Runner").ShouldBe(false);
        text = Picks.With(text, "Runner", Picks.Next(false));
        text.ShouldBe("Bot");
        Picks.With(text, "Bot", null).ShouldBe("");
    }

    [Fact]
    public void Show_AWayThroughPages_LeadsBack()
    {
        var trail = new CursorTrail();
        trail.Show(null);
        trail.IsFirst.ShouldBeTrue();
        trail.Show("a");
        trail.Show("b");
        trail.Previous.ShouldBe("a");
        trail.Show("a");
        trail.Previous.ShouldBeNull();
        trail.IsFirst.ShouldBeFalse();
        trail.Reset();
        trail.Show("sent-link");
        trail.Previous.ShouldBeNull();
        CursorTrail.Range(50, 20, new BoundedCount(10_001)).ShouldBe("51 to 70 of 10,000+");
    }

    [Fact]
    public void Read_ColumnsOfALink_SkipsWhatIsNone() =>
        IdentityColumns.Read("kind,evil,owner").ShouldBe(["kind", "owner"], ignoreOrder: true);
}
