using NhiGovernance.Common;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Tests.Shell;

public sealed class ConflictsTests
{
    [Theory]
    [InlineData("a", "a", "b", "b")]
    [InlineData("mine", "a", "b", "mine")]
    [InlineData("a", "a", "a", "a")]
    [InlineData(null, null, "b", "b")]
    public void Merge_OfAField_TakesTheirsWhereNothingWasTyped(string? typed, string? shown, string? now, string? wanted) =>
        Conflicts.Merge(typed, shown, now).ShouldBe(wanted);

    [Fact]
    public void Of_FieldsThatDiffer_NamesThemWithBothValues()
    {
        var error = Conflicts.Of(("name", "A", "B"), ("contact", null, ""), ("team", "Ledger", null));

        error.ShouldBeOfType<Error.Conflict>();
        error.Message.ShouldContain("name is now “B”, was “A”; team is now empty, was “Ledger”");
        error.Message.ShouldNotContain("contact");
    }

    [Fact]
    public void OfSets_OfRules_NamesWhatCameAndWhatWent() =>
        Conflicts.OfSets(["repository a", "repository b"], ["repository b", "repository c"]).Message
            .ShouldContain("added “repository c”; removed “repository a”");

    [Fact]
    public void Of_NothingThatIsShown_SaysSo() => Conflicts.Of(("name", "A", "A")).Message.ShouldContain("nothing that stands here");
}
