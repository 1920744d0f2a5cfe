using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>
/// Long-lived keys that a job uses outside the inputs of known actions: by the names of variables, inputs and secrets, and in
/// commands that sign in.
/// </summary>
internal static partial class StaticKeys
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <param name="known">What its actions were found to sign in with; their secrets are not named twice.</param>
    public static IEnumerable<CloudLogin> Of(Workflow workflow, Job job, IReadOnlyList<CloudLogin> known)
    {
        var covered = known.Where(l => l.Mode == LoginMode.Static).SelectMany(l => l.Secrets).ToHashSet(StringComparer.Ordinal);
        foreach (var login in Variables(workflow, job).Concat(Inputs(job, known)).Concat(Commands(workflow, job)))
        {
            covered.UnionWith(login.Secrets);
            yield return login;
        }

        foreach (var read in SecretReads.Of(workflow, job))
        {
            if (StaticNames.OfSecret(read.Name) is { } target && covered.Add(read.Name))
            {
                yield return new CloudLogin(target, LoginMode.Static, null, null, [read.Name], job.Id, read.Line);
            }
        }
    }

    /// <summary>True when a variable gives the tools of a target any key at all, be it the job's own token.</summary>
    public static bool IsGiven(string target, Workflow workflow, Job job) =>
        Environments(workflow, job).SelectMany(e => e.Env?.Pairs ?? []).Any(p => StaticNames.Of(p.Key.Value) == target && p.Value.Text is { Length: > 0 });

    /// <summary>Environment variables by which the clouds' own tools take a long-lived key.</summary>
    private static IEnumerable<CloudLogin> Variables(Workflow workflow, Job job)
    {
        foreach (var (env, step) in Environments(workflow, job))
        {
            foreach (var (name, node) in env?.Pairs ?? [])
            {
                if (StaticNames.Of(name.Value) is { } target && node is YamlText { Value.Length: > 0 } value && Given(target, value, step, job) is { } login)
                {
                    yield return login;
                }
            }
        }
    }

    /// <summary>Inputs of actions that nobody here knows, and secrets passed to a called workflow, by the name that they are passed under.</summary>
    private static IEnumerable<CloudLogin> Inputs(Job job, IReadOnlyList<CloudLogin> known)
    {
        var places = job.Steps.Where(s => s.Uses is not null && !known.Any(l => l.Line == s.LineOf(s.Node["uses"]!.Line)))
            .Select(s => (Node: s.Node["with"], Step: (Step?)s)).Prepend((job.Node["secrets"], null));
        foreach (var (node, step) in places)
        {
            foreach (var (name, value) in node?.Pairs ?? [])
            {
                if (StaticNames.Of(name.Value) is { } target && value is YamlText { Value.Length: > 0 } text && Given(target, text, step, job) is { } login)
                {
                    yield return login;
                }
            }
        }
    }

    private static CloudLogin? Given(string target, YamlText value, Step? step, Job job)
    {
        var inside = Expressions.Inside(value.Value);
        var secrets = SecretReads.Names(inside).Distinct().ToList();
        var expression = value.Value.Contains("${{", StringComparison.Ordinal);
        return secrets.Count == 0 && expression && (IsJobToken(inside) || IsEmpty(inside)) ? null
            : new CloudLogin(target, secrets.Count == 0 && expression ? LoginMode.Computed : LoginMode.Static, null, null, secrets, job.Id, step?.LineOf(value.Line) ?? value.Line)
            {
                InFile = !expression,
            };
    }

    private static IEnumerable<CloudLogin> Commands(Workflow workflow, Job job)
    {
        foreach (var step in job.Steps.Where(s => s.Run is not null))
        {
            foreach (var (command, line) in ShellLines.Of(step.Run!))
            {
                if (Rules.FirstOrDefault(r => r.Match.IsMatch(command) && r.Unless?.IsMatch(command) != true) is not { Match: not null } rule)
                {
                    continue;
                }

                var texts = Resolve(command, workflow, job, step);
                var secrets = SecretReads.Names(texts).Distinct().ToList();
                if (secrets.Count == 0 && (rule.OnlyStored || IsJobToken(texts) || Dynamic().IsMatch(command)))
                {
                    continue;
                }

                var literal = secrets.Count == 0 && !command.Contains('$', StringComparison.Ordinal) && !FromElsewhere().IsMatch(command);
                yield return new CloudLogin(
                    rule.Target, secrets.Count > 0 || literal ? LoginMode.Static : LoginMode.Computed, null, null, secrets, job.Id, step.LineOf(line)) { InFile = literal };
            }
        }
    }

    /// <summary>The expressions in a command, and those in the variables that it names.</summary>
    private static string Resolve(string command, Workflow workflow, Job job, Step step)
    {
        var parts = new List<string> { Expressions.Inside(command) };
        foreach (Match match in Variable().Matches(command))
        {
            var name = match.Groups["name"].Value;
            var value = new[] { step.Node["env"], job.Node["env"], workflow.Root["env"] }.Select(e => e?[name]?.Text).FirstOrDefault(v => v is not null);
            parts.Add(value is null ? name is "GITHUB_TOKEN" or "GH_TOKEN" ? "github.token" : "" : Expressions.Inside(value));
        }

        return string.Join(' ', parts);
    }

    private static IEnumerable<(YamlNode? Env, Step? Step)> Environments(Workflow workflow, Job job) =>
        new[] { (workflow.Root["env"], (Step?)null), (job.Node["env"], null) }.Concat(job.Steps.Select(s => (s.Node["env"], (Step?)s)));

    public static bool IsJobToken(string inside) => JobToken().IsMatch(inside);

    private static bool IsEmpty(string inside) => inside.Trim() is "" or "''";

    /// <param name="OnlyStored">True where the command says little by itself: it counts with a stored secret in it only.</param>
    private sealed record Rule(string Target, Regex Match, Regex? Unless, bool OnlyStored);

    private static Rule R(string target, string match, string? unless = null, bool onlyStored = false) =>
        new(target, new Regex(match, Linear), unless is null ? null : new Regex(unless, Linear), onlyStored);

    private static readonly Rule[] Rules =
    [
        R("aws", @"\baws\s+configure\s+set\b.*aws_secret_access_key|\baws_secret_access_key\s*="),
        R("azure", @"\baz\s+login\b.*\s(-p|--password|--service-principal)([\s=]|$)", "--federated-token|--identity"),
        R("gcp", @"\bgcloud\s+auth\s+activate-service-account\b"),
        R("registry", @"\b(docker|podman|buildah|nerdctl|skopeo|oras|crane\s+auth|regctl\s+registry|helm\s+registry)\s+login\b.*\s(-p|--password|--password-stdin|--pass|--pass-stdin)([\s=]|$)"),
        R("npm", @"_authToken\b|\bnpm\s+config\s+set\b.*_auth\b"),
        R("pypi", @"\btwine\s+upload\b.*\s(-p|--password)[\s=]|\bpoetry\s+config\s+(\S+\s+)?(pypi-token|http-basic)\b|\b(uv|flit|hatch|poetry|pdm|maturin)\s+publish\b.*\s(--token|--password|-p|-t|-a|--auth)[\s=]"),
        R("nuget", @"\bnuget(\.exe)?\s+push\b.*\s(-k|--api-key|-apikey)[\s=]|\bnuget(\.exe)?\s+setapikey\b|\bnuget(\.exe)?\s+(add|update|sources?)\b.*\s(-p|--password|-password)[\s=]"),
        R("crates", @"\bcargo\s+login\b|\bcargo\s+publish\b.*\s--token[\s=]"),
        R("vault", @"\bvault\s+login\b", @"method[\s=]+(jwt|oidc)"),
        R("kubernetes", @"\bkubectl\s+config\s+set-credentials\b.*--(token|password)\b"),
        R("kubernetes", @">\s*\S*\.kube/config\b", onlyStored: true),
        R("rubygems", @"\.gem/credentials\b", onlyStored: true),
        R("ssh", @"\bssh-add\b|>\s*\S*(\.ssh/|id_(rsa|ed25519|ecdsa)\b)", @"known_hosts|\.ssh/config|authorized_keys", onlyStored: true),
        R("git", @"https?://[^\s/@]*\$\{\{[^}]*\}\}[^\s/@]*@|https?://[^\s/@]*\$[^\s/@]*@", onlyStored: true),
    ];

    [GeneratedRegex(@"\$\{?(?:env:)?(?<name>[A-Za-z_][A-Za-z0-9_]*)|\benv\.(?<name>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\bsecrets\.GITHUB_TOKEN\b|\bgithub\.token\b", Linear)]
    private static partial Regex JobToken();

    /// <summary>Tools that print a short-lived password for another to take.</summary>
    [GeneratedRegex(@"\bget-login-password\b|\bprint-(access|identity)-token\b|\bget-access-token\b|\bacr\s+login\b|\bgh\s+auth\s+token\b", Linear)]
    private static partial Regex Dynamic();

    [GeneratedRegex(@"stdin\b|<|\bcat\s|--key-file\b|`|\bvault\s+login\s*$|\bvault\s+login\b.*\bmethod[\s=]|--certificate\b|\bcargo\s+login\s*$", Linear)]
    private static partial Regex FromElsewhere();
}
