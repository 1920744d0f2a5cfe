using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Data;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Webhooks;

public enum WebhookAnswer
{
    /// <summary>Taken; a run is queued, or one is waiting already.</summary>
    Taken,

    /// <summary>Taken, and nothing to do: a ping, or a delivery that was taken before.</summary>
    Noted,

    /// <summary>Wrong signature, unknown source or no secret: the sender is told no more than this.</summary>
    Refused,
}

/// <param name="Effect">What came of it, in words for whoever looks at the delivery at GitHub.</param>
public sealed record WebhookReceipt(WebhookAnswer Answer, string Effect);

/// <summary>
/// Takes GitHub's webhooks (docs.github.com/webhooks: HMAC-SHA256 of the raw body in <c>X-Hub-Signature-256</c>). A delivery only
/// says that something changed: the poll that it queues finds out what, so a forged or replayed body could tell us nothing.
/// </summary>
/// <remarks>
/// GitHub signs the body and not the delivery's id, so whoever recorded one delivery can send it again under any id. A body that was
/// taken before is therefore never stored again, and all of them together cause at most one poll of the source in <see cref="Replays"/>.
/// They are not dropped, because two real events may have equal bodies (a member added, removed and added again).
/// </remarks>
public sealed class WebhookIntake(IDbContextFactory<GovernanceDb> contexts, IDialect dialect, SourceSecretStore secrets, PollQueue queue)
{
    public const string Connector = "github";
    public const string SecretKey = "webhookSecret";

    /// <summary>GitHub's own cap on payloads.</summary>
    public const long LongestBody = 25L * 1024 * 1024;

    /// <summary>Of a longer body nobody looks at what it names; then everything is read.</summary>
    public const int LongestLookedInto = WebhookMeaning.LongestBody;

    /// <summary>A burst of deliveries is one run.</summary>
    public static readonly TimeSpan Gather = TimeSpan.FromSeconds(5);

    /// <summary>At most one poll in this time for bodies that were seen before.</summary>
    public static readonly TimeSpan Replays = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The check for one source. Bytes are hashed as they come, never kept. An unknown source has a check too, which nothing passes,
    /// so that it takes the same time and answers the same.
    /// </summary>
    public async Task<WebhookCheck> BeginAsync(Guid sourceId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var host = await db.Set<Source>().AsNoTracking()
            .Where(s => s.Id == sourceId && s.RemovedAt == null && s.ConnectorKey == Connector)
            .Select(s => s.Host).SingleOrDefaultAsync(cancellationToken);
        string? secret = null;
        try
        {
            secret = await secrets.OpenAsync(db, sourceId, host ?? string.Empty, SecretKey, cancellationToken);
        }
        catch (Exception error) when (error is KeyUnusableException or SealBrokenException)
        {
            // The poll of this source names the lost key; a stranger learns nothing of it.
        }

        var known = host is not null && secret is not null;
        return new WebhookCheck(known, known ? Encoding.UTF8.GetBytes(secret!) : RandomNumberGenerator.GetBytes(32));
    }

    /// <summary>After the whole body went through <paramref name="check"/>.</summary>
    /// <param name="signature">The header: "sha256=" and 64 hexadecimal digits.</param>
    /// <param name="deliveryId">The header <c>X-GitHub-Delivery</c>.</param>
    /// <param name="eventName">The header <c>X-GitHub-Event</c>.</param>
    /// <param name="body">Null when it was too long to keep for as long as this takes.</param>
    public async Task<WebhookReceipt> TakeAsync(
        Guid sourceId, WebhookCheck check, string? signature, string? deliveryId, string? eventName, ReadOnlyMemory<byte>? body,
        CancellationToken cancellationToken)
    {
        if (!check.Matches(signature) || !IsWord(deliveryId, 100) || !IsWord(eventName, 60))
        {
            return new(WebhookAnswer.Refused, "refused");
        }

        // Signed, so it is GitHub's word; and still it only names lists, which are then asked for.
        var meaning = WebhookMeaning.Of(eventName!, body);

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var digest = check.Digest;
        var seen = await db.Set<WebhookDelivery>().AsNoTracking().Where(d => d.SourceId == sourceId && d.BodyDigest == digest)
            .Select(d => d.DeliveryId).FirstOrDefaultAsync(cancellationToken);
        if (seen is null)
        {
            db.Add(new WebhookDelivery
            {
                SourceId = sourceId,
                DeliveryId = deliveryId!,
                Event = eventName!,
                BodyDigest = digest,
                ReceivedAt = await dialect.NowAsync(db, cancellationToken),
            });
            try
            {
                // The key decides which of two equal deliveries is first.
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException error) when (dialect.IsUniqueViolation(error))
            {
                return new(WebhookAnswer.Noted, "taken before");
            }
        }

        var why = seen == deliveryId ? "taken before"
            : meaning.Ignored ?? (await db.Set<Source>().AnyAsync(s => s.Id == sourceId && s.IsEnabled, cancellationToken) ? null : "this source is switched off");
        if (why is not null)
        {
            await transaction.CommitAsync(cancellationToken);
            return new(WebhookAnswer.Noted, why);
        }

        var run = await queue.AddAsync(
            db, sourceId, PollTrigger.Webhook, seen is null ? Gather : await WaitAsync(db, sourceId, cancellationToken), cancellationToken, meaning.Only);
        if (run.IsNew)
        {
            await dialect.SignalAsync(db, new ChangeSignal(SourceTopics.Run, run.RunId), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new(WebhookAnswer.Taken, meaning.Says);
    }

    /// <summary>How long a body that was seen before has to wait: until the newest run of the source is old enough.</summary>
    private async Task<TimeSpan> WaitAsync(GovernanceDb db, Guid sourceId, CancellationToken cancellationToken)
    {
        var newest = await db.Set<PollRun>().Where(r => r.SourceId == sourceId && r.State != PollState.Queued)
            .OrderByDescending(r => r.Number).Select(r => (DateTimeOffset?)r.StartedAt).FirstOrDefaultAsync(cancellationToken);
        var wait = newest is { } at ? at + Replays - await dialect.NowAsync(db, cancellationToken) : Gather;
        return wait > Gather ? wait : Gather;
    }

    private static bool IsWord(string? text, int longest) =>
        text is { Length: > 0 } && text.Length <= longest && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}

/// <summary>The running HMAC of one body.</summary>
public sealed class WebhookCheck : IDisposable
{
    private const string Prefix = "sha256=";

    private readonly bool _known;
    private readonly IncrementalHash _hash;

    internal WebhookCheck(bool known, byte[] secret)
    {
        _known = known;
        _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        CryptographicOperations.ZeroMemory(secret);
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    public void Dispose() => _hash.Dispose();

    /// <summary>Of the signature that matched; equal for equal bodies under one secret, and of no use to anybody who reads it.</summary>
    internal byte[] Digest { get; private set; } = [];

    internal bool Matches(string? signature)
    {
        Span<byte> claimed = stackalloc byte[32];
        Span<byte> real = stackalloc byte[32];
        _hash.GetHashAndReset(real);
        var wellFormed = signature is { Length: 71 } && signature.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.FromHexString(signature.AsSpan(Prefix.Length), claimed, out _, out _) == System.Buffers.OperationStatus.Done;

        Digest = SHA256.HashData(real);

        // Both sides are always compared, whatever was claimed.
        return CryptographicOperations.FixedTimeEquals(claimed, real) & wellFormed & _known;
    }
}
