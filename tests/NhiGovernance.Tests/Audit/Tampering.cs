using NhiGovernance.Audit;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Tests.Audit;

/// <summary>Every way in which a log can be changed behind the product's back.</summary>
internal static class Tampering
{
    public const int Count = 16;

    /// <summary>Changes the chain in place. Returns the sequence that a verifier must name, or null when nothing was changed.</summary>
    public static long? Apply(List<AuditEntry> chain, int at, int how)
    {
        var entry = chain[at];
        long here = at + 1;
        switch (how)
        {
            case 0 when at == chain.Count - 1:
                return null; // The tail: only a noted head shows it.
            case 0:
                chain.RemoveAt(at);
                return here;
            case 1:
                chain.Insert(at, entry);
                return here + 1;
            case 2 when at == 0:
                return null;
            case 2:
                (chain[at], chain[at - 1]) = (chain[at - 1], chain[at]);
                return here - 1;
            case 3 when at == 0:
                return null;
            case 3:
                // Swapped contents, each keeping its place's number.
                (chain[at], chain[at - 1]) = (chain[at - 1].With(sequence: here), entry.With(sequence: here - 1));
                return here - 1;
            case 4:
                // A forged entry with a right hash, put in between: everything after it is renumbered, nothing rehashed.
                var previous = at == 0 ? AuditChain.Genesis : chain[at - 1].Hash;
                chain.Insert(at, AuditTrail.Chain(new AuditRecord("forged", "source", "x", null, null), Actor.System("forger"), "r", entry.At, here, previous));
                for (var i = at + 1; i < chain.Count; i++)
                {
                    chain[i] = chain[i].With(sequence: i + 1);
                }

                return here + 1;
            default:
                chain[at] = how switch
                {
                    5 => entry.With(at: entry.At.AddMilliseconds(1)),
                    6 => entry.With(actorKind: ActorKind.Person),
                    7 => entry.With(actorId: entry.ActorId + "x"),
                    8 => entry.With(action: entry.Action + "x"),
                    9 => entry.With(targetKind: "other"),
                    10 => entry.With(targetId: "other"),
                    11 => entry.With(beforeDigest: new string('0', 64)),
                    12 => entry.With(note: "other", setNote: true),
                    13 => entry.With(requestId: "other"),
                    14 => entry.With(previousHash: Flip(entry.PreviousHash, at)),
                    _ => entry.With(hash: Flip(entry.Hash, at)),
                };
                return here;
        }
    }

    public static AuditEntry With(
        this AuditEntry e, long? sequence = null, DateTimeOffset? at = null, ActorKind? actorKind = null, string? actorId = null,
        string? action = null, string? targetKind = null, string? targetId = null, string? beforeDigest = null, string? note = null,
        bool setNote = false, string? requestId = null, byte[]? previousHash = null, byte[]? hash = null) => new()
        {
            Sequence = sequence ?? e.Sequence,
            At = at ?? e.At,
            ActorKind = actorKind ?? e.ActorKind,
            ActorId = actorId ?? e.ActorId,
            Action = action ?? e.Action,
            TargetKind = targetKind ?? e.TargetKind,
            TargetId = targetId ?? e.TargetId,
            BeforeDigest = beforeDigest ?? e.BeforeDigest,
            AfterDigest = e.AfterDigest,
            Note = setNote ? note : e.Note,
            RequestId = requestId ?? e.RequestId,
            FormatVersion = e.FormatVersion,
            PreviousHash = previousHash ?? e.PreviousHash,
            Hash = hash ?? e.Hash,
        };

    private static byte[] Flip(byte[] bytes, int seed)
    {
        var copy = (byte[])bytes.Clone();
        copy[seed % copy.Length] ^= (byte)(1 << (seed % 8));
        return copy;
    }
}
