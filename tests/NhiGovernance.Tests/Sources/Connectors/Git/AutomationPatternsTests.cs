using NhiGovernance.Sources.Connectors.Git.Automation;
using NhiGovernance.Sources.Connectors.Git.Objects;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

public sealed class AutomationPatternsTests
{
    [Theory]
    [InlineData("Jane Doe", "jane@acme.example", null)]
    [InlineData("Jane Doe", "49699333+jane@users.noreply.github.com", null)]
    [InlineData("Jane Doe", "jane@noreply.code.example", null)]
    [InlineData("GitHub", "noreply@github.com", null)]
    [InlineData("GitHub Enterprise", "noreply@code.acme.example", null)]
    [InlineData("Jane Doe", "noreply@", null)]
    [InlineData("Helper", "noreply@helper.example", "email:noreply@helper.example")]
    [InlineData("Helper 4", "No-Reply@Helper.example", "email:no-reply@helper.example")]
    [InlineData("x", "support@dependabot.com", "dependabot")]
    [InlineData("acme[bot]", "1+acme[bot]@users.noreply.github.com", "login:acme[bot]")]
    public void Match_NameAndAddress_TellsProgramsFromPeople(string name, string email, string? key) =>
        (AutomationPatterns.Known.Match(name, email)?.Key).ShouldBe(key);

    [Theory]
    [InlineData("Co-authored-by", IdentityKind.CodingAgent)]
    [InlineData("Signed-off-by", IdentityKind.Bot)]
    public void MatchTrailer_OfAnAddressThatTakesNoAnswers_IsAnAgentWhereItWritesAlong(string trailer, IdentityKind kind) =>
        AutomationPatterns.Known.MatchTrailer(trailer, "Helper 4 <noreply@helper.example>")!.Kind.ShouldBe(kind);

    [Fact]
    public void With_OwnPrograms_ComeFirstAndLeaveTheOthers()
    {
        var own = AutomationPatterns.Known.With(OwnPrograms.Read("release@acme.example = Release robot\r\n\r\nacme-ci\n"));
        own.Match("Release", "Release@acme.example").ShouldBe(new Automaton("own:release@acme.example", "Release robot", IdentityKind.Bot));
        own.Match("whoever", "5+acme-ci@users.noreply.github.com")!.Name.ShouldBe("acme-ci");
        own.Match("x", "support@dependabot.com")!.Key.ShouldBe("dependabot");
        AutomationPatterns.Known.Match("Release", "release@acme.example").ShouldBeNull();
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("a@b\n\nc = d", null)]
    [InlineData("a@b\nRelease Robot <a@b>", "Line 2")]
    [InlineData("= name", "Line 1")]
    [InlineData("a@b =", "Line 1")]
    public void Fault_OfTheSetting_NamesTheLine(string setting, string? starts) => (OwnPrograms.Fault(setting)?.Split(':')[0]).ShouldBe(starts);

    [Fact]
    public void Tally_OfAProgramThatFirstAuthorsAndThenHelps_IsACodingAgent()
    {
        var tally = new HistoryTally(AutomationPatterns.Known, TimeProvider.System.GetUtcNow());
        tally.Add(Commit("Helper <noreply@helper.example>", "fix"));
        tally.Automata.Values.Single().Kind.ShouldBe(IdentityKind.Bot);
        tally.Add(Commit("Jane <jane@acme.example>", "fix\n\nCo-authored-by: Helper 4 <noreply@helper.example>\n"));
        var helper = tally.Automata.Values.ShouldHaveSingleItem();
        (helper.Kind, helper.Authored, helper.Helped).ShouldBe((IdentityKind.CodingAgent, 1, 1));
    }

    private static CommitObject Commit(string author, string message) => CommitObject.Parse(System.Text.Encoding.UTF8.GetBytes(
        $"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor {author} 1700000000 +0000\ncommitter Jane <jane@acme.example> 1700000000 +0000\n\n{message}"));
}
