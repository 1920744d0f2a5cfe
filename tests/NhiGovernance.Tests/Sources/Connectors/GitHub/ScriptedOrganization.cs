using System.Text.Json.Nodes;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>One list: its items, the name of the property that holds them (none for a bare array), and where it is listed.</summary>
public sealed record ScriptedList(string? Property, Scope Scope, List<JsonObject> Items)
{
    /// <summary>The natural keys that the connector makes of an item.</summary>
    public required Func<JsonObject, string> Key { get; init; }
}

/// <summary>An organization in memory, in GitHub's own form. The test changes it between, or during, polls.</summary>
public sealed partial class ScriptedOrganization
{
    public const string Login = "acme";
    public const long Id = 4242;

    /// <summary>A value that must never be seen again.</summary>
    public const string Canary = "ghp_CANARYcanaryCANARYcanaryCANARYcan0";

    private readonly bool _everything;
    private long _next = 1000;

    public Dictionary<string, ScriptedList> Lists { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, JsonNode> Documents { get; } = new(StringComparer.Ordinal);

    public Lock Gate { get; } = new();

    public long NewId() => Interlocked.Increment(ref _next);

    /// <param name="now">When the requests of the last weeks were made; 2026-06-01 unless told.</param>
    /// <param name="everything">Also the lists and documents that only some organizations have.</param>
    public ScriptedOrganization(int repositories, int things, DateTimeOffset? now = null, bool everything = false)
    {
        _everything = everything;
        Documents["rate_limit"] = Json("""{"resources":{"core":{"limit":5000,"remaining":4000,"reset":1}}}""");
        Documents["app/installations/99"] = Json($$"""{"id":99,"account":{"login":"{{Login}}","id":{{Id}},"type":"Organization"},"repository_selection":"all"}""");
        Documents["user"] = Json("""{"id":1,"login":"octocat","type":"User"}""");
        Documents[$"orgs/{Login}"] = Json($$"""{"login":"{{Login}}","id":{{Id}},"type":"Organization","two_factor_requirement_enabled":true,"created_at":"2020-01-01T00:00:00Z"}""");
        Documents[$"orgs/{Login}/actions/permissions"] = Json("""{"enabled_repositories":"all","allowed_actions":"all"}""");
        Documents[$"orgs/{Login}/actions/permissions/workflow"] = Json("""{"default_workflow_permissions":"read","can_approve_pull_request_reviews":false}""");
        Documents[$"orgs/{Login}/actions/oidc/customization/sub"] = Json("""{"include_claim_keys":["repo","context"]}""");
        List($"orgs/{Login}/repos", null, new("repositories", Login), i => $"repository:{i["id"]}");
        List($"orgs/{Login}/installations", "installations", new("app-installations", Login), i => $"app-installation:{i["id"]}");
        List($"orgs/{Login}/actions/secrets", "secrets", new("organization-actions-secrets", Login), i => $"secret:actions:organization:{Id}:{i["name"]}");
        List($"orgs/{Login}/dependabot/secrets", "secrets", new("organization-dependabot-secrets", Login), i => $"secret:dependabot:organization:{Id}:{i["name"]}");
        List($"orgs/{Login}/actions/runner-groups", "runner_groups", new("runner-groups", Login), i => $"runner-group:{Id}:{i["id"]}");
        List($"orgs/{Login}/actions/runners", "runners", new("organization-runners", Login), i => $"runner:organization:{i["id"]}");
        List($"orgs/{Login}/hooks", null, new("organization-webhooks", Login), i => $"webhook:organization:{i["id"]}");
        List($"orgs/{Login}/secret-scanning/alerts", null, new("organization-secret-alerts", Login), i => $"secret-alert:{i["repository"]!["id"]}:{i["number"]}");
        List($"orgs/{Login}/members", null, new("members", Login), i => $"member:{Id}:{i["id"]}");
        List($"orgs/{Login}/outside_collaborators", null, new("outside-collaborators", Login), i => $"outside:{Id}:{i["id"]}");
        for (var n = 0; n < things; n++)
        {
            Add($"orgs/{Login}/installations", $$"""{"app_id":7,"app_slug":"app-{{n}}","repository_selection":"all","permissions":{"contents":"write","metadata":"read"},"events":["push"],"created_at":"2021-05-16T08:47:09.000-07:00","suspended_at":null}""");
            Add($"orgs/{Login}/actions/secrets", $$"""{"name":"ORG_{{n}}","created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z","visibility":"all","value":"{{Canary}}"}""");
            Add($"orgs/{Login}/actions/runners", $$"""{"name":"runner-{{n}}","os":"linux","status":"online","busy":false,"labels":[{"name":"self-hosted"}],"runner_group_id":1}""");
            Add($"orgs/{Login}/hooks", $$$"""{"name":"web","active":true,"events":["push"],"config":{"url":"https://{{{Canary}}}:x@hooks.example/services/{{{Canary}}}?t={{{Canary}}}","secret":"{{{Canary}}}","insecure_ssl":"0"},"created_at":"2020-01-01T00:00:00Z"}""");
            Add($"orgs/{Login}/members", $$"""{"login":"person-{{n}}","type":"User","site_admin":false}""");
            Add($"orgs/{Login}/outside_collaborators", $$"""{"login":"guest-{{n}}","type":"User"}""");
        }

        AddParts(things, now ?? new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        if (everything)
        {
            AddEverything(things);
        }

        for (var n = 0; n < repositories; n++)
        {
            AddRepository($"repo-{n}", things);
        }
    }

    public void AddRepository(string name, int things)
    {
        var id = Interlocked.Increment(ref _next);
        var full = $"{_owner}/{name}";
        var path = $"repos/{full}";
        lock (Gate)
        {
            Lists[_repositories].Items.Add(Json(
                $$"""{"id":{{id}},"name":"{{name}}","full_name":"{{full}}","owner":{"login":"{{_owner}}","id":{{_ownerId}}},"private":true,"visibility":"private","archived":false,"default_branch":"main","created_at":"2020-01-01T00:00:00Z","html_url":"https://github.com/{{full}}"}""").AsObject());
            Documents[path] = Json($$"""{"id":{{id}},"full_name":"{{full}}","owner":{"login":"{{_owner}}","id":{{_ownerId}}},"private":true,"default_branch":"main"}""");
            Documents[$"{path}/actions/permissions"] = Json("""{"enabled":true,"allowed_actions":"all"}""");
            Documents[$"{path}/actions/permissions/workflow"] = Json("""{"default_workflow_permissions":"write","can_approve_pull_request_reviews":true}""");
            Documents[$"{path}/actions/permissions/fork-pr-workflows-private-repos"] = Json(
                """{"run_workflows_from_fork_pull_requests":true,"send_write_tokens_to_workflows":false,"send_secrets_and_variables":true,"require_approval_for_fork_pr_workflows":false}""");
            Documents[$"{path}/actions/oidc/customization/sub"] = Json("""{"use_default":true}""");
            List($"{path}/rules/branches/main", null, new("branch-rules", full), _ => $"branch-rules:{id}:main");
        }

        List($"{path}/keys", null, new("deploy-keys", full), i => $"deploy-key:{i["id"]}");
        List($"{path}/actions/secrets", "secrets", new("actions-secrets", full), i => $"secret:actions:repository:{id}:{i["name"]}");
        List($"{path}/dependabot/secrets", "secrets", new("dependabot-secrets", full), i => $"secret:dependabot:repository:{id}:{i["name"]}");
        List($"{path}/environments", "environments", new("environments", full), i => $"environment:{i["id"]}");
        List($"{path}/actions/runners", "runners", new("runners", full), i => $"runner:repository:{i["id"]}");
        List($"{path}/hooks", null, new("webhooks", full), i => $"webhook:repository:{i["id"]}");
        var alerts = AlertsOf(path, full, id);
        for (var n = 0; n < things; n++)
        {
            AddDeployKey(name, $"key {n}");
            Add($"{path}/actions/secrets", $$"""{"name":"S_{{n}}","created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z"}""");
            Add(alerts, $$"""
                {"number":{{n + 1}},"created_at":"2024-01-01T00:00:00Z","state":"open","secret_type":"github_personal_access_token","secret":"{{Canary}}",
                 "resolution_comment":"{{Canary}}","push_protection_bypass_request_comment":"{{Canary}}","validity":"active","publicly_leaked":false,"has_more_locations":false,
                 "first_location_detected":{"path":"/a.txt","start_line":1,"commit_sha":"f14d7debf9775f957cf4f1e8176da0786431f72b"},
                 "repository":{"id":{{id}},"full_name":"{{full}}","owner":{"login":"{{_owner}}"} } }
                """);
        }

        Add($"{path}/environments", """{"name":"production","protection_rules":[{"type":"required_reviewers","reviewers":[{"type":"User","reviewer":{"login":"person-0"}}]}],"deployment_branch_policy":null,"created_at":"2020-01-01T00:00:00Z"}""");
        var environment = Lists[$"{path}/environments"].Items[0]["id"];
        List($"{path}/environments/production/secrets", "secrets", new("environment-secrets", full), i => $"secret:actions:environment:{environment}:{i["name"]}");
        Add($"{path}/environments/production/secrets", """{"name":"PROD","created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z"}""");
        Add($"{path}/hooks", $$$"""{"name":"web","active":true,"events":["push"],"config":{"url":"https://ci.example/{{{Canary}}}","secret":"{{{Canary}}}","insecure_ssl":"1"},"created_at":"2020-01-01T00:00:00Z","last_response":{"code":200,"status":"active","message":"{{{Canary}}}"}}""");
        AddPartsOf(path, full, id, environment!, things);
        Add($"{path}/rules/branches/main", """{"type":"pull_request","ruleset_source_type":"Repository","ruleset_source":"x","ruleset_id":5,"parameters":{"required_approving_review_count":1}}""");
        if (_everything)
        {
            AddEverythingOf(name, full, id, alerts, things);
        }
    }

    public void AddDeployKey(string repository, string title) =>
        Add($"repos/{_owner}/{repository}/keys", $$"""{"key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1h3z{{_next:D6}}qX2yRrV7cW0m0qkq2sJm0h2bqk3Xk0a","title":"{{title}}","verified":true,"created_at":"2020-01-01T00:00:00Z","read_only":false,"last_used":null}""");

    public void RemoveRepository(string name)
    {
        lock (Gate)
        {
            Lists[_repositories].Items.RemoveAll(r => (string?)r["name"] == name);
            foreach (var alerts in Lists.Where(l => l.Key.StartsWith($"orgs/{Login}/secret-scanning/alerts", StringComparison.Ordinal)).Select(l => l.Value.Items))
            {
                alerts.RemoveAll(a => (string?)a["repository"]!["full_name"] == $"{Login}/{name}");
            }

            foreach (var gone in Lists.Keys.Where(k => k.StartsWith($"repos/{_owner}/{name}/", StringComparison.Ordinal)).ToList())
            {
                Lists.Remove(gone);
            }

            foreach (var gone in Documents.Keys.Where(k => k == $"repos/{_owner}/{name}" || k.StartsWith($"repos/{_owner}/{name}/", StringComparison.Ordinal)).ToList())
            {
                Documents.Remove(gone);
            }
        }
    }

    public void RemoveFirst(string list)
    {
        lock (Gate)
        {
            if (list == _repositories || list == "installation/repositories")
            {
                RemoveRepository((string)Lists[list].Items[0]["name"]!);
            }
            else
            {
                Lists[list].Items.RemoveAt(0);
            }
        }
    }

    /// <summary>Which natural keys exist now, by scope.</summary>
    public Dictionary<Scope, HashSet<string>> Truth()
    {
        lock (Gate)
        {
            var truth = Lists.Values.Where(l => l.Scope.Kind != Part).GroupBy(l => l.Scope).ToDictionary(g => g.Key, g => g.SelectMany(l => l.Items.Select(l.Key)).ToHashSet(StringComparer.Ordinal));
            foreach (var (scope, key) in Single())
            {
                truth[scope] = [key];
            }

            return truth;
        }
    }

    public void Add(string list, string json)
    {
        var item = Json(json).AsObject();
        lock (Gate)
        {
            if (item["id"] is null)
            {
                item["id"] = Interlocked.Increment(ref _next);
            }

            Lists[list].Items.Add(item);
        }
    }

    public void List(string path, string? property, Scope scope, Func<JsonObject, string> key)
    {
        lock (Gate)
        {
            Lists[path] = new(property, scope, []) { Key = key };
        }
    }

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;
}
