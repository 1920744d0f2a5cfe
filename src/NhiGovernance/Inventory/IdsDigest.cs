using System.Security.Cryptography;

namespace NhiGovernance.Inventory;

/// <summary>Which rows a bulk work wrote, for its entry in the audit log: SHA-256 over the big-endian bytes of their ids, in order, each once.</summary>
internal static class IdsDigest
{
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(IEnumerable<Guid> ids)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[16];
        Guid? last = null;
        foreach (var id in ids.Order())
        {
            if (id != last)
            {
                id.TryWriteBytes(bytes, bigEndian: true, out _);
                hash.AppendData(bytes);
                last = id;
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
