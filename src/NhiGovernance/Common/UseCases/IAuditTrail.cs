using NhiGovernance.Data;

namespace NhiGovernance.Common.UseCases;

/// <summary>What a command did, to be appended to the audit log. Holds ids and digests, never secrets and no personal names.</summary>
/// <param name="Action">A stable verb: "source.create", "token.revoke".</param>
/// <param name="TargetKind">"source", "token", "team".</param>
/// <param name="TargetId">The target's id.</param>
/// <param name="Before">The state that was, or null when there was none. Only its SHA-256 is kept.</param>
/// <param name="After">The state that is, or null when it is gone. Only its SHA-256 is kept.</param>
/// <param name="Note">One short plain sentence for readers of the log: "interval 60 to 15 minutes". No secrets, no names of people.</param>
public sealed record AuditRecord(string Action, string TargetKind, string TargetId, object? Before, object? After, string? Note = null);

/// <summary>The append-only log. Audit implements it; only the command door and bulk work call it.</summary>
public interface IAuditTrail
{
    /// <summary>Appends as the last statement of the current transaction; throws when that fails, and then nothing was done.</summary>
    Task AppendAsync(GovernanceDb db, Actor actor, string requestId, IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken);
}
