using System.Globalization;
using System.Text.Json.Nodes;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>Lists that hang on other lists, or that GitHub forgets: what they hold is no row of its own, or stays when it is no longer listed.</summary>
public sealed partial class ScriptedOrganization
{
    /// <summary>The kind of scope of lists that are not compared one by one.</summary>
    public const string Part = "part";

    public const string AuditLog = $"orgs/{Login}/audit-log";

    private static readonly string[] Requests = ["bypass-requests", "dismissal-requests"];

    /// <summary>Natural keys of what GitHub forgets after a time, and we do not.</summary>
    public IEnumerable<string> Remembered()
    {
        lock (Gate)
        {
            var requests = Requests.SelectMany(r => Lists[$"orgs/{Login}/{r}/secret-scanning"].Items.Select(i => $"{r[..^1]}:{i["id"]}"));
            var events = Lists.TryGetValue(AuditLog, out var log) ? log.Items.Select(i => $"audit-event:{i["_document_id"]}") : [];
            return [.. requests, .. events];
        }
    }

    /// <summary>Items of it never go: GitHub forgets them by itself.</summary>
    public static bool OnlyGrows(string path) => path == AuditLog || Array.Exists(Requests, r => path.Contains(r, StringComparison.Ordinal));

    public void AddAuditLog(int events, DateTimeOffset from)
    {
        List(AuditLog, null, new(Part, AuditLog), i => $"audit-event:{i["_document_id"]}");
        for (var n = 0; n < events; n++)
        {
            AddEvent($"event-{n}", from.AddMinutes(n), n % 2 == 0 ? "personal_access_token.access_granted" : "git.clone", n % 2 == 0 ? "person-0" : "app-0[bot]");
        }
    }

    public void AddEvent(string id, DateTimeOffset at, string action, string actor) =>
        Add(AuditLog, $$"""{"_document_id":"{{id}}","@timestamp":{{at.ToUnixTimeMilliseconds()}},"action":"{{action}}","actor":"{{actor}}","actor_id":5,"org":["{{Login}}","other"],"actor_is_bot":{{(actor.EndsWith("[bot]", StringComparison.Ordinal) ? "true" : "false")}},"programmatic_access_type":"GitHub App server-to-server token","hashed_token":"tQkzWqSRhOhMxEJZ1gRVKsH2gc7+kqT7LMkL6r1rXGM=","token_id":77,"token":"{{Canary}}","data":{"note":"{{Canary}}"} }""");

    /// <summary>Scopes that always hold one thing: the organization's and each repository's own.</summary>
    private IEnumerable<(Scope Scope, string Key)> Single()
    {
        yield return (new("organization", Login), $"organization:{Id}");
        yield return (new("organization-pipeline", Login), $"pipeline:organization:{Id}");
        yield return (new("organization-oidc-subject", Login), $"oidc-subject:organization:{Id}");
        foreach (var repository in Lists[_repositories].Items.Where(r => Documents.ContainsKey($"repos/{r["full_name"]}")))
        {
            var (full, id) = ((string)repository["full_name"]!, repository["id"]);
            yield return (new("pipeline", full), $"pipeline:repository:{id}");
            yield return (new("oidc-subject", full), $"oidc-subject:repository:{id}");
            yield return (new("branch-protection", full), $"branch-protection:{id}:main");
            yield return (new("secret-scan-history", full), $"secret-scan:{id}");
        }
    }

    /// <summary>Deliveries of a hook that is there: one, newest first.</summary>
    internal List<JsonNode>? Implied(string path)
    {
        if (!path.EndsWith("/deliveries", StringComparison.Ordinal) || path.Split('/') is not [.., "hooks", var id, "deliveries"])
        {
            return null;
        }

        return Lists.TryGetValue(path[..^($"/{id}/deliveries".Length)], out var hooks) && hooks.Items.Exists(h => $"{h["id"]}" == id)
            ? [Json($$"""{"id":1,"guid":"x","delivered_at":"2026-05-01T00:00:00Z","redelivery":false,"status":"OK {{Canary}}","status_code":200,"event":"push"}""")]
            : null;
    }

