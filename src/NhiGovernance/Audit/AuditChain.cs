using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NhiGovernance.Audit;

/// <summary>
/// The hash chain, as pure functions. Canonical bytes of an entry: one format byte, then every field as a 4-byte big-endian
/// length and its bytes (an absent field: length 0xFFFFFFFF), the previous entry's hash first. Text is UTF-8; numbers are
/// 8 bytes big-endian; the instant is Unix milliseconds. <see cref="AuditEntry.Hash"/> is SHA-256 over all of it.
/// </summary>
public static class AuditChain
{
    public const byte CurrentFormat = 1;

    private const int Absent = -1;

    /// <summary>What the first entry names as its predecessor: 32 zero bytes.</summary>
    public static byte[] Genesis => new byte[SHA256.HashSizeInBytes];

    /// <summary>The bytes that are hashed. Throws <see cref="NotSupportedException"/> for a format that this version does not know.</summary>
    public static byte[] Canonicalise(AuditEntry entry)
    {
        if (entry.FormatVersion != CurrentFormat)
        {
            throw new NotSupportedException($"Audit format {entry.FormatVersion} is not known to this version.");
        }

        using var bytes = new MemoryStream(512);
        bytes.WriteByte(entry.FormatVersion);
        Write(bytes, entry.PreviousHash);
        Write(bytes, entry.Sequence);
        Write(bytes, entry.At.ToUnixTimeMilliseconds());
        Write(bytes, entry.ActorKind.ToString());
        Write(bytes, entry.ActorId);
        Write(bytes, entry.Action);
        Write(bytes, entry.TargetKind);
        Write(bytes, entry.TargetId);
        Write(bytes, entry.BeforeDigest);
        Write(bytes, entry.AfterDigest);
        Write(bytes, entry.Note);
        Write(bytes, entry.RequestId);
        return bytes.ToArray();
    }

    public static byte[] Hash(AuditEntry entry) => SHA256.HashData(Canonicalise(entry));

    private static void Write(MemoryStream to, string? text) => Write(to, text is null ? null : Encoding.UTF8.GetBytes(text));

    private static void Write(MemoryStream to, long number)
    {
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(value, number);
        Length(to, value.Length);
        to.Write(value);
    }

    private static void Write(MemoryStream to, byte[]? value)
    {
        Length(to, value?.Length ?? Absent);
        to.Write(value);
    }

    private static void Length(MemoryStream to, int length)
    {
        Span<byte> prefix = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(prefix, length);
        to.Write(prefix);
    }
}
