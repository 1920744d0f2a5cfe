using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Inventory;

public sealed class ReleaseRisksTests
{
    [Fact]
    public void Find_WorkflowWithUnpinnedActions_NamesThirdPartiesFirst()
    {
        var found = ReleaseRisks.Find(ResourceKind.WorkflowFile, Facts(("unpinnedActions",
            """[{"uses":"actions/checkout@v4","thirdParty":false,"job":"a"},{"uses":"evil/upload@v1","thirdParty":true,"job":"a"}]""")));

        found.ShouldHaveSingleItem().Risk.ShouldBe(ReleaseRisk.UnpinnedAction);
        found[0].Words.ShouldBe("2 actions are not pinned to a commit, 1 of third parties: evil/upload@v1, actions/checkout@v4");
    }

    [Fact]
    public void Find_ForkThatReachesSecrets_SaysWhichAndComesFirst()
    {
        var found = ReleaseRisks.Find(ResourceKind.WorkflowFile, Facts(
            ("unpinnedImages", """[{"image":"node:20","job":"b"}]"""),
            ("forkExposure", """[{"reach":"runsForkCodeWithPrivileges","job":"build","secrets":["NPM_TOKEN"],"guarded":false},{"reach":"textOfForkInScript","job":"triage","secrets":[],"guarded":true}]""")));

        found.Select(f => f.Risk).ShouldBe([ReleaseRisk.ForkReach, ReleaseRisk.UnpinnedImage]);
        found[0].Words.ShouldBe("A pull request from a fork runs its own code with secrets or a writing token in build; NPM_TOKEN is at hand");
    }

    [Fact]
    public void Find_WorkflowThatCouldNotBeRead_IsUnknownAndNotFine() =>
        ReleaseRisks.Find(ResourceKind.WorkflowFile, Facts(("problem", "could not be parsed: line 3"))).ShouldHaveSingleItem().Risk.ShouldBe(ReleaseRisk.Unread);

    [Fact]
    public void Find_WorkflowOfNothingRisky_FindsNothing() =>
        ReleaseRisks.Find(ResourceKind.WorkflowFile, new Dictionary<string, KnownValue> { ["problem"] = KnownValue.Never(), ["unpinnedActions"] = KnownValue.Never() }).ShouldBeEmpty();

    [Theory]
    [InlineData("open", ReleaseRisk.OpenAlert)]
    [InlineData("resolved", ReleaseRisk.None)]
    public void Find_SecretAlert_CountsWhileOpen(string state, ReleaseRisk expected) =>
        ReleaseRisks.Sum(ReleaseRisks.Find(ResourceKind.SecretAlert, Facts(("state", state)))).ShouldBe(expected);

    /// <summary>What is denied is neither a risk nor fine: the coverage rail says it is not known.</summary>
    [Fact]
    public void Find_DeniedFacts_ClaimsNothing() =>
        ReleaseRisks.Find(ResourceKind.Organization, new Dictionary<string, KnownValue> { ["defaultRepositoryPermission"] = KnownValue.Denied("Administration: read") }).ShouldBeEmpty();

    [Fact]
    public void Beside_ProtectedByTheOther_Drops() =>
        ReleaseRisks.Beside(Unprotected("classic"), ReleaseRisk.None).ShouldBeEmpty();

    [Fact]
    public void Beside_NeitherProtects_SaysNothingProtects() =>
        ReleaseRisks.Beside(Unprotected("classic"), ReleaseRisk.Unprotected | ReleaseRisk.Unreviewed)[0].Words
            .ShouldBe("Nothing protects the default branch: neither classic protection nor a ruleset");

    [Fact]
    public void Beside_OtherNotSeen_SaysThatItIsNotKnown() =>
        ReleaseRisks.Beside(Unprotected("rulesets"), null)[0].Words
            .ShouldBe("No ruleset holds for the default branch; whether anything else protects it is not known");

    [Fact]
    public void Read_ListThatWasCut_KeepsWhatIsWhole()
    {
        var list = FactList.Read(KnownValue.Of("""[{"name":"A"},{"name":"B"},{"na…"""));

        list.Texts("name").ShouldBe(["A", "B"]);
        list.IsCut.ShouldBeTrue();
        list.Count().ShouldBe("at least 2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("plain words")]
    [InlineData("{\"a\":1}")]
    public void Read_NoList_IsEmpty(string text) => FactList.Read(KnownValue.Of(text)).Items.ShouldBeEmpty();

    [Fact]
    public void Complete_RiskWhoseListWasCut_IsStillNamed() =>
        ReleaseRisks.Complete([], ReleaseRisk.WritesEverything).ShouldHaveSingleItem().Risk.ShouldBe(ReleaseRisk.WritesEverything);

    private static IReadOnlyList<RiskFinding> Unprotected(string source) =>
        ReleaseRisks.Find(ResourceKind.BranchProtection, Facts(("source", source), ("protected", "false"), ("requiresPullRequest", "false")));

    private static Dictionary<string, KnownValue> Facts(params (string Name, string Value)[] facts) =>
        facts.ToDictionary(f => f.Name, f => KnownValue.Of(f.Value));
}
