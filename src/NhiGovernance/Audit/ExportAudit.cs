using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Audit;

/// <summary>
/// Everything that goes into the hash, so that whoever holds the lines can check the chain without us: canonical bytes as
/// <see cref="AuditChain"/> says. Hashes are lower-case hex.
/// </summary>
/// <param name="Sequence">From 1, without a gap.</param>
/// <param name="At">When it was written, by the database's clock.</param>
/// <param name="ActorKind">What kind of actor did it.</param>
/// <param name="ActorId">Id of the account or token; for the system the name of its part: "poll".</param>
/// <param name="Action">What was done: "source.create".</param>
/// <param name="TargetKind">What kind of thing it was done to: "source".</param>
/// <param name="TargetId">Id or key of that thing.</param>
/// <param name="BeforeDigest">SHA-256 of the thing's state before, hex; null when there was none.</param>
/// <param name="AfterDigest">SHA-256 of the thing's state afterwards, hex; null when there is none.</param>
/// <param name="Note">One line for readers; null when there is nothing to add.</param>
/// <param name="RequestId">The request that caused it; a refusal names it as <c>requestId</c>.</param>
/// <param name="FormatVersion">Which canonical form was hashed; the first byte of what is hashed.</param>
/// <param name="PreviousHash">Hash of the entry before; zeros for the first one.</param>
/// <param name="Hash">SHA-256 of the entry's canonical bytes.</param>
public sealed record AuditLine(
    long Sequence, DateTimeOffset At, ActorKind ActorKind, string ActorId, string Action, string TargetKind, string TargetId,
    string? BeforeDigest, string? AfterDigest, string? Note, string RequestId, byte FormatVersion, string PreviousHash, string Hash);

/// <summary>The log as a stream, oldest first.</summary>
public sealed class ExportAudit(QueryDoor door) : StreamQuery<AuditFilter, AuditLine>(door)
{
    public override Permission Permission => Permission.ReadAudit;

    protected override async IAsyncEnumerable<AuditLine> ReadAsync(
        AuditFilter request, QueryContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var e in request.Apply(context.Db.Set<AuditEntry>()).OrderBy(e => e.Sequence).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return new AuditLine(
                e.Sequence, e.At, e.ActorKind, e.ActorId, e.Action, e.TargetKind, e.TargetId, e.BeforeDigest, e.AfterDigest, e.Note, e.RequestId,
                e.FormatVersion, Convert.ToHexStringLower(e.PreviousHash), Convert.ToHexStringLower(e.Hash));
        }
    }
}
