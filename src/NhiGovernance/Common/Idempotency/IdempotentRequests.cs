using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Idempotency;

/// <summary>What a key says about a request. Exactly one of the four is so.</summary>
public abstract record IdempotencyClaim
{
    /// <summary>Nobody used the key: do it.</summary>
    public sealed record First(IdempotencyTicket Ticket) : IdempotencyClaim;

    /// <summary>The first request with this key is still running.</summary>
    public sealed record InFlight : IdempotencyClaim;

    /// <summary>It had its effect, and the process ended before its answer could be kept.</summary>
    public sealed record AnswerLost : IdempotencyClaim;

    /// <summary>It was answered; the answer counts when the digest is the same.</summary>
    public sealed record Answered(byte[] RequestDigest, KeptAnswer Answer) : IdempotencyClaim;
}

public sealed record KeptAnswer(int Status, string? ContentType, string? Location, byte[] Body);

/// <summary>
/// The requests that carried an <c>Idempotency-Key</c>, as rows, for every web node.
/// </summary>
/// <remarks>
/// What is guaranteed: (1) of all requests of one caller with one key at most one has an effect. The claim is one INSERT, decided by
/// the primary key, and every command of the request marks the row in its own transaction under a fencing number; a request that
/// was thought dead and taken over finds another number and is rolled back. (2) What is answered as done was committed: the
/// answer is kept after the commit and before it is sent. (3) A refusal has no effect and frees the key. What is not: a process that dies between the commit and the
/// keeping of the answer leaves a key that says "done, answer lost" (409) for the rest of the day; and effects outside of
/// the database, such as a connection test, are not undone. A request of several commands is marked by its first one.
/// </remarks>
public sealed class IdempotentRequests(IDbContextFactory<GovernanceDb> contexts, IDialect dialect, IFingerprinter fingerprinter)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>A request that takes longer may be taken over; it then cannot commit any more.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>Larger answers are not kept.</summary>
    public const int LongestAnswer = 1024 * 1024;

    public static byte[] DigestOf(string caller, string key) => SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{key}"));

    /// <summary>For the comparison of two requests; keyed, because a body may hold a credential that could be guessed back.</summary>
    /// <param name="request">SHA-256 over method, path, query and body.</param>
    public ValueTask<byte[]> SealDigestAsync(byte[] request, CancellationToken cancellationToken) =>
        fingerprinter.ComputeAsync(request, cancellationToken);

    public async Task<IdempotencyClaim> ClaimAsync(byte[] keyDigest, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);
        await db.Set<IdempotentRequest>().Where(r => r.KeyDigest == keyDigest && r.StartedAt < now - Kept).ExecuteDeleteAsync(cancellationToken);
        if (await FindAsync(db, keyDigest, cancellationToken) is { } there)
        {
            return await JudgeAsync(db, there, now, cancellationToken);
        }

        db.Add(new IdempotentRequest { KeyDigest = keyDigest, Fence = 1, StartedAt = now, LeaseUntil = now + Lease });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return new IdempotencyClaim.First(new IdempotencyTicket(keyDigest, 1));
        }
        catch (DbUpdateException error) when (dialect.IsUniqueViolation(error))
        {
            // Another one was first, in this very moment.
            return new IdempotencyClaim.InFlight();
        }
    }

    /// <summary>Keeps the answer; from now on it is what the key says.</summary>
    public async Task AnswerAsync(IdempotencyTicket ticket, byte[] requestDigest, KeptAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Body.Length > LongestAnswer)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await ticket.Held(db).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.RequestDigest, requestDigest).SetProperty(x => x.Status, answer.Status)
                .SetProperty(x => x.ContentType, answer.ContentType).SetProperty(x => x.Location, answer.Location).SetProperty(x => x.Answer, answer.Body),
            cancellationToken);
    }

    /// <summary>After a refusal or a fault: the key is free again, unless a command committed after all.</summary>
    public async Task ReleaseAsync(IdempotencyTicket ticket, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await ticket.Held(db).Where(r => r.CommittedAt == null).ExecuteDeleteAsync(cancellationToken);
    }

    private static Task<IdempotentRequest?> FindAsync(GovernanceDb db, byte[] keyDigest, CancellationToken cancellationToken) =>
        db.Set<IdempotentRequest>().AsNoTracking().SingleOrDefaultAsync(r => r.KeyDigest == keyDigest, cancellationToken);

    private static async Task<IdempotencyClaim> JudgeAsync(
        GovernanceDb db, IdempotentRequest there, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (there is { Status: { } status, RequestDigest: { } digest })
        {
            return new IdempotencyClaim.Answered(digest, new KeptAnswer(status, there.ContentType, there.Location, there.Answer ?? []));
        }

        if (there.LeaseUntil > now)
        {
            return new IdempotencyClaim.InFlight();
        }

        if (there.CommittedAt is not null)
        {
            return new IdempotencyClaim.AnswerLost();
        }

        var taken = await db.Set<IdempotentRequest>()
            .Where(r => r.KeyDigest == there.KeyDigest && r.Fence == there.Fence && r.CommittedAt == null && r.Status == null)
            .ExecuteUpdateAsync(
                r => r.SetProperty(x => x.Fence, x => x.Fence + 1).SetProperty(x => x.StartedAt, now).SetProperty(x => x.LeaseUntil, now + Lease),
                cancellationToken);
        return taken == 1
            ? new IdempotencyClaim.First(new IdempotencyTicket(there.KeyDigest, there.Fence + 1))
            : new IdempotencyClaim.InFlight();
    }
}
