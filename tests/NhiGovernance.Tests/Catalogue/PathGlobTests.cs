using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck.Fluent;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Catalogue;

public sealed class PathGlobTests
{
    [Theory]
    [InlineData("acme/ledger", "acme/ledger", true)]
    [InlineData("acme/ledger", "ACME/Ledger", true)]
    [InlineData("acme/ledger", "acme/ledger-api", false)]
    [InlineData("acme/pay-*", "acme/pay-", true)]
    [InlineData("acme/pay-*", "acme/pay-out/x", false)]
    [InlineData("acme/*", "acme/a/b", false)]
    [InlineData("acme/**", "acme/a/b", true)]
    [InlineData("acme/**", "acme", false)]
    [InlineData("**", "", true)]
    [InlineData("*", "", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("**/production", "acme/ledger/production", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("***", "a/b", true)]
    public void Matches_Examples_AsDocumented(string pattern, string path, bool expected) =>
        new PathGlob(pattern).Matches(path).ShouldBe(expected);

    [Fact]
    public void Matches_AnyPatternAndPath_AgreesWithRegex()
    {
        var text = Gen.Elements('a', 'b', '/', '*', '?', '.', 'É', 'B').ArrayOf().Select(c => new string(c));
        var paths = Gen.Elements('a', 'b', '/', '.', 'é', 'A').ArrayOf().Select(c => new string(c));
        Prop.ForAll(text.Zip(paths).ToArbitrary(), pair =>
            new PathGlob(pair.Item1).Matches(pair.Item2) == Reference(pair.Item1).IsMatch(pair.Item2)).CheckCases(2_000);
    }

    [Fact]
    public void Matches_PatternLongerThanAWord_AgreesWithRegex()
    {
        for (var length = 60; length <= 70; length++)
        {
            var letters = new string('a', length);
            new PathGlob(letters[..^1] + "*b").Matches(letters[..^1] + "xxb").ShouldBeTrue();
            new PathGlob("*" + letters + "?").Matches("zz" + letters + "y").ShouldBeTrue();
            new PathGlob("*" + letters + "?").Matches("zz" + letters).ShouldBeFalse();
        }
    }

    [Fact]
    public void Matches_HostilePattern_TakesLinearTime()
    {
        var pattern = new StringBuilder().Insert(0, "*a", 149).Append("*b").ToString();
        var glob = new PathGlob(pattern);
        var path = new string('a', 400);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 1_000; i++)
        {
            glob.Matches(path).ShouldBeFalse();
        }

        // A backtracking matcher does not come back at all; this one needs about 10 ms.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Prefix_IsWhatEveryMatchBeginsWith()
    {
        new PathGlob("acme/pay-*/x").Prefix.ShouldBe("acme/pay-");
        new PathGlob("acme/ledger").IsLiteral.ShouldBeTrue();
        new PathGlob("?").Prefix.ShouldBeEmpty();
    }

    private static Regex Reference(string pattern)
    {
        var regex = Regex.Escape(Regex.Replace(pattern, @"\*{2,}", "\u0001", RegexOptions.None, TimeSpan.FromSeconds(1)))
            .Replace("\\*", "[^/]*", StringComparison.Ordinal)
            .Replace("\\?", "[^/]", StringComparison.Ordinal)
            .Replace("\u0001", ".*", StringComparison.Ordinal);
        return new Regex($@"\A{regex}\z", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }
}
