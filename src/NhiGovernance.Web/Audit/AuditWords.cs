using System.Globalization;
using NhiGovernance.Audit;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Audit;

/// <summary>Words for entries of the log. Pure.</summary>
internal static class AuditWords
{
    /// <summary>What actions begin with, as the page offers it; a test holds it against the actions in the code.</summary>
    public static readonly string[] Groups =
    [
        "account.", "environment.", "identity.", "inventory.", "job.", "keys.", "link.", "person.", "product.", "run.", "service.", "source.", "team.",
        "token.", "view.",
    ];

    private static readonly Dictionary<string, string> s_said = new(StringComparer.Ordinal)
    {
        ["account.change-password"] = "Password changed",
        ["account.change-password-refused"] = "Password change refused",
        ["account.create"] = "Account made",
        ["account.disable"] = "Account disabled",
        ["account.enable"] = "Account enabled",
        ["account.end-sessions"] = "Sessions ended",
        ["account.invite"] = "Person invited",
        ["account.lock"] = "Account locked",
        ["account.reset-password"] = "Password reset",
        ["account.set-roles"] = "Roles changed",
        ["account.sign-in"] = "Signed in",
        ["account.sign-in-refused"] = "Sign-in refused",
        ["account.withdraw-invitation"] = "Invitation withdrawn",
        ["identity.assign-team"] = "Owner assigned",
        ["inventory.batch"] = "Inventory written",
        ["job.run"] = "Job ran",
        ["job.run-now"] = "Job started by hand",
        ["keys.drop"] = "Unreadable secrets dropped",
        ["keys.make"] = "Key made",
        ["keys.reset"] = "Lost keys replaced",
        ["keys.rewrap"] = "Secrets sealed with the new key",
        ["keys.rotate"] = "Key rotated",
        ["link.admin"] = "First sign-in link made",
        ["link.reset"] = "Link to a new password made",
        ["person.merge"] = "People merged",
        ["person.status"] = "Person's status changed",
        ["run.discard"] = "Held run discarded",
        ["run.release"] = "Held run released",
        ["source.document-store"] = "Files uploaded",
        ["source.import"] = "Files imported",
        ["source.interval"] = "Source's schedule changed",
        ["source.poll"] = "Source polled",
        ["source.poll-now"] = "Poll started by hand",
        ["source.run-cancel"] = "Poll cancelled",
        ["source.secret-remove"] = "Source's credential removed",
        ["source.secret-set"] = "Source's credential set",
        ["team.members"] = "Team's members changed",
        ["token.refused"] = "Token refused",
        ["token.revoke"] = "Token revoked",
        ["view.default"] = "Default view changed",
        ["view.rename"] = "View renamed",
        ["view.save"] = "View saved",
        ["view.share"] = "View shared",
    };

    private static readonly Dictionary<string, string> s_verbs = new(StringComparer.Ordinal)
    {
        ["cancel"] = "cancelled",
        ["create"] = "added",
        ["delete"] = "deleted",
        ["disable"] = "switched off",
        ["enable"] = "switched on",
        ["mapping"] = "mapping changed",
        ["remove"] = "removed",
        ["update"] = "changed",
    };

    /// <summary>"source.poll-now" becomes "Poll started by hand", "team.create" becomes "Team added"; what is not known keeps its parts.</summary>
    public static string Action(string action)
    {
        if (s_said.TryGetValue(action, out var said))
        {
            return said;
        }

        var dot = action.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return KnownWords.Field(action);
        }

        var (thing, verb) = (KnownWords.Field(action[..dot]), action[(dot + 1)..]);
        return s_verbs.TryGetValue(verb, out var past) ? $"{thing} {past}" : $"{thing}: {verb.Replace('-', ' ')}";
    }

    public static string Group(string prefix) => KnownWords.Field(prefix.TrimEnd('.'));

    /// <summary>A name; "Poll" for the part of the product that polls; the id of what has no name.</summary>
    public static string Who(AuditRow entry) => entry.ActorName is { Length: > 0 } name
        ? entry.ActorKind == ActorKind.System ? KnownWords.Field(name) : name
        : Guid.TryParse(entry.ActorId, out _) ? Short(entry.ActorId) : KnownWords.Field(entry.ActorId);

    /// <summary>What kind of actor it was, for people.</summary>
    public static string Kind(ActorKind kind) => kind == ActorKind.System ? "NhiGovernance itself" : kind.ToString();

    /// <summary>8 first and 4 last of what is long.</summary>
    public static string Short(string id) => id.Length > 16 ? $"{id[..8]}…{id[^4..]}" : id;

    public static string Sentence(AuditVerification verified) => verified.Fault is { } fault
        ? string.Create(CultureInfo.InvariantCulture, $"The log is broken at entry {fault.Sequence:N0}: {fault.Message}")
        : string.Create(CultureInfo.InvariantCulture, $"The log is whole: {verified.Entries:N0} entries, none changed, none missing.");
}
