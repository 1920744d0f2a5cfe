using System.Diagnostics;

namespace NhiGovernance.BrowserTests;

/// <summary>A small Git repository with workflows, owners, bots and people, made with the git program.</summary>
internal static class ExampleRepository
{
    private const string Release = """
        name: release
        on: { push: { tags: ['v*'] } }
        permissions: { contents: write, id-token: write, packages: write }
        jobs:
          publish:
            runs-on: ubuntu-24.04
            environment: production
            steps:
              - uses: actions/checkout@v4
              - uses: aws-actions/configure-aws-credentials@v4
                with: { role-to-assume: 'arn:aws:iam::123456789012:role/ledger-release', aws-region: eu-west-1 }
              - run: npm publish
                env: { NODE_AUTH_TOKEN: '${{ secrets.NPM_TOKEN }}' }
          deploy:
            needs: publish
            runs-on: [self-hosted, linux-arm]
            steps:
              - run: curl -sSf https://get.example.org/kubectl.sh | sh
              - run: kubectl apply -f k8s/
                env: { KUBE_TOKEN: '${{ secrets.KUBE_TOKEN }}' }
        """;

    private const string Check = """
        name: check
        on: [pull_request]
        permissions: { contents: read }
        jobs:
          test:
            runs-on: ubuntu-24.04
            steps:
              - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
              - run: make test
        """;

    /// <returns>The path of the repository.</returns>
    public static string Make(string below)
    {
        var root = Directory.CreateDirectory(Path.Combine(below, "ledger-core")).FullName;
        Git(root, "init", "--quiet", "--initial-branch=main");
        var workflows = Directory.CreateDirectory(Path.Combine(root, ".github", "workflows")).FullName;
        (string Who, string Message, string File, string Text)[] commits =
        [
            ("Priya Nair <priya.nair@example.org>", "Start", "CODEOWNERS", "* @acme/ledger\n"),
            ("Tomasz Wrona <tomasz.wrona@example.org>", "Check pull requests", Path.Combine(workflows, "check.yml"), Check),
            ("Priya Nair <priya.nair@example.org>", "Release by tag", Path.Combine(workflows, "release.yml"), Release),
            ("renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>", "Update dependency", "deps.txt", "1.2.4\n"),
            ("dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>", "Bump library", "deps.txt", "1.2.5\n"),
        ];
        foreach (var (who, message, file, text) in commits)
        {
            File.WriteAllText(Path.Combine(root, file), text);
            Git(root, "add", "-A");
            Git(root, "-c", $"user.name={who[..who.IndexOf('<', StringComparison.Ordinal)].Trim()}", "-c", $"user.email={who.Split('<', '>')[1]}",
                "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", message);
        }

        return root;
    }

    private static void Git(string root, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = root, RedirectStandardError = true };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, errors);
    }
}
