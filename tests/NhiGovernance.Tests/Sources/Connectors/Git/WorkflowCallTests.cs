using System.Text;
using NhiGovernance.Sources.Connectors.Git.Workflows;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>Images, and workflows that call workflows.</summary>
public sealed class WorkflowCallTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly string Digest = $"sha256:{new string('a', 64)}";

    [Fact]
    public void Images_InEveryPlace_AreToldApartByTheirPin()
    {
        var composite = YamlReader.Read("runs:\n  using: docker\n  image: docker://alpine:3.20\n"u8);
        var report = Read($$$"""
            on: push
            jobs:
              a:
                runs-on: ubuntu-latest
                container:
                  image: node:20
                services:
                  db:
                    image: postgres@{{{Digest}}}
                  cache: redis
                  broker:
                    image: ghcr.io/acme/mq:1.2@{{{Digest}}}
                steps:
                  - uses: docker://ghcr.io/acme/tool:latest
                  - uses: docker://alpine@{{{Digest}}}
                  - uses: ./.github/actions/lint
              b:
                runs-on: ubuntu-latest
                strategy:
                  matrix:
                    image: [debian:12, "localhost:5000/x"]
                container: ${{ matrix.image }}
                steps: []
              c:
                runs-on: ubuntu-latest
                container: "ghcr.io/acme/x:${{ github.sha }}"
                steps: []
            """, uses => uses == "./.github/actions/lint" ? composite : null);
        report.Jobs.SelectMany(j => j.Images).Select(i => (i.Image.Split('@')[0], i.Pin, i.Role, i.Line)).ShouldBe(
        [
            ("node:20", ImagePin.Tag, "container", 6), ("postgres", ImagePin.Digest, "db", 9), ("redis", ImagePin.Latest, "cache", 10),
            ("ghcr.io/acme/mq:1.2", ImagePin.Digest, "broker", 12), ("ghcr.io/acme/tool:latest", ImagePin.Latest, "step", 14),
            ("alpine", ImagePin.Digest, "step", 15), ("alpine:3.20", ImagePin.Tag, "action", 16),
            ("debian:12", ImagePin.Tag, "container", 22), ("localhost:5000/x", ImagePin.Latest, "container", 22),
            ("ghcr.io/acme/x:${{ github.sha }}", ImagePin.Computed, "container", 26),
        ]);
        var facts = WorkflowFileFacts.Of(report);
        facts["unpinnedImages"].Text!.ShouldContain("\"pin\":\"latest\"");
        facts["unpinnedImages"].Text!.ShouldNotContain("postgres");
        facts["images"].Text!.ShouldContain("postgres");
    }

    [Fact]
    public async Task Read_WorkflowsThatCallOneAnother_AreFollowedBothWays()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write(".github/workflows/entry.yml", """
            on: pull_request_target
            jobs:
              go:
                uses: ./.github/workflows/middle.yml
                secrets: inherit
            """);
        sandbox.Write(".github/workflows/guarded.yml", """
            on: issue_comment
            permissions: { contents: read }
            jobs:
              go:
                if: github.event.comment.author_association == 'MEMBER'
                uses: ./.github/workflows/ship.yml
            """);
        sandbox.Write(".github/workflows/middle.yml", "on: workflow_call\njobs:\n  on:\n    uses: ./.github/workflows/ship.yml\n    secrets: inherit\n    permissions: { contents: write }\n  other:\n    uses: evil/flows/.github/workflows/x.yml@main\n");
        sandbox.Write(".github/workflows/ship.yml", """
            on:
              workflow_call:
              push:
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - uses: actions/checkout@v4
                    with:
                      ref: ${{ github.event.pull_request.head.sha }}
                  - run: npm ci && npm publish
                    env:
                      NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
            """);
        sandbox.Write(".github/workflows/round.yml", "on: workflow_call\njobs:\n  a:\n    uses: ./.github/workflows/round.yml\n  b:\n    uses: ./.github/workflows/missing.yml\n");
        sandbox.Commit("flows");
        sandbox.Publish();

        var read = await GitReading.OfAsync(sandbox.Options, sandbox.Repository, Cancel);

        read.Ends.ShouldAllBe(e => e.Outcome == ScopeOutcome.Complete);
        var files = read.Seen.OfType<ResourceObservation>().Where(r => r.Kind == ResourceKind.WorkflowFile).ToDictionary(r => r.Name.Split(':')[0], r => r.Facts);
        var exposures = files["ship.yml"]["forkExposure"].Text!;
        exposures.ShouldContain("""{"trigger":"pull_request_target","reach":"runsForkCodeWithPrivileges","job":"build","line":8,"secrets":["NPM_TOKEN"],"token":"write","cache":true,"guarded":false,"from":".github/workflows/entry.yml"}""");
        exposures.ShouldContain("""{"trigger":"issue_comment","reach":"runsForkCodeWithPrivileges","job":"build","line":8,"secrets":[],"token":"read","cache":true,"guarded":true,"from":".github/workflows/guarded.yml"}""");
        files["entry.yml"]["capabilities"].Text.ShouldBe("""[{"kind":"publish","what":"npm package","by":"./.github/workflows/middle.yml","job":"go","line":4}]""");
        files["middle.yml"]["reusableWorkflows"].Text!.ShouldContain("\"uses\":\"evil/flows/.github/workflows/x.yml@main\",\"owner\":\"evil\",\"pin\":\"branch\",\"thirdParty\":true");
        files["round.yml"]["problem"].State.ShouldBe(Knowledge.Never);
        read.Seen.OfType<IdentityObservation>().Where(i => i.Kind == IdentityKind.WorkflowJob).Select(i => i.Name).Order(StringComparer.Ordinal)
            .ShouldBe(["entry.yml / go", "guarded.yml / go", "middle.yml / on", "middle.yml / other", "round.yml / a", "round.yml / b", "ship.yml / build"]);
    }

    private static WorkflowReport Read(string text, Func<string, YamlNode?> composite) =>
        WorkflowReport.Read(".github/workflows/a.yml", Encoding.UTF8.GetBytes(text), "acme", composite);
}
