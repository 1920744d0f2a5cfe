using System.Text.Json.Nodes;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>
/// What only some accounts have: the list of credentials of Enterprise Cloud, secrets of Codespaces, runners of an enterprise, chosen
/// actions, branches that may deploy, classic protection, a public repository, alerts of generic patterns and of secrets in several
/// places; and an account of a user in place of the organization.
/// </summary>
public sealed partial class ScriptedOrganization
{
    public const string Codespaces = $"orgs/{Login}/codespaces/secrets";

    /// <summary>After the path of a list of alerts: GitHub lists generic patterns only to those who name their types, which is a list of its own.</summary>
    public const string OfTypes = "?secret_type";

    /// <summary>Of each repository.</summary>
    public const int GenericAlerts = 3;

    /// <summary>Everybody may see it, and classic protection is not used there.</summary>
    public const string PublicRepository = "repo-1";

    /// <summary>https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns#non-provider-patterns.</summary>
    private static readonly string[] GenericTypes =
    [
        "rsa_private_key", "postgres_connection_string", "http_bearer_authentication_header", "ec_private_key", "generic_private_key",
        "http_basic_authentication_header", "mongodb_connection_string", "mysql_connection_string", "openssh_private_key", "password", "pgp_private_key",
    ];

    // Whose repositories these are, and where they are listed: the organization's, unless it is a user.
    private string _owner = Login;
    private long _ownerId = Id;
    private string _repositories = $"orgs/{Login}/repos";

    /// <summary>An account of a user: two pages of repositories, of which the last one holds something.</summary>
    /// <param name="isSelf">The user who signs in, octocat; another one's repositories, hubot's, are listed elsewhere.</param>
    public static ScriptedOrganization OfUser(bool isSelf)
    {
        var user = new ScriptedOrganization(0, 0, everything: true) { _owner = isSelf ? "octocat" : "hubot", _ownerId = isSelf ? 1 : 77 };
        user.Lists.Clear();
        user.Documents.Clear();
        user.Documents["user"] = Json("""{"id":1,"login":"octocat","type":"User"}""");
        user.Documents[$"users/{user._owner}"] = Json($$"""{"id":{{user._ownerId}},"login":"{{user._owner}}","type":"User"}""");
        user._repositories = isSelf ? "user/repos" : $"users/{user._owner}/repos";
        user.List(user._repositories, null, new("repositories", user._owner), i => $"repository:{i["id"]}");
        for (var n = 0; n < 3; n++)
        {
            user.AddRepository($"own-{n}", n < 2 ? 0 : 3);
        }

        return user;
    }

    /// <summary>Whether GitHub lists alerts of this type to those who name these types, or none.</summary>
    public static bool IsListed(string type, string? named) =>
        string.IsNullOrEmpty(named) ? !GenericTypes.Contains(type, StringComparer.Ordinal) : named.Split(',').Contains(type, StringComparer.Ordinal);

    /// <summary>The name of the list that answers at a path.</summary>
    public string KeyOf(string path, string? namedTypes) =>
        !string.IsNullOrEmpty(namedTypes) && Lists.ContainsKey(path + OfTypes) ? path + OfTypes : path;

    /// <summary>Another thing like this one, with a number of its own and without lists of its own, which nobody scripted.</summary>
    public JsonObject Another(JsonObject like)
    {
        var another = like.DeepClone().AsObject();
        var id = NewId();
        another["id"] = id;
        foreach (var number in (string[])["number", "credential_id"])
        {
            if (another[number] is not null)
            {
                another[number] = id;
            }
        }

        if (another["details"] is JsonObject place)
        {
            place["start_line"] = id;
        }

        foreach (var choice in (string[])["visibility", "repository_selection"])
        {
            if ((string?)another[choice] is "selected" or "subset")
            {
                another[choice] = "all";
            }
        }

        foreach (var more in (string[])["has_more_locations", "inherited"])
        {
            if (another[more] is not null)
            {
                another[more] = false;
            }
        }

        return another;
    }

    private void AddEverything(int things)
    {
        Documents[$"orgs/{Login}/actions/permissions"] = Json("""{"enabled_repositories":"all","allowed_actions":"selected"}""");
        Documents[$"orgs/{Login}/actions/permissions/selected-actions"] = Json("""{"github_owned_allowed":true,"verified_allowed":false,"patterns_allowed":["acme/*"]}""");
        const string Credentials = $"orgs/{Login}/credential-authorizations";
        const string Groups = $"orgs/{Login}/actions/runner-groups";
        List(Credentials, null, new("sso-credentials", Login), i => $"sso-credential:{i["credential_id"]}");
        List(Codespaces, "secrets", new("organization-codespaces-secrets", Login), i => $"secret:codespaces:organization:{Id}:{i["name"]}");
        List($"orgs/{Login}/secret-scanning/alerts{OfTypes}", null, new("organization-secret-alerts", Login), i => $"secret-alert:{i["repository"]!["id"]}:{i["number"]}");
        for (var n = 0; n < things; n++)
        {
            Add(Credentials, $$"""{"login":"person-{{n}}","credential_id":{{NewId()}},"credential_type":"personal access token","token_last_eight":"71c3fc11","credential_authorized_at":"2020-01-01T00:00:00Z","credential_accessed_at":null,"authorized_credential_id":7,"authorized_credential_title":null,"authorized_credential_note":"laptop","authorized_credential_expires_at":null,"scopes":["repo"]}""");
            Add(Codespaces, $$"""{"name":"SPACE_{{n}}","created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z","visibility":"{{(n == things - 1 ? "selected" : "all")}}"}""");
        }

        Chosen($"{Codespaces}/SPACE_{things - 1}/repositories", things);
        for (var n = 0; n < things - 2; n++)
        {
            Add(Groups, $$"""{"name":"group-{{n}}","visibility":"all","default":false,"inherited":false,"allows_public_repositories":false,"restricted_to_workflows":false,"selected_workflows":[]}""");
        }

        // The two that have lists of their own come last: what comes is like the first.
        Add(Groups, """{"name":"of the enterprise","visibility":"all","default":false,"inherited":true,"allows_public_repositories":false,"restricted_to_workflows":false,"selected_workflows":[]}""");
        var groups = Lists[Groups].Items;
        var runners = $"{Groups}/{groups[^1]["id"]}/runners";
        List(runners, "runners", new("inherited-runners", Login), i => $"runner:inherited:{Id}:{i["id"]}");
        for (var n = 0; n < things; n++)
        {
            Add(runners, $$"""{"name":"shared-{{n}}","os":"linux","status":"online","busy":false,"labels":[{"name":"self-hosted"}],"runner_group_id":3}""");
        }

        groups.Add(groups[0]);
        groups.RemoveAt(0);
        if (Lists[$"orgs/{Login}/hooks"].Items is [.., var hook])
        {
            Deliveries($"orgs/{Login}/hooks/{hook["id"]}/deliveries");
        }
    }

