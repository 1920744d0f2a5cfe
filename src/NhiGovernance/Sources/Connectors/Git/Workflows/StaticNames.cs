namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>Names under which long-lived keys of clouds and registries are known.</summary>
internal static class StaticNames
{
    /// <summary>Environment variables by which tools take a key; also read as names of inputs and of secrets.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
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
        ["UV_PUBLISH_TOKEN"] = "pypi",
        ["UV_PUBLISH_PASSWORD"] = "pypi",
        ["CARGO_REGISTRY_TOKEN"] = "crates",
        ["NUGET_API_KEY"] = "nuget",
        ["GEM_HOST_API_KEY"] = "rubygems",
        ["CLOUDFLARE_API_TOKEN"] = "cloudflare",
        ["FLY_API_TOKEN"] = "fly",
        ["PULUMI_ACCESS_TOKEN"] = "pulumi",
        ["TF_API_TOKEN"] = "terraform",
        ["COSIGN_PRIVATE_KEY"] = "cosign key",
        ["DIGITALOCEAN_ACCESS_TOKEN"] = "digitalocean",
        ["JF_ACCESS_TOKEN"] = "jfrog",
        ["JF_PASSWORD"] = "jfrog",
    };

    /// <summary>What people call such a key when they store it as a secret.</summary>
    private static readonly (string Name, string Target)[] Secrets =
    [
        .. Known.Select(k => (k.Key, k.Value)),
        ("AWS_SECRET_KEY", "aws"), ("AWS_ACCESS_KEY_SECRET", "aws"), ("AWS_SECRET", "aws"),
        ("AZURE_SP_PASSWORD", "azure"), ("AZURE_CLIENT_PASSWORD", "azure"), ("AZURE_PUBLISH_PROFILE", "azure"), ("AZURE_WEBAPP_PUBLISH_PROFILE", "azure"),
        ("GCP_CREDENTIALS", "gcp"), ("GCP_SERVICE_ACCOUNT_KEY", "gcp"), ("GCLOUD_SERVICE_KEY", "gcp"), ("GOOGLE_APPLICATION_CREDENTIALS", "gcp"), ("GOOGLE_SERVICE_ACCOUNT_KEY", "gcp"),
        ("KUBECONFIG", "kubernetes"), ("KUBE_TOKEN", "kubernetes"),
        ("NPM_AUTH_TOKEN", "npm"), ("NPM_PUBLISH_TOKEN", "npm"), ("NPM_ACCESS_TOKEN", "npm"),
        ("PYPI_TOKEN", "pypi"), ("PYPI_API_TOKEN", "pypi"), ("PYPI_PASSWORD", "pypi"),
        ("CRATES_IO_TOKEN", "crates"), ("CARGO_TOKEN", "crates"),
        ("NUGET_TOKEN", "nuget"), ("NUGET_KEY", "nuget"), ("RUBYGEMS_API_KEY", "rubygems"), ("RUBYGEMS_AUTH_TOKEN", "rubygems"),
        ("DOCKER_PASSWORD", "registry"), ("DOCKER_TOKEN", "registry"), ("DOCKERHUB_TOKEN", "registry"), ("DOCKERHUB_PASSWORD", "registry"), ("DOCKER_HUB_TOKEN", "registry"),
        ("DOCKER_HUB_PASSWORD", "registry"), ("REGISTRY_PASSWORD", "registry"), ("QUAY_PASSWORD", "registry"), ("QUAY_TOKEN", "registry"),
        ("HEROKU_API_KEY", "heroku"), ("VERCEL_TOKEN", "vercel"), ("NETLIFY_AUTH_TOKEN", "netlify"), ("SSH_PRIVATE_KEY", "ssh"), ("DEPLOY_KEY", "ssh"),
    ];

    /// <summary>What a variable or an input of this name signs in to; "aws-secret-access-key" is read like the variable.</summary>
    public static string? Of(string name) => Known.GetValueOrDefault(name.Replace('-', '_'));

    /// <summary>Ends of names that say where a key is, or whose, and are none.</summary>
    private static readonly string[] NoKeys = ["_ARN", "_NAME", "_ID", "_REGION", "_URL", "_USER", "_USERNAME", "_PATH", "_FILE_NAME"];

    /// <summary>What a secret of this name signs in to; "PROD_NPM_TOKEN" and "NPM_TOKEN_2" too.</summary>
    public static string? OfSecret(string name) => NoKeys.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)) ? null
        : Secrets.FirstOrDefault(s => name.Equals(s.Name, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith(s.Name + "_", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_" + s.Name, StringComparison.OrdinalIgnoreCase)).Target;
}
