using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

internal enum LoginMode
{
    /// <summary>The job's own OIDC token is exchanged: no stored key.</summary>
    Oidc,

    /// <summary>A stored, long-lived key.</summary>
    Static,
}

/// <param name="Target">aws, azure, gcp, vault, pypi, npm, nuget, rubygems, crates, sigstore, jfrog.</param>
/// <param name="Role">Whom the token is exchanged for: a role's ARN, a client id, a service account. An expression stays one.</param>
internal sealed record CloudLogin(string Target, LoginMode Mode, string? Role, string? Audience, IReadOnlyList<string> Secrets, string Job, int Line)
{
    /// <summary>True when a key's value stands in the file itself. The value is not here.</summary>
    public bool InFile { get; init; }
}

/// <summary>Where a job proves itself to a cloud or registry, and how.</summary>
internal static partial class CloudLogins
{
    public static IEnumerable<CloudLogin> Of(Workflow workflow, Job job)
    {
        var permissions = WorkflowPermissions.Of(workflow, job);
        var mayFederate = permissions.Level("id-token") is "write" or "default";
        foreach (var step in job.Steps)
        {
            if (step.Uses is { } uses && uses.IndexOf('@', StringComparison.Ordinal) is var at
                && ByAction((at < 0 ? uses : uses[..at]).ToLowerInvariant(), step, job, mayFederate) is { } login)
            {
                yield return login;
            }

            foreach (var command in Keyless(step, job, permissions))
            {
                yield return command;
            }
        }

        foreach (var login in StaticVariables(workflow, job))
        {
            yield return login;
        }
    }

    private static CloudLogin? ByAction(string action, Step step, Job job, bool mayFederate) => action switch
    {
        "aws-actions/configure-aws-credentials" => Has(step, "aws-access-key-id", "aws-secret-access-key")
            ? Static("aws", step, job, "aws-access-key-id", "aws-secret-access-key", "aws-session-token")
            : Federated("aws", step, job, step.With("role-to-assume"), step.With("audience") ?? "sts.amazonaws.com"),
        "azure/login" => Has(step, "creds")
            ? Static("azure", step, job, "creds")
            : Federated("azure", step, job, step.With("client-id"), step.With("audience") ?? "api://AzureADTokenExchange"),
        "google-github-actions/auth" => Has(step, "credentials_json")
            ? Static("gcp", step, job, "credentials_json")
            : Federated("gcp", step, job, step.With("service_account") ?? step.With("workload_identity_provider"), step.With("audience") ?? step.With("workload_identity_provider")),
        "google-github-actions/setup-gcloud" when Has(step, "service_account_key") => Static("gcp", step, job, "service_account_key"),
        "hashicorp/vault-action" => step.With("method") == "jwt"
            ? Federated("vault", step, job, step.With("role"), step.With("jwtGithubAudience"))
            : Has(step, "token", "roleId", "secretId") ? Static("vault", step, job, "token", "roleId", "secretId", "githubToken", "password") : null,
        "jfrog/setup-jfrog-cli" when Has(step, "oidc-provider-name") => Federated("jfrog", step, job, step.With("oidc-provider-name"), step.With("oidc-audience")),
        "pypa/gh-action-pypi-publish" => Has(step, "password") ? Static("pypi", step, job, "password") : mayFederate ? Federated("pypi", step, job, null, "pypi") : null,
        "rubygems/release-gem" or "rubygems/configure-rubygems-credentials" => mayFederate ? Federated("rubygems", step, job, step.With("role-to-assume"), "rubygems.org") : null,
        "rust-lang/crates-io-auth-action" => Federated("crates", step, job, null, "crates.io"),
        "nuget/login" => Federated("nuget", step, job, step.With("user"), "https://www.nuget.org"),
        "actions/attest-build-provenance" or "actions/attest-sbom" or "actions/attest" or "sigstore/gh-action-sigstore-python" =>
            Federated("sigstore", step, job, null, "sigstore"),
        "docker/login-action" => Has(step, "password") && Stored(step, "password") ? Static("registry", step, job, "password") : null,
        "azure/webapps-deploy" or "azure/functions-action" when Has(step, "publish-profile") => Static("azure", step, job, "publish-profile"),
        "azure/k8s-set-context" when Has(step, "kubeconfig") => Static("kubernetes", step, job, "kubeconfig"),
        _ => null,
    };

