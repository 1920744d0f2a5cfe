using System.Text.Json;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Inventory.Resources;

/// <summary>Words and icons of resources; a thing has one of each everywhere. Pure.</summary>
public static class ResourceWords
{
    public static string Of(ResourceKind kind) => kind switch
    {
        ResourceKind.BranchProtection => "Branch protection",
        ResourceKind.SecretAlert => "Secret alert",
        ResourceKind.TokenRequest => "Token request",
        ResourceKind.WorkflowFile => "Workflow",
        ResourceKind.OwnerSuggestion => "CODEOWNERS line",
        ResourceKind.AuditEvent => "Audit event",
        ResourceKind.CiVariable => "CI variable",
        ResourceKind.SecretScan => "Secret scan",
        ResourceKind.BypassRequest => "Bypass request",
        ResourceKind.DismissalRequest => "Dismissal request",
        _ => kind.ToString(),
    };

    public static string Icon(ResourceKind kind) => kind switch
    {
        ResourceKind.Organization => "parts",
        ResourceKind.Repository => "git",
        ResourceKind.BranchProtection => "branch",
        ResourceKind.Environment => "server",
        ResourceKind.SecretAlert => "flag",
        ResourceKind.TokenRequest => "key",
        ResourceKind.WorkflowFile => "flow",
        ResourceKind.Review or ResourceKind.Approval => "tick",
        ResourceKind.OwnerSuggestion => "people",
        ResourceKind.AuditEvent => "book",
        ResourceKind.Member => "user",
        ResourceKind.CiVariable => "file",
        ResourceKind.SecretScan => "search",
        _ => "inbox",
    };

    /// <summary>A risk in the two or three words of a filter.</summary>
    public static string Of(ReleaseRisk risk) => risk switch
    {
        ReleaseRisk.UnpinnedAction => "Unpinned action",
        ReleaseRisk.UnpinnedImage => "Unpinned image",
        ReleaseRisk.DownloadedAndRun => "Runs a download (curl | sh)",
        ReleaseRisk.ForkReach => "Forks reach privileges",
        ReleaseRisk.SelfHostedRunner => "Self-hosted runner, or not known",
        ReleaseRisk.StaticKey => "Static cloud key",
        ReleaseRisk.WritesEverything => "Token writes everything",
        ReleaseRisk.Unread => "Could not be read",
        ReleaseRisk.Unprotected => "Default branch unprotected",
        ReleaseRisk.Unreviewed => "No review asked for",
        ReleaseRisk.OpenEnvironment => "Open environment",
        ReleaseRisk.OpenAlert => "Leaked secret",
        ReleaseRisk.SecretInVariable => "Secret in a variable",
        ReleaseRisk.MembersWrite => "All members may write",
        ReleaseRisk.TokenWaits => "Token waits for approval",
        ReleaseRisk.SelfApproved => "Approved by its author",
        _ => risk.ToString(),
    };

    /// <summary>A fact's name in words.</summary>
    public static string Fact(string name) => name switch
    {
        "pipedToShell" => "Downloads piped into a shell",
        "downloadedAndRun" => "Downloads that are run",
        "forkExposure" => "What forks reach",
        "capabilities" => "What its jobs do",
        "unknownActions" => "Actions of which nobody here knows what they do",
        "federation" => "Signs in without a key (OIDC)",
        "staticKeys" => "Signs in with a static key",
        "permissions" => "What its tokens may do",
        "problem" => "Problem while reading",
        "codeOwners" => "Code owners",
        "protected" => "Anything protects it",
        "source" => "Protection by",
        "mayBypass" or "mayBypassReview" => "Who may bypass it",
        "thisSignInMayBypass" => "This source's sign-in may bypass it",
        "everything" => "Covers everything",
        _ => KnownWords.Field(name),
    };

    /// <summary>One item of a list in a sentence: what, in which job, at which line.</summary>
    public static string Item(string fact, JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return item.ToString();
        }

        string? Text(string name) => FactList.Text(item, name);
        var what = fact switch
        {
            "forkExposure" => $"{KnownWords.Field(Text("reach") ?? "reach")}{(FactList.Flag(item, "guarded") ? ", behind a condition" : string.Empty)}, on {Text("trigger")}",
            "permissions" => Scopes(item),
            "selfHostedRunners" => $"{(Text("kind") == "selfHosted" ? "Self-hosted" : "Not known whether self-hosted")}: {Joined(item, "labels")}",
            "capabilities" => $"{Text("kind")}: {Text("what")}",
            "secrets" => Text("name") == "*" ? "All secrets, or one whose name is computed" : Text("name"),
            "federation" or "staticKeys" => $"{Text("target") ?? "a target that the file does not name"}{(Text("role") is { } role ? $" as {role}" : string.Empty)}{(Joined(item, "secrets") is { Length: > 0 } names ? $", by {names}" : string.Empty)}",
            _ => Text("uses") ?? Text("image") ?? Text("name") ?? Text("id") ?? Text("what"),
        };
        var pin = Text("pin") switch
        {
            "sha" or "digest" => ", pinned",
            "tag" => ", by a tag that its owner can move",
            "branch" => ", by a branch",
            "local" => ", of this repository",
            { } other => $", by {other}",
            null => string.Empty,
        };
        var where = string.Join(", ", new[] { Text("job") is { } job ? $"in {job}" : null, Text("line") is { } line ? $"line {line}" : null }.OfType<string>());
        return what is null ? where.Length == 0 ? item.ToString() : char.ToUpperInvariant(where[0]) + where[1..]
            : where.Length == 0 ? what + pin : $"{what}{pin}{(where.StartsWith("line", StringComparison.Ordinal) || pin.Length > 0 ? "," : null)} {where}";
    }

    private static string Scopes(JsonElement item)
    {
        var said = item.TryGetProperty("scopes", out var scopes) && scopes.ValueKind == JsonValueKind.Object
            ? string.Join(", ", scopes.EnumerateObject().Select(s => $"{(s.Name == "*" ? "everything" : s.Name)}: {s.Value}")) : string.Empty;
        return said.Length > 0 ? said : FactList.Text(item, "from") == "default" ? "Not said here: the repository's default holds" : "Nothing";
    }

    private static string Joined(JsonElement item, string name) => item.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? string.Join(", ", list.EnumerateArray().Select(i => i.ToString())) : string.Empty;
}