    private void AddParts(int things, DateTimeOffset now)
    {
        Documents[$"orgs/{Login}/actions/permissions/fork-pr-contributor-approval"] = Json("""{"approval_policy":"first_time_contributors"}""");
        List($"orgs/{Login}/actions/variables", "variables", new("organization-actions-variables", Login), i => $"variable:organization:{Id}:{i["name"]}");
        foreach (var requests in Requests)
        {
            var path = $"orgs/{Login}/{requests}/secret-scanning";
            List(path, null, new(Part, path), i => $"{requests[..^1]}:{i["id"]}");
            for (var n = 0; n < things; n++)
            {
                Add(path, $$"""
                    {"number":{{n}},"status":"open","created_at":"{{now.AddDays(-3 * n).UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}}","requester":{"actor_id":1,"actor_name":"person-0"},
                     "requester_comment":"{{Canary}}","data":[{"secret_type":"adafruit_io_key","bypass_reason":"used_in_tests","path":"/a"}],
                     "responses":[{"id":1,"reviewer":{"actor_id":2,"actor_name":"boss"},"status":"approved","created_at":"2026-05-30T00:00:00Z"}],"repository":{"id":1,"name":"repo-0","full_name":"{{Login}}/repo-0"} }
                    """);
            }
        }

        for (var n = 0; n < things; n++)
        {
            Add($"orgs/{Login}/actions/variables", $$"""{"name":"VAR_{{n}}","value":"{{Canary}}","created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z","visibility":"{{(n == things - 1 ? "selected" : "all")}}"}""");
        }

        Chosen($"orgs/{Login}/actions/variables/VAR_{things - 1}/repositories", things);
        Add($"orgs/{Login}/dependabot/secrets", """{"name":"CHOSEN","created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z","visibility":"selected"}""");
        Chosen($"orgs/{Login}/dependabot/secrets/CHOSEN/repositories", things);
        Add($"orgs/{Login}/actions/runner-groups", """{"name":"chosen","visibility":"selected","default":false,"allows_public_repositories":false,"restricted_to_workflows":true,"selected_workflows":["acme/repo-0/.github/workflows/release.yml@main"]}""");
        Chosen($"orgs/{Login}/actions/runner-groups/{Lists[$"orgs/{Login}/actions/runner-groups"].Items[0]["id"]}/repositories", things);
    }

    private void AddPartsOf(string path, string full, long id, JsonNode environment, int things)
    {
        List($"{path}/actions/variables", "variables", new("actions-variables", full), i => $"variable:repository:{id}:{i["name"]}");
        List($"{path}/environments/production/variables", "variables", new("environment-variables", full), i => $"variable:environment:{environment}:{i["name"]}");
        for (var n = 0; n < things; n++)
        {
            Add($"{path}/actions/variables", $$"""{"name":"V_{{n}}","value":"plain","created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z"}""");
            Add($"{path}/environments/production/variables", $$"""{"name":"E_{{n}}","value":true,"created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z"}""");
        }

        lock (Gate)
        {
            Documents[$"{path}/rulesets/5"] = Json("""{"id":5,"name":"main","source_type":"Repository","source":"x","enforcement":"active","bypass_actors":[{"actor_id":234,"actor_type":"Team","bypass_mode":"always"}],"current_user_can_bypass":"never"}""");
            Documents[$"{path}/secret-scanning/scan-history"] = Json("""{"incremental_scans":[{"type":"git","status":"completed","completed_at":"2024-10-07T02:47:00Z"}],"backfill_scans":[{"type":"git","status":"completed","started_at":"2024-10-07T02:47:00Z","completed_at":"2024-10-07T02:50:00Z"}],"pattern_update_scans":[],"custom_pattern_backfill_scans":[]}""");
        }
    }

    private void Chosen(string path, int things)
    {
        List(path, "repositories", new(Part, path), i => $"{i["id"]}");
        for (var n = 0; n < things; n++)
        {
            Add(path, $$"""{"name":"chosen-{{n}}","full_name":"{{Login}}/chosen-{{n}}"}""");
        }
    }
}
