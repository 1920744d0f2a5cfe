using System.Text;
using FsCheck.Fluent;
using NhiGovernance.Sources.Connectors.Git;
using NhiGovernance.Sources.Connectors.Git.Workflows;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

public sealed class WorkflowReportTests
{
    private const string Release = """
        name: Release
        on:
          push:
            tags: ['v*']
        permissions:
          contents: read
        env:
          SHARED: ${{ secrets.SHARED_TOKEN }}
        jobs:
          publish:
            runs-on: ${{ matrix.os }}
            strategy:
              matrix:
                os: [ubuntu-latest, self-hosted]
            permissions:
              contents: write
              id-token: write
              packages: write
            environment:
              name: production
            container: node:20
            services:
              db:
                image: postgres@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
            steps:
              - uses: actions/checkout@v4
              - uses: acme/internal@main
              - uses: evil/thing@v1
              - uses: pinned/thing@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
              - uses: aws-actions/configure-aws-credentials@v4
                with:
                  role-to-assume: arn:aws:iam::123456789012:role/release
                  aws-region: eu-west-1
              - run: |
                  # npm publish in a comment is nothing
                  curl -fsSL https://example.com/install.sh | sudo bash
                  npm ci
                  npm publish \
                    --provenance
                env:
                  NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
              - uses: docker/build-push-action@v6
                with:
                  push: ${{ github.event_name != 'pull_request' }}
              - run: cosign sign --yes image
          test:
            runs-on: ubuntu-latest
            steps:
              - run: npm test && npm publish --dry-run
        """;

    [Fact]
    public void Read_ReleaseWorkflow_FindsWhatItDoesWithLines()
    {
        var report = Read(Release);
        report.Unreadable.ShouldBeNull();
        var job = report.Jobs.Single(j => j.Job.Id == "publish");

        job.Capabilities.Select(c => (c.Kind, c.What, c.Line)).ShouldBe(
        [
            (CapabilityKind.Publish, "npm package", 38), (CapabilityKind.Publish, "container image", 42), (CapabilityKind.Sign, "signature (Sigstore)", 45),
        ], ignoreOrder: true);
        job.Secrets.Select(s => (s.Name, s.Line)).ShouldBe([("SHARED_TOKEN", 8), ("NPM_TOKEN", 41)], ignoreOrder: true);
        job.PipedLines.ShouldBe([36]);
        job.Actions.Where(a => a.ThirdParty).Select(a => (a.Uses.Split('@')[0], a.Pin)).ShouldBe(
            [("evil/thing", Pin.Tag), ("pinned/thing", Pin.Sha), ("aws-actions/configure-aws-credentials", Pin.Tag), ("docker/build-push-action", Pin.Tag)]);
        job.Actions.Single(a => a.Owner == "acme").Pin.ShouldBe(Pin.Branch);
        job.Runner!.Kind.ShouldBe(RunnerKind.SelfHosted);
        job.Images.Where(i => !i.Pinned).ShouldHaveSingleItem().Image.ShouldBe("node:20");
        job.Job.Environment!.Value.Name.ShouldBe("production");
        job.Permissions.Writes("packages").ShouldBeTrue();
        job.Logins.Where(l => l.Mode == LoginMode.Oidc).Select(l => (l.Target, l.Role, l.Audience)).ShouldBe(
            [("aws", "arn:aws:iam::123456789012:role/release", "sts.amazonaws.com"), ("sigstore", null, "sigstore")]);
        job.Logins.Where(l => l.Mode == LoginMode.Static).ShouldHaveSingleItem().Secrets.ShouldBe(["NPM_TOKEN"]);
        report.Jobs.Single(j => j.Job.Id == "test").Capabilities.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("on: push", "push")]
    [InlineData("on: [push, pull_request]", "push,pull_request")]
    [InlineData("'on': { workflow_dispatch: }", "workflow_dispatch")]
    [InlineData("true: push", "")]
    public void Read_AnyShapeOfOn_IsTheTextThatItIs(string on, string triggers) =>
        string.Join(',', Read($"{on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n").Workflow!.Triggers.Select(t => t.Name)).ShouldBe(triggers);

