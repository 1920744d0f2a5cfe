using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>A GitHub App on a scripted server: its installation's repositories, and the lists that only Apps see.</summary>
internal static class ScriptedApp
{
    /// <summary>Gives the organization those lists, empty.</summary>
    public static void SignIn(GitHubPolls polls, ScriptedGitHub github)
    {
        var organization = github.Organization;
        organization.Lists["installation/repositories"] = organization.Lists["orgs/acme/repos"] with { Property = "repositories" };
        organization.List("orgs/acme/personal-access-tokens", null, new("fine-grained-tokens", "acme"), i => $"fine-grained-token:{i["id"]}");
        organization.List("orgs/acme/personal-access-token-requests", null, new("fine-grained-token-requests", "acme"), i => $"token-request:{i["id"]}");
        Mint(polls, github);
    }

    /// <summary>To an organization that has those lists.</summary>
    public static void Mint(GitHubPolls polls, ScriptedGitHub github)
    {
        using var key = RSA.Create(2048);
        polls.Secrets["privateKey"] = key.ExportRSAPrivateKeyPem();
        polls.Set(("auth", "app"), ("appId", "7"), ("installationId", "99"));
        github.Accepts = token => token == "ghs_scripted";
        github.Extra = async http =>
        {
            var mints = http.Request.Path.Value!.EndsWith("/access_tokens", StringComparison.Ordinal);
            if (mints)
            {
                await ScriptedGitHub.WriteAsync(http, 201, JsonSerializer.Serialize(new
                {
                    token = "ghs_scripted", expires_at = github.Clock.GetUtcNow().AddHours(1).ToString("O", CultureInfo.InvariantCulture),
                    permissions = new Dictionary<string, string> { ["metadata"] = "read" },
                }));
            }

            return mints;
        };
    }
}
