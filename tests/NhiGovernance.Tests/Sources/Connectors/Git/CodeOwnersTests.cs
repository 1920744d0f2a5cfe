using System.Text;
using FsCheck.Fluent;
using NhiGovernance.Sources.Connectors.Git.Owners;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

public sealed class CodeOwnersTests
{
    [Theory]
    [InlineData("*", "a/b.js", true)]
    [InlineData("*.js", "a/b.js", true)]
    [InlineData("*.js", "a/b.ts", false)]
    [InlineData("/build/logs/", "build/logs/x", true)]
    [InlineData("/build/logs/", "a/build/logs/x", false)]
    [InlineData("docs/*", "docs/a.md", true)]
    [InlineData("docs/*", "docs/b/a.md", false)]
    [InlineData("apps/", "x/apps/y/z", true)]
    [InlineData("/docs/", "docs/x", true)]
    [InlineData("**/logs", "a/logs/x", true)]
    [InlineData("/.github/**", ".github/workflows/x.yml", true)]
    [InlineData(".github/workflows/release.yml", ".github/workflows/release.yml", true)]
    [InlineData("/apps", "apps/x", true)]
    public void Matches_Examples_AsGitHubDocuments(string pattern, string path, bool expected) =>
        new OwnerRule(pattern, [], 1).Matches(path).ShouldBe(expected);

    [Fact]
    public void Parse_File_LastMatchWinsAndBadLinesAreNamed()
    {
        var owners = CodeOwners.Parse("""
            # comment
            *       @acme/everybody   # the default
            *.js    @js ops@example.com
            !negated @x
            [ab].c  @x
            docs/my\ file.md @writer
            /secret
            x.c     not-an-owner
            """u8);

        owners.Rules.Select(r => r.Pattern).ShouldBe(["*", "*.js", "docs/my file.md", "/secret"]);
        owners.SkippedLines.ShouldBe([4, 5, 8]);
        owners.For("a.js")!.Owners.ShouldBe(["@js", "ops@example.com"]);
        owners.For("docs/my file.md")!.Owners.ShouldBe(["@writer"]);
        owners.For("secret/x")!.Owners.ShouldBeEmpty();
        owners.For("readme")!.Owners.ShouldBe(["@acme/everybody"]);
    }

    [Fact]
    public void Parse_AnyText_NeverThrowsAndMatchesInLinearTime()
    {
        var texts = Gen.Elements("*", "**", "/", "a", ".", "?", "\\", " ", "#", "@x", "\n", "[", "(", "+", "é").ArrayOf().Select(string.Concat);
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            CodeOwners.Parse(Encoding.UTF8.GetBytes(text)).For("a/a/a/a/a.a");
            return true;
        }).CheckCases(1_000);
        CodeOwners.Compile(string.Concat(Enumerable.Repeat("*a", 20))).IsMatch(new string('a', 5000)).ShouldBeTrue();
    }
}