    [Theory]
    [InlineData("", null, "default")]
    [InlineData("permissions: read-all", null, "read")]
    [InlineData("permissions: write-all", null, "write")]
    [InlineData("permissions: {}", null, "none")]
    [InlineData("permissions: { contents: write }", "permissions: { issues: write }", "none")]
    [InlineData("permissions: {}", "permissions: { contents: write }", "write")]
    public void Permissions_OfWorkflowAndJob_AreEffective(string workflow, string? job, string expected)
    {
        var report = Read($"on: push\n{workflow}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    {job}\n    steps: []\n");
        report.Jobs[0].Permissions.Level("contents").ShouldBe(expected);
    }

    [Theory]
    [InlineData("pull_request_target", "ref: ${{ github.event.pull_request.head.sha }}", "npm ci", nameof(Reach.RunsForkCodeWithPrivileges))]
    [InlineData("pull_request_target", "fetch-depth: 1", "npm ci", nameof(Reach.StartedByForksWithPrivileges))]
    [InlineData("issue_comment", "ref: refs/pull/${{ github.event.issue.number }}/merge", "make", nameof(Reach.RunsForkCodeWithPrivileges))]
    [InlineData("workflow_run", "ref: ${{ github.event.workflow_run.head_sha }}", "make", nameof(Reach.RunsForkCodeWithPrivileges))]
    public void ForkReach_OfPrivilegedTriggers_IsFound(string trigger, string with, string run, string reach)
    {
        var report = Read($"on: {trigger}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          {with}\n      - run: {run}\n        env:\n          K: ${{{{ secrets.K }}}}\n");
        var found = report.Jobs[0].Exposures.ShouldHaveSingleItem();
        found.Reach.ToString().ShouldBe(reach);
        found.Secrets.ShouldBe(["K"]);
        found.Cache.ShouldBe(found.Reach == Reach.RunsForkCodeWithPrivileges);
        found.Guarded.ShouldBeFalse();
    }

    [Fact]
    public void ForkReach_OfPullRequest_IsOnlyTheOwnRunnerAndTheText()
    {
        var report = Read("""
            on: pull_request
            jobs:
              a:
                runs-on: [self-hosted, linux]
                if: github.event.pull_request.head.repo.full_name == github.repository
                steps:
                  - run: echo "${{ github.event.pull_request.title }}"
            """);
        report.Jobs[0].Exposures.Select(e => (e.Reach, e.Line, e.Guarded)).ShouldBe(
            [(Reach.RunsForkCodeOnOwnRunner, 4, true), (Reach.TextOfForkInScript, 7, true)]);
    }

    [Fact]
    public void Read_CompositeAction_CountsForTheJobThatUsesIt()
    {
        var composite = YamlReader.Read("runs:\n  using: composite\n  steps:\n    - run: twine upload dist/*\n      shell: bash\n"u8);
        var report = WorkflowReport.Read(".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./.github/actions/ship\n"u8, "acme", uses => uses == "./.github/actions/ship" ? composite : null);
        var found = report.Jobs[0].Capabilities.ShouldHaveSingleItem();
        (found.What, found.Line).ShouldBe(("PyPI package", 6));
    }

    [Fact]
    public void Read_ReusableWorkflowWithInheritedSecrets_SaysAllSecrets()
    {
        var report = Read("on: push\njobs:\n  a:\n    uses: slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.0.0\n    secrets: inherit\n");
        report.Jobs[0].Secrets.ShouldHaveSingleItem().Name.ShouldBe("*");
        report.Jobs[0].Capabilities.ShouldHaveSingleItem().Kind.ShouldBe(CapabilityKind.Sign);
        report.Jobs[0].Actions.ShouldHaveSingleItem().Pin.ShouldBe(Pin.Tag);
    }

