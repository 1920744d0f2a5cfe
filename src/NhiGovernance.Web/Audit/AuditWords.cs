using System.Globalization;
using NhiGovernance.Audit;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Audit;

/// <summary>Words for entries of the log. Pure.</summary>
internal static class AuditWords
{
    /// <summary>"source.poll-now" becomes "Source: poll now".</summary>
    public static string Action(string action)
    {
        var dot = action.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? KnownWords.Field(action) : $"{KnownWords.Field(action[..dot])}: {action[(dot + 1)..].Replace('-', ' ')}";
    }

    public static string Group(string prefix) => KnownWords.Field(prefix.TrimEnd('.'));

    public static string Who(AuditRow entry) => entry.ActorName ?? (Guid.TryParse(entry.ActorId, out _) ? Short(entry.ActorId) : entry.ActorId);

    /// <summary>8 first and 4 last of what is long.</summary>
    public static string Short(string id) => id.Length > 16 ? $"{id[..8]}…{id[^4..]}" : id;

    public static string Sentence(AuditVerification verified) => verified.Fault is { } fault
        ? string.Create(CultureInfo.InvariantCulture, $"The log is broken at entry {fault.Sequence:N0}: {fault.Message}")
        : string.Create(CultureInfo.InvariantCulture, $"The log is whole: {verified.Entries:N0} entries, each holds the digest of the one before.");
}
