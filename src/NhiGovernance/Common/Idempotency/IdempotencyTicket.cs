using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Idempotency;

/// <summary>This request's claim on its key.</summary>
public sealed record IdempotencyTicket(byte[] KeyDigest, long Fence)
{
    /// <summary>The row, only while this claim holds.</summary>
    internal IQueryable<IdempotentRequest> Held(GovernanceDb db) =>
        db.Set<IdempotentRequest>().Where(r => r.KeyDigest == KeyDigest && r.Fence == Fence);
}

/// <summary>
/// One a scope: the key that the current request carries, if any. The command door marks it in the transaction of every command
/// that the request runs, so that "it had its effect" is committed together with the effect, or not at all.
/// </summary>
public sealed class CurrentIdempotency
{
    public IdempotencyTicket? Ticket { get; set; }

    /// <summary>False when another request took the key over: then this one must not commit.</summary>
    internal async Task<bool> MarkAsync(GovernanceDb db, DateTimeOffset now, CancellationToken cancellationToken) =>
        Ticket is null || await Ticket.Held(db).ExecuteUpdateAsync(r => r.SetProperty(x => x.CommittedAt, now), cancellationToken) == 1;
}
