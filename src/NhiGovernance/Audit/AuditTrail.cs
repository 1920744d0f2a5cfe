using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Audit;

/// <summary>
/// Appends to the log inside the caller's transaction. The lock makes appends one after another, so that the sequence has no
/// gap and the chain no fork; it is held until the commit, which is why the append is a transaction's last statement.
/// </summary>
public sealed class AuditTrail(IDialect dialect) : IAuditTrail
{
    internal const string Lock = "audit";

    private const int LongestNote = 500;

    public async Task AppendAsync(
        GovernanceDb db, Actor actor, string requestId, IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken)
    {
        await dialect.LockAsync(db, Lock, cancellationToken);
        var at = Instants.ToMilliseconds(await dialect.NowAsync(db, cancellationToken));
        var last = await db.Set<AuditEntry>().AsNoTracking().OrderByDescending(e => e.Sequence)
            .Select(e => new { e.Sequence, e.Hash }).FirstOrDefaultAsync(cancellationToken);
        var sequence = last?.Sequence ?? 0;
        var previous = last?.Hash ?? AuditChain.Genesis;
        var entries = new List<AuditEntry>(records.Count);
        foreach (var record in records)
        {
            var entry = Chain(record, actor, requestId, at, ++sequence, previous);
            previous = entry.Hash;
            entries.Add(entry);
        }

        db.Set<AuditEntry>().AddRange(entries);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var entry in entries)
        {
            db.Entry(entry).State = EntityState.Detached;
        }
    }

    internal static AuditEntry Chain(AuditRecord record, Actor actor, string requestId, DateTimeOffset at, long sequence, byte[] previous)
    {
        AuditEntry Make(byte[] hash) => new()
        {
            Sequence = sequence,
            At = at,
            ActorKind = actor.Kind,
            ActorId = actor.Kind == ActorKind.System ? actor.Name : actor.Id.ToString("D", CultureInfo.InvariantCulture),
            Action = record.Action,
            TargetKind = record.TargetKind,
            TargetId = record.TargetId,
            BeforeDigest = StateDigest.Of(record.Before),
            AfterDigest = StateDigest.Of(record.After),
            Note = record.Note is { } note ? TextCut.To(note, LongestNote) : null,
            RequestId = requestId,
            FormatVersion = AuditChain.CurrentFormat,
            PreviousHash = previous,
            Hash = hash,
        };

        return Make(AuditChain.Hash(Make([])));
    }
}
