using System.Text;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Connectors.Git.Workflows;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>What forks reach where git does not say whose the runner is, or what the repository sends them.</summary>
public sealed class WorkflowForkTests
{
    [Theory]
    [InlineData("ubuntu-latest", null)]
    [InlineData("[self-hosted, linux]", nameof(Reach.RunsForkCodeOnOwnRunner))]
    [InlineData("arc-prod", nameof(Reach.MayRunForkCodeOnOwnRunner))]
    [InlineData("{ group: builders }", nameof(Reach.MayRunForkCodeOnOwnRunner))]
    [InlineData("{ group: builders, labels: [ubuntu-latest] }", nameof(Reach.MayRunForkCodeOnOwnRunner))]
    [InlineData("'${{ vars.RUNNER }}'", nameof(Reach.MayRunForkCodeOnOwnRunner))]
    [InlineData("\"${{ matrix.os || 'ubuntu-latest' }}\"", null)]
    [InlineData("\"${{ matrix.os || 'arc-prod' }}\"", nameof(Reach.MayRunForkCodeOnOwnRunner))]
    [InlineData("'${{ matrix.os }}'", nameof(Reach.MayRunForkCodeOnOwnRunner))]
    public void ForkReach_OfPullRequest_FollowsTheRunner(string runsOn, string? reach)
    {
        var report = Read($"on: pull_request\npermissions: read-all\njobs:\n  a:\n    runs-on: {runsOn}\n    steps:\n      - run: make\n");
        report.Jobs[0].Exposures.Select(e => e.Reach.ToString()).ShouldBe(reach is null ? [] : [reach]);
        WorkflowFileFacts.Of(report)["forkExposure"].State.ShouldBe(reach is null ? Knowledge.Never : Knowledge.Value);
    }

    [Fact]
    public void Runner_OfAMatrixWithAComputedInclude_IsUnknown() =>
        Read("on: push\njobs:\n  a:\n    runs-on: ${{ matrix.os }}\n    strategy:\n      matrix:\n        os: [ubuntu-latest]\n        include: ${{ fromJSON(needs.x.outputs.m) }}\n    steps: []\n")
            .Jobs[0].Runner!.Kind.ShouldBe(RunnerKind.Unknown);

    [Fact]
    public void Risks_OfAnUnknownRunner_SayThatItMayBeOnesOwnAndWhatSettingsMaySend()
    {
        var report = Read("on: pull_request\njobs:\n  a:\n    runs-on: arc-prod\n    steps:\n      - run: make\n        env:\n          K: ${{ secrets.K }}\n");
        report.Jobs[0].Exposures.ShouldHaveSingleItem().IfSent.ShouldBe(["K"]);
        ReleaseRisks.Find(ResourceKind.WorkflowFile, WorkflowFileFacts.Of(report))[0].Words.ShouldBe(
            "A pull request from a fork runs its code in a; if that runner is one's own, on a machine of one's own: Git does not say"
            + "; with secrets where a private repository sends them to forks, which only its settings say");
    }

    [Theory]
    [InlineData("permissions: read-all", "", "make", Knowledge.Never)]
    [InlineData("permissions: read-all", "", "make ${{ secrets.K }}", Knowledge.NotExposed)]
    [InlineData("permissions: { contents: write }", "", "make", Knowledge.NotExposed)]
    [InlineData("", "", "make", Knowledge.NotExposed)]
    [InlineData("", "if: github.event.pull_request.head.repo.full_name == github.repository || github.actor == 'x'", "make ${{ secrets.K }}", Knowledge.NotExposed)]
    [InlineData("", "if: github.event.pull_request.head.repo.full_name == github.repository", "make ${{ secrets.K }}", Knowledge.Never)]
    public void ForkExposure_WhereOnlySettingsSayWhatForksGet_IsNotNever(string permissions, string condition, string run, Knowledge state) =>
        WorkflowFileFacts.Of(Read($"on: pull_request\n{permissions}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    {condition}\n    steps:\n      - run: {run}\n"))["forkExposure"]
            .State.ShouldBe(state);

    [Theory]
    [InlineData("push", Knowledge.Never)]
    [InlineData("workflow_call", Knowledge.NotExposed)]
    public void ForkExposure_OfAWorkflowThatOthersMayCall_IsNotNever(string trigger, Knowledge state) =>
        WorkflowFileFacts.Of(Read($"on: {trigger}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"))["forkExposure"].State.ShouldBe(state);

    private static WorkflowReport Read(string text) => WorkflowReport.Read(".github/workflows/a.yml", Encoding.UTF8.GetBytes(text), "acme", _ => null);
}
