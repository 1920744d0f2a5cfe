using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Audit;

/// <summary>
/// Everything that goes into the hash, so that whoever holds the lines can check the chain without us: canonical bytes as
/// <see cref="AuditChain"/> says. Hashes are lower-case hex.
/// </summary>
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