    private static IEnumerable<CloudLogin> Keyless(Step step, Job job, WorkflowPermissions permissions)
    {
        if (step.Run is not { } run || !permissions.Writes("id-token"))
        {
            yield break;
        }

        foreach (var (command, line) in ShellLines.Of(run))
        {
            if (Cosign().IsMatch(command) && !command.Contains("--key", StringComparison.Ordinal))
            {
                yield return new CloudLogin("sigstore", LoginMode.Oidc, null, "sigstore", [], job.Id, step.LineOf(line));
            }
            else if (TrustedNpm().IsMatch(command) && !job.Node.Texts().Concat(step.Node.Texts()).Any(t => Expressions.Inside(t.Value).Contains("NPM", StringComparison.OrdinalIgnoreCase)))
            {
                yield return new CloudLogin("npm", LoginMode.Oidc, null, "npm:trusted-publishing", [], job.Id, step.LineOf(line));
            }
        }
    }

    /// <summary>Environment variables by which the clouds' own tools take a long-lived key.</summary>
    private static IEnumerable<CloudLogin> StaticVariables(Workflow workflow, Job job)
    {
        var places = new[] { (workflow.Root["env"], (Step?)null), (job.Node["env"], null) }.Concat(job.Steps.Select(s => (s.Node["env"], (Step?)s)));
        foreach (var (env, step) in places)
        {
            foreach (var (name, node) in env?.Pairs ?? [])
            {
                if (StaticNames.TryGetValue(name.Value, out var target) && node is YamlText value && value.Value.Length > 0)
                {
                    var secrets = SecretReads.Names(Expressions.Inside(value.Value)).Distinct().ToList();
                    var expression = value.Value.Contains("${{", StringComparison.Ordinal);
                    if (secrets.Count > 0 || !expression)
                    {
                        yield return new CloudLogin(target, LoginMode.Static, null, null, secrets, job.Id, step?.LineOf(node.Line) ?? node.Line) { InFile = !expression };
                    }
                }
            }
        }
    }

    private static readonly Dictionary<string, string> StaticNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AWS_SECRET_ACCESS_KEY"] = "aws",
        ["AZURE_CLIENT_SECRET"] = "azure",
        ["AZURE_CREDENTIALS"] = "azure",
        ["ARM_CLIENT_SECRET"] = "azure",
        ["ARM_ACCESS_KEY"] = "azure",
        ["AZURE_STORAGE_KEY"] = "azure",
        ["GOOGLE_CREDENTIALS"] = "gcp",
        ["GCP_SA_KEY"] = "gcp",
        ["GOOGLE_APPLICATION_CREDENTIALS_JSON"] = "gcp",
        ["CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE"] = "gcp",
        ["KUBE_CONFIG"] = "kubernetes",
        ["KUBECONFIG_DATA"] = "kubernetes",
        ["VAULT_TOKEN"] = "vault",
        ["NPM_TOKEN"] = "npm",
        ["NODE_AUTH_TOKEN"] = "npm",
        ["TWINE_PASSWORD"] = "pypi",
        ["CARGO_REGISTRY_TOKEN"] = "crates",
        ["NUGET_API_KEY"] = "nuget",
        ["GEM_HOST_API_KEY"] = "rubygems",
        ["CLOUDFLARE_API_TOKEN"] = "cloudflare",
        ["FLY_API_TOKEN"] = "fly",
        ["PULUMI_ACCESS_TOKEN"] = "pulumi",
        ["TF_API_TOKEN"] = "terraform",
        ["COSIGN_PRIVATE_KEY"] = "cosign key",
        ["DIGITALOCEAN_ACCESS_TOKEN"] = "digitalocean",
    };

    private static bool Has(Step step, params string[] inputs) => inputs.Any(i => step.With(i) is { Length: > 0 });

    private static bool Stored(Step step, string input) => SecretReads.Names(step.With(input) ?? "").Any() || !step.With(input)!.Contains("${{", StringComparison.Ordinal);

    private static CloudLogin Static(string target, Step step, Job job, params string[] inputs)
    {
        var values = inputs.Select(step.With).OfType<string>().ToList();
        return new CloudLogin(target, LoginMode.Static, null, null, [.. values.SelectMany(v => SecretReads.Names(v)).Distinct()], job.Id, Line(step))
        {
            InFile = values.Any(v => v.Length > 0 && !v.Contains("${{", StringComparison.Ordinal)),
        };
    }

    private static CloudLogin Federated(string target, Step step, Job job, string? role, string? audience) =>
        new(target, LoginMode.Oidc, Name(role), Name(audience), [], job.Id, Line(step));

    private static string? Name(string? value) => string.IsNullOrEmpty(value) ? null : Emit.Short(value);

    private static int Line(Step step) => step.LineOf(step.Node["uses"]!.Line);

    [GeneratedRegex(@"\bcosign\s+(sign|sign-blob|attest|attest-blob)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Cosign();

    [GeneratedRegex(@"\bnpm\s+publish\b", RegexOptions.NonBacktracking)]
    private static partial Regex TrustedNpm();
}