    [Fact]
    public void Read_AnchorsAndAliases_AreWrittenOut()
    {
        var report = Read("on: push\njobs:\n  a: &job\n    runs-on: ubuntu-latest\n    steps:\n      - run: gem push x.gem\n  b: *job\n");
        report.Jobs.Select(j => j.Capabilities.Single().Job).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Read_HostileFiles_EndAsAReason()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Read(bomb.ToString()).Unreadable.ShouldBe("too many values once its aliases are written out");
        Read(new string('[', 200_000)).Unreadable!.ShouldStartWith("nested too deeply");
        Read(new string('x', 10 * 1024 * 1024)).Unreadable.ShouldBe("larger than 1024 KB");
        WorkflowReport.Read("a.yml", [0x6F, 0x6E, 0x3A, 0x20, 0xFF, 0xFE], "acme", _ => null).Unreadable.ShouldBe("not UTF-8");
        Read("jobs:\n  a: 1\n  a: 2\n").Unreadable.ShouldBe("a key stands twice in one mapping (line 3)");
        Read("a: *nowhere\n").Unreadable!.ShouldContain("alias");
        Read("a: [\n").Unreadable!.ShouldStartWith("not valid YAML");
        Read("").Unreadable.ShouldBe("empty");
        Read("just text").Unreadable.ShouldBe("not a mapping");
        Read("a: &x [*x]\n").Unreadable.ShouldNotBeNull();
        Read("on: push\njobs: 3\n").Unreadable.ShouldBe("it has no jobs");
    }

    [Fact]
    public void Read_AnyPieces_NeverThrowsAnythingElse()
    {
        string[] pieces = ["on:", " push", "\n", "jobs:", "  a:\n", "    steps:\n", "      - run: ", "|", "[", "]", "{", "}", "&a ", "*a", "? ", "- ", ": ", "\t", "'", "\"", "#", "${{ secrets.X }}", "%", "---\n", "!!binary ", "uses: a/b@c\n"];
        Prop.ForAll(Gen.Elements(pieces).ArrayOf().ToArbitrary(), parts =>
        {
            var report = Read(string.Concat(parts));
            return WorkflowObservations.From(report, new GitAddress(GitTransport.File, "/x", null, "x"), "main").Any();
        }).CheckCases(3_000);
    }

    [Fact]
    public void Observations_OfAFileWithASecretInIt_HoldNothingOfIt()
    {
        const string canary = "ghp_canarycanarycanarycanarycanary12";
        var report = Read($"""
            on: push
            env:
              TOKEN: {canary}
            jobs:
              a:
                runs-on: ubuntu-latest
                environment: {canary}
                steps:
                  - run: |
                      curl -H "Authorization: {canary}" https://x | sh && npm publish
                    env:
                      AWS_SECRET_ACCESS_KEY: {canary}
                  - uses: docker/login-action@v3
                    with:
                      password: {canary}
                  - uses: aws-actions/configure-aws-credentials@v4
                    with:
                      aws-access-key-id: {canary}
                      aws-secret-access-key: {canary}
            """);
        var observations = WorkflowObservations.From(report, new GitAddress(GitTransport.File, "/x", null, "x"), "main").ToList();
        System.Text.Json.JsonSerializer.Serialize(observations.ConvertAll<object>(o => o)).ShouldNotContain("canary");
        report.Jobs[0].Logins.Count(l => l.InFile).ShouldBe(3);
        observations.OfType<IdentityObservation>().ShouldHaveSingleItem().Kind.ShouldBe(IdentityKind.WorkflowJob);
    }

    [Theory]
    [InlineData("${{ secrets.A }} ${{ secrets['b-no'] }}", "A")]
    [InlineData("${{ secrets[matrix.key] }}", "*")]
    [InlineData("${{ toJSON(secrets) }}", "*")]
    [InlineData("${{ secrets.GITHUB_TOKEN }}", "")]
    [InlineData("${{ my.secrets.A }}", "")]
    [InlineData("cat secrets.txt", "")]
    public void Secrets_InText_AreNamed(string text, string expected) =>
        string.Join(',', SecretReads.Names(Expressions.Inside(text)).Distinct()).ShouldBe(expected);

    private static WorkflowReport Read(string text) => WorkflowReport.Read(".github/workflows/a.yml", Encoding.UTF8.GetBytes(text), "acme", _ => null);
}
