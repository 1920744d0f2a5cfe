using System.Security.Cryptography;

namespace NhiGovernance.Audit;

/// <summary>
/// Walks the chain entry by entry, in order of sequence, and stops at the first that does not fit. Holds one hash, whatever
/// the length of the log.
/// </summary>
/// <remarks>
/// Cutting off the newest entries leaves a shorter chain that is whole in itself. Only a head that was noted elsewhere shows
/// it: pass it as <paramref name="knownHead"/>.
/// </remarks>
public sealed class AuditVerifier(AuditHead? knownHead = null)
{
    private byte[] _last = AuditChain.Genesis;

    /// <summary>How many entries were found good.</summary>
    public long Verified { get; private set; }

    public AuditHead Head => new(Verified, Convert.ToHexStringLower(_last));

    /// <summary>Null when the entry fits; otherwise what is wrong with it.</summary>
    public AuditFault? Next(AuditEntry entry)
    {
        var expected = Verified + 1;
        if (entry.Sequence != expected)
        {
            return new AuditFault(expected, AuditFaultKind.Gap, $"Entry {expected} is missing; the next one there is {entry.Sequence}.");
        }

        if (entry.FormatVersion != AuditChain.CurrentFormat)
        {
            return new AuditFault(expected, AuditFaultKind.UnknownFormat, $"Entry {expected} has the unknown format {entry.FormatVersion}.");
        }

        if (!CryptographicOperations.FixedTimeEquals(entry.PreviousHash, _last))
        {
            return new AuditFault(expected, AuditFaultKind.WrongPredecessor, $"Entry {expected} does not name entry {expected - 1} as its predecessor.");
        }

        if (!CryptographicOperations.FixedTimeEquals(AuditChain.Hash(entry), entry.Hash))
        {
            return new AuditFault(expected, AuditFaultKind.Altered, $"Entry {expected} was altered: its content does not give its hash.");
        }

        _last = entry.Hash;
        Verified = expected;
        if (knownHead is not null && knownHead.Sequence == expected && !string.Equals(knownHead.Hash, Head.Hash, StringComparison.OrdinalIgnoreCase))
        {
            return new AuditFault(expected, AuditFaultKind.Rewritten, $"Entry {expected} is not the one that was noted: the log was rewritten up to here.");
        }

        return null;
    }

    /// <summary>To be asked after the last entry: is everything there that was there when the known head was noted?</summary>
    public AuditFault? End() => knownHead is not null && knownHead.Sequence > Verified
        ? new AuditFault(Verified + 1, AuditFaultKind.Gap, $"Entry {Verified + 1} is missing: the log once had {knownHead.Sequence} entries.")
        : null;
}

/// <summary>The newest entry's number and hash (lower-case hex). Whoever notes it can later show that nothing before it changed.</summary>
/// <param name="Sequence">The newest entry's number; 0 while the log is empty.</param>
/// <param name="Hash">SHA-256 of that entry, lower-case hex.</param>
public sealed record AuditHead(long Sequence, string Hash);

/// <param name="Sequence">The number of the first entry that is bad, or that should be there and is not.</param>
/// <param name="Kind">What is wrong with it.</param>
/// <param name="Message">The same in one sentence.</param>
public sealed record AuditFault(long Sequence, AuditFaultKind Kind, string Message);

public enum AuditFaultKind
{
    Gap,
    WrongPredecessor,
    Altered,
    UnknownFormat,
    Rewritten,
}
