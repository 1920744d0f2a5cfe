using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Audit;

/// <param name="KnownHead">A head noted earlier, somewhere else: then a log that was cut or rewritten is found too.</param>
public sealed record VerifyAuditRequest(AuditHead? KnownHead = null)
{
    /// <summary>Told every 1,000 entries.</summary>
    public IProgress<VerifyProgress>? Progress { get; init; }
}

/// <param name="Total">As many as there were when the walk began.</param>
public sealed record VerifyProgress(long Done, long Total);

/// <param name="Entries">How many entries are good, counted from the first.</param>
/// <param name="Head">The last good entry. Note it to find a later cut.</param>
/// <param name="Fault">The first bad sequence and why; null when the log is whole.</param>
public sealed record AuditVerification(long Entries, AuditHead Head, AuditFault? Fault)
{
    /// <summary>True when no entry is bad and none is missing before the newest.</summary>
    public bool IsWhole => Fault is null;
}

/// <summary>Walks the whole log once, as a stream.</summary>
public sealed class VerifyAudit(QueryDoor door) : Query<VerifyAuditRequest, AuditVerification>(door)
{
    public override Permission Permission => Permission.ReadAudit;

    protected override async Task<Result<AuditVerification>> ReadAsync(
        VerifyAuditRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var verifier = new AuditVerifier(request.KnownHead);
        var total = request.Progress is null ? 0 : await context.Db.Set<AuditEntry>().LongCountAsync(cancellationToken);
        request.Progress?.Report(new VerifyProgress(0, total));
        await foreach (var entry in context.Db.Set<AuditEntry>().OrderBy(e => e.Sequence).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (verifier.Next(entry) is { } fault)
            {
                return new AuditVerification(verifier.Verified, verifier.Head, fault);
            }

            if (verifier.Verified % 1_000 == 0)
            {
                request.Progress?.Report(new VerifyProgress(verifier.Verified, Math.Max(total, verifier.Verified)));
            }
        }

        return new AuditVerification(verifier.Verified, verifier.Head, verifier.End());
    }
}
