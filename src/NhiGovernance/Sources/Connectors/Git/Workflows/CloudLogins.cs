namespace NhiGovernance.Sources.Connectors.Git.Workflows;

internal enum LoginMode
{
    /// <summary>The job's own OIDC token is exchanged: no stored key.</summary>
    Oidc,

    /// <summary>A stored, long-lived key.</summary>
    Static,

    /// <summary>A key that is put together when the job runs: whether it is a stored one, the file does not say.</summary>
    Computed,
}

/// <param name="Target">aws, azure, gcp, vault, pypi, npm, nuget, rubygems, crates, sigstore, jfrog, …; null when the file does not say.</param>
/// <param name="Role">Whom the token is exchanged for: a role's ARN, a client id, a service account. An expression stays one.</param>
internal sealed record CloudLogin(string? Target, LoginMode Mode, string? Role, string? Audience, IReadOnlyList<string> Secrets, string Job, int Line)
{
    /// <summary>True when a key's value stands in the file itself. The value is not here.</summary>
    public bool InFile { get; init; }
}

/// <summary>Where a job proves itself to a cloud or registry, and how.</summary>
internal static class CloudLogins
{
    public static IReadOnlyList<CloudLogin> Of(Workflow workflow, Job job)
    {
        var logins = new List<CloudLogin>();
        var permissions = WorkflowPermissions.Of(workflow, job);
        var mayFederate = permissions.Level("id-token") is "write" or "default";
        foreach (var step in job.Steps)
        {
            if (step.Uses is { } uses && uses.IndexOf('@', StringComparison.Ordinal) is var at
                && ByAction((at < 0 ? uses : uses[..at]).ToLowerInvariant(), step, job, mayFederate) is { } login)
            {
                logins.Add(login);
            }
        }

        logins.AddRange([.. StaticKeys.Of(workflow, job, logins)]);
        logins.AddRange([.. ScriptExchanges.Of(workflow, job, permissions, [.. logins.Where(l => l.Mode != LoginMode.Oidc)])]);
        return logins;
    }

    private static CloudLogin? ByAction(string action, Step step, Job job, bool mayFederate) => action switch
    {
        "aws-actions/configure-aws-credentials" => Has(step, "aws-access-key-id", "aws-secret-access-key")
            ? Static("aws", step, job, "aws-access-key-id", "aws-secret-access-key", "aws-session-token")
            : Federated("aws", step, job, step.With("role-to-assume"), step.With("audience") ?? "sts.amazonaws.com"),
        "azure/login" => Has(step, "creds")
            ? Static("azure", step, job, "creds")
            : string.Equals(step.With("auth-type"), "IDENTITY", StringComparison.OrdinalIgnoreCase) ? null // the machine's own identity
            : Federated("azure", step, job, step.With("client-id"), step.With("audience") ?? "api://AzureADTokenExchange"),
        "google-github-actions/auth" => Has(step, "credentials_json")
            ? Static("gcp", step, job, "credentials_json")
            : Federated("gcp", step, job, step.With("service_account") ?? step.With("workload_identity_provider"), step.With("audience") ?? step.With("workload_identity_provider")),
        "google-github-actions/setup-gcloud" when Has(step, "service_account_key") => Static("gcp", step, job, "service_account_key"),
        "hashicorp/vault-action" => step.With("method") == "jwt"
            ? Federated("vault", step, job, step.With("role"), step.With("jwtGithubAudience"))
            : Has(step, "token", "roleId", "secretId", "githubToken", "password") ? Static("vault", step, job, "token", "roleId", "secretId", "githubToken", "password") : null,
        "jfrog/setup-jfrog-cli" when Has(step, "oidc-provider-name") => Federated("jfrog", step, job, step.With("oidc-provider-name"), step.With("oidc-audience")),
        "pypa/gh-action-pypi-publish" => Has(step, "password") ? Static("pypi", step, job, "password") : mayFederate ? Federated("pypi", step, job, null, "pypi") : null,
        "rubygems/release-gem" or "rubygems/configure-rubygems-credentials" => mayFederate ? Federated("rubygems", step, job, step.With("role-to-assume"), "rubygems.org") : null,
        "rust-lang/crates-io-auth-action" => Federated("crates", step, job, null, "crates.io"),
        "nuget/login" => Federated("nuget", step, job, step.With("user"), "https://www.nuget.org"),
        "actions/attest-build-provenance" or "actions/attest-sbom" or "actions/attest" or "sigstore/gh-action-sigstore-python" =>
            Federated("sigstore", step, job, null, "sigstore"),
        "docker/login-action" => Registry(step, job),
        "azure/webapps-deploy" or "azure/functions-action" when Has(step, "publish-profile") => Static("azure", step, job, "publish-profile"),
        "azure/k8s-set-context" when Has(step, "kubeconfig") => Static("kubernetes", step, job, "kubeconfig"),
        _ => null,
    };

    private static bool Has(Step step, params string[] inputs) => inputs.Any(i => step.With(i) is { Length: > 0 });

    /// <summary>The job's own token is no stored key, and what a step computed before may be none.</summary>
    private static CloudLogin? Registry(Step step, Job job) =>
        step.With("password") is not { Length: > 0 } password ? null
        : SecretReads.Names(Expressions.Inside(password)).Any() || !password.Contains("${{", StringComparison.Ordinal) ? Static("registry", step, job, "password")
        : StaticKeys.IsJobToken(Expressions.Inside(password)) ? null
        : new CloudLogin("registry", LoginMode.Computed, null, null, [], job.Id, Line(step));

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
}