    private void AddEverythingOf(string name, string full, long id, string alerts, int things)
    {
        var path = $"repos/{full}";
        lock (Gate)
        {
            Documents[$"{path}/actions/permissions"] = Json("""{"enabled":true,"allowed_actions":"selected"}""");
            Documents[$"{path}/actions/permissions/selected-actions"] = Json("""{"github_owned_allowed":true,"verified_allowed":false,"patterns_allowed":["acme/*"]}""");
            Lists[$"{path}/environments"].Items[^1]["deployment_branch_policy"] = Json("""{"protected_branches":false,"custom_branch_policies":true}""");
            if (name == PublicRepository)
            {
                var repository = Lists[_repositories].Items[^1];
                repository["visibility"] = "public";
                repository["private"] = false;
                Documents[path]["private"] = false;
                Documents[$"{path}/actions/permissions/fork-pr-contributor-approval"] = Json("""{"approval_policy":"all_external_contributors"}""");
                Documents.Remove($"{path}/actions/permissions/fork-pr-workflows-private-repos");
            }
            else
            {
                Documents[$"{path}/branches/main/protection"] = Json(
                    """{"required_status_checks":{"strict":true,"contexts":["build"]},"enforce_admins":{"enabled":true},"required_pull_request_reviews":{"required_approving_review_count":1,"dismiss_stale_reviews":true},"allow_force_pushes":{"enabled":false},"allow_deletions":{"enabled":false}}""");
            }
        }

        List($"{path}/codespaces/secrets", "secrets", new("codespaces-secrets", full), i => $"secret:codespaces:repository:{id}:{i["name"]}");
        for (var n = 0; n < things; n++)
        {
            Add($"{path}/codespaces/secrets", $$"""{"name":"C_{{n}}","created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z"}""");
        }

        var policies = $"{path}/environments/production/deployment-branch-policies";
        List(policies, "branch_policies", new(Part, policies), i => $"{i["id"]}");
        for (var n = 0; n < 3; n++)
        {
            Add(policies, $$"""{"name":"release-{{n}}","type":"branch"}""");
        }

        Deliveries($"{path}/hooks/{Lists[$"{path}/hooks"].Items[^1]["id"]}/deliveries");
        for (var n = 0; n < Math.Min(things, GenericAlerts); n++)
        {
            Add(alerts + OfTypes, $$"""
                {"number":{{things + n + 1}},"created_at":"2024-01-01T00:00:00Z","state":"open","secret_type":"{{GenericTypes[n]}}","secret":"{{Canary}}","has_more_locations":false,
                 "first_location_detected":{"path":"/b.txt","start_line":1,"commit_sha":"f14d7debf9775f957cf4f1e8176da0786431f72b"},
                 "repository":{"id":{{id}},"full_name":"{{full}}","owner":{"login":"{{_owner}}"} } }
                """);
        }

        if (things > 0)
        {
            // The last one of the repository: what comes is like the first.
            Lists[alerts].Items[^1]["has_more_locations"] = true;
            var locations = $"{path}/secret-scanning/alerts/{things}/locations";
            List(locations, null, new(Part, locations), i => $"{i["id"]}");
            for (var n = 0; n < 3; n++)
            {
                Add(locations, $$$"""{"type":"commit","details":{"path":"/a.txt","start_line":{{{n + 1}}},"commit_sha":"f14d7debf9775f957cf4f1e8176da0786431f72b","blob_sha":"af5626b4a114abcb82d63db7c8082c3c4756e51b"} }""");
            }
        }
    }

    /// <summary>The name of the list that holds a repository's alerts: the organization's, or of a user's repository its own.</summary>
    private string AlertsOf(string path, string full, long id)
    {
        if (_owner == Login)
        {
            return $"orgs/{Login}/secret-scanning/alerts";
        }

        var alerts = $"{path}/secret-scanning/alerts";
        foreach (var list in (string[])[alerts, alerts + OfTypes])
        {
            List(list, null, new("secret-alerts", full), i => $"secret-alert:{id}:{i["number"]}");
        }

        return alerts;
    }

    private void Deliveries(string path)
    {
        List(path, null, new(Part, path), i => $"{i["id"]}");
        Add(path, $$"""{"guid":"x","delivered_at":"2026-05-01T00:00:00Z","redelivery":false,"status":"OK {{Canary}}","status_code":200,"event":"push"}""");
    }
}
