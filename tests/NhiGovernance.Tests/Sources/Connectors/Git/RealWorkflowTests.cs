using NhiGovernance.Sources.Connectors.Git.Workflows;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>
/// Workflows of public projects, as their packages ship them: the packages that Prism brings, at the versions of its lock file. For
/// each file everything that a person finds in it is written down here, and counted against what the reader finds.
/// </summary>
public sealed class RealWorkflowTests
{
    /// <param name="Actions">All uses of actions and workflows.</param>
    /// <param name="Unpinned">Those that are pinned neither by commit nor by digest.</param>
    private sealed record Known(
        string File, int Jobs, int Actions, int Unpinned, string[] ThirdParty, string[] Workflows, string[] Capabilities, string[] Secrets, string[] Writes);

    private static readonly Known[] Files =
    [
        new("json-schema-traverse/.github/workflows/publish.yml", 1, 2, 2, [], [], ["Publish npm package"], ["NPM_TOKEN"], []),
        new("json-schema-traverse/.github/workflows/build.yml", 1, 3, 3, ["coverallsapp/github-action@master"], [], [], [], []),
        new("fast-uri/.github/workflows/release.yml", 1, 1, 0, ["fastify/workflows/.github/workflows/reusable-release.yml@b0a2ab2d8259b6bd574b804cd6874bbd75c3577c"],
            ["fastify/workflows/.github/workflows/reusable-release.yml@b0a2ab2d8259b6bd574b804cd6874bbd75c3577c"], [], [], ["release contents", "release id-token"]),
        new("fast-uri/.github/workflows/ci.yml", 3, 5, 5, ["fastify/workflows/.github/workflows/plugins-ci.yml@v6"], ["fastify/workflows/.github/workflows/plugins-ci.yml@v6"],
            [], [], ["test contents", "test pull-requests"]),
        new("fast-uri/.github/workflows/package-manager-ci.yml", 1, 1, 1, ["fastify/workflows/.github/workflows/plugins-ci-package-manager.yml@v6"],
            ["fastify/workflows/.github/workflows/plugins-ci-package-manager.yml@v6"], [], [], []),
        new("fast-uri/.github/workflows/lock-threads.yml", 1, 1, 1, ["fastify/workflows/.github/workflows/lock-threads.yml@v6"],
            ["fastify/workflows/.github/workflows/lock-threads.yml@v6"], [], [], ["lock-threads issues", "lock-threads pull-requests"]),
        new("sonic-boom/.github/workflows/nodejs.yml", 2, 4, 4, [], [], [], [], []),
        new("quick-format-unescaped/.github/workflows/ci.yml", 1, 2, 2, [], [], [], [], []),
        new("process-warning/.github/workflows/ci.yml", 2, 3, 3, ["fastify/github-action-merge-dependabot@v3"], [], [], [], ["automerge contents", "automerge pull-requests"]),
        new("fast-redact/.github/workflows/ci.yml", 1, 2, 2, [], [], [], [], []),
        new("pino-std-serializers/.github/workflows/ci.yml", 2, 3, 3, ["fastify/github-action-merge-dependabot@v1"], [], [], [], []),
    ];

    [Fact]
    public void Read_WorkflowsOfPublicProjects_FindsWhatAPersonFinds()
    {
        var folder = Path.Combine(Fixtures.Repository.Root, "tests", "peers", "prism", "node_modules");
        Assert.SkipUnless(Directory.Exists(folder), "Prism is not installed: npm ci --prefix tests/peers/prism");
        var recall = new SortedDictionary<string, (int Expected, int Found, int More)>(StringComparer.Ordinal);
        foreach (var known in Files)
        {
            var path = Path.Combine(folder, known.File);
            var report = WorkflowReport.Read(known.File[known.File.IndexOf(".github", StringComparison.Ordinal)..], File.ReadAllBytes(path), "acme", _ => null);
            report.Unreadable.ShouldBeNull(known.File);
            var uses = report.Jobs.SelectMany(j => j.Actions).ToList();
            Compare("jobs", [.. Enumerable.Range(0, known.Jobs).Select(n => $"{n}")], [.. Enumerable.Range(0, report.Jobs.Count).Select(n => $"{n}")]);
            Compare("actions", [.. Enumerable.Range(0, known.Actions).Select(n => $"{n}")], [.. Enumerable.Range(0, uses.Count).Select(n => $"{n}")]);
            Compare("unpinned", [.. Enumerable.Range(0, known.Unpinned).Select(n => $"{n}")], [.. Enumerable.Range(0, uses.Count(u => !u.IsPinned)).Select(n => $"{n}")]);
            Compare("third party", known.ThirdParty, [.. uses.Where(u => u.ThirdParty).Select(u => u.Uses)]);
            Compare("reusable workflows", known.Workflows, [.. uses.Where(u => u.IsWorkflow).Select(u => u.Uses)]);
            Compare("capabilities", known.Capabilities, [.. report.Jobs.SelectMany(j => j.Capabilities).Select(c => $"{c.Kind} {c.What}").Distinct()]);
            Compare("secrets", known.Secrets, [.. report.Jobs.SelectMany(j => j.Secrets).Select(s => s.Name).Distinct()]);
            Compare("token writes", known.Writes, [.. report.Jobs.SelectMany(j => j.Permissions.Scopes.Where(s => s.Value == "write").Select(s => $"{j.Job.Id} {s.Key}"))]);
            report.Jobs.SelectMany(j => j.Exposures).Where(e => e.Secrets.Count > 0 || e.Token == "write").ShouldBeEmpty(known.File);

            void Compare(string what, string[] expected, string[] found)
            {
                var (all, hit, more) = recall.GetValueOrDefault(what);
                recall[what] = (all + expected.Length, hit + expected.Count(found.Contains), more + found.Count(f => !expected.Contains(f)));
            }
        }

        var table = string.Join('\n', recall.Select(r => $"{r.Key}: {r.Value.Found} of {r.Value.Expected} found, {r.Value.More} more"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Files.Length} workflows of public projects\n{table}");
        recall.Values.ShouldAllBe(r => r.Found == r.Expected && r.More == 0, table);
        recall["third party"].Expected.ShouldBe(7);
    }
}
