using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>Where a script, and no known action, exchanges the job's own OIDC token.</summary>
internal static partial class ScriptExchanges
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <param name="stored">What the job was found to sign in with by stored keys: whoever publishes with one does not exchange.</param>
    public static IEnumerable<CloudLogin> Of(Workflow workflow, Job job, WorkflowPermissions permissions, IReadOnlyList<CloudLogin> stored)
    {
        // Without a word on permissions a called workflow has those of its caller.
        if (permissions.Level("id-token") is not ("write" or "default"))
        {
            yield break;
        }

        var writes = permissions.Writes("id-token");
        var exchanged = false;
        int? asked = null;
        foreach (var step in job.Steps)
        {
            foreach (var (command, line) in Scripts(step).SelectMany(ShellLines.Of))
            {
                if (Exchange(command) is { } exchange)
                {
                    exchanged = true;
                    yield return new CloudLogin(exchange.Target, LoginMode.Oidc, exchange.Role, null, [], job.Id, step.LineOf(line));
                }
                else if (writes && Publish(command) is { } registry && !stored.Any(l => l.Target == registry.Target) && !StaticKeys.IsGiven(registry.Target, workflow, job))
                {
                    yield return new CloudLogin(registry.Target, LoginMode.Oidc, null, registry.Audience, [], job.Id, step.LineOf(line));
                }
                else if (writes && Signs().IsMatch(command) && !command.Contains("--key", StringComparison.Ordinal))
                {
                    yield return new CloudLogin("sigstore", LoginMode.Oidc, null, "sigstore", [], job.Id, step.LineOf(line));
                }

                asked ??= Asks().IsMatch(command) ? step.LineOf(line) : null;
            }
        }

        if (asked is { } at && !exchanged)
        {
            // It gets its token and shows it to somebody: whom, the file does not say.
            yield return new CloudLogin(null, LoginMode.Oidc, null, null, [], job.Id, at);
        }
    }

    private static IEnumerable<YamlText> Scripts(Step step) =>
        step.Run is { } run ? [run]
        : step.Uses?.StartsWith("actions/github-script@", StringComparison.OrdinalIgnoreCase) == true && step.Node["with"]?["script"] is YamlText script ? [script]
        : [];

    private static (string Target, string? Role)? Exchange(string command) =>
        Aws().IsMatch(command) ? ("aws", Role().Match(command) is { Success: true } role ? Emit.Short(role.Groups["arn"].Value) : null)
        : Azure().IsMatch(command) ? ("azure", null)
        : Gcp().IsMatch(command) ? ("gcp", null)
        : Vault().IsMatch(command) ? ("vault", null)
        : null;

    private static (string Target, string Audience)? Publish(string command) =>
        command.Contains("--dry-run", StringComparison.Ordinal) ? null
        : Npm().IsMatch(command) ? ("npm", "npm:trusted-publishing")
        : PyPi().IsMatch(command) ? ("pypi", "pypi")
        : null;

    [GeneratedRegex(@"\bassume-role-with-web-identity\b|\bAWS_WEB_IDENTITY_TOKEN_FILE\b", Linear)]
    private static partial Regex Aws();

    [GeneratedRegex(@"--role-arn[\s=]+[""']?(?<arn>arn:[^\s""'$]+)([""'\s]|$)", Linear)]
    private static partial Regex Role();

    [GeneratedRegex(@"\baz\s+login\b.*--federated-token\b", Linear)]
    private static partial Regex Azure();

    [GeneratedRegex(@"\bworkload-identity-pools\s+create-cred-config\b|\bsts\.googleapis\.com/", Linear)]
    private static partial Regex Gcp();

    [GeneratedRegex(@"\bvault\s+write\b.*\bauth/\S*(jwt|oidc|github)\S*/login\b|\bvault\s+login\b.*method[\s=]+(jwt|oidc)\b", Linear)]
    private static partial Regex Vault();

    [GeneratedRegex(@"\b(npm|pnpm)\s+((run|exec|dlx|--\S+)\s+)*publish\b|\byarn\s+npm\s+publish\b", Linear)]
    private static partial Regex Npm();

    [GeneratedRegex(@"\btwine\s+upload\b|\b(uv|pdm|hatch)\s+publish\b", Linear)]
    private static partial Regex PyPi();

    [GeneratedRegex(@"\bcosign\s+(sign|sign-blob|attest|attest-blob)\b|\bsigstore\s+(sign|attest)\b", Linear)]
    private static partial Regex Signs();

    [GeneratedRegex(@"\bACTIONS_ID_TOKEN_REQUEST_(URL|TOKEN)\b|\bgetIDToken\s*\(", Linear)]
    private static partial Regex Asks();
}
