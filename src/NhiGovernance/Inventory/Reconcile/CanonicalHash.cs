using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>
/// SHA-256 over unambiguous bytes: every text with its length, every list with its count, dictionaries in key order. The first
/// byte is the form's version: when what we store of an observation changes, it goes up, and every row is written once more.
/// </summary>
internal sealed class CanonicalHash
{
    private const byte Version = 1;
    private readonly ArrayBufferWriter<byte> _bytes = new(1_024);

    public CanonicalHash Begin()
    {
        _bytes.ResetWrittenCount();
        _bytes.Write([Version]);
        return this;
    }

    public byte[] End() => SHA256.HashData(_bytes.WrittenSpan);

    public CanonicalHash Add(string? text)
    {
        if (text is null)
        {
            return Add(-1);
        }

        Add(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _bytes);
        return this;
    }

    public CanonicalHash Add(int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(sizeof(int)), number);
        _bytes.Advance(sizeof(int));
        return this;
    }

    public CanonicalHash Add(bool value) => Add(value ? 1 : 0);

    public CanonicalHash Add(PlaceReference place) => Add(place.Kind).Add(place.Path);

    public CanonicalHash Add(KnownValue value)
    {
        Add((int)value.State).Add(value.Text).Add(value.Permission);
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(sizeof(long)), value.Since?.UtcTicks ?? -1);
        _bytes.Advance(sizeof(long));
        return this;
    }

    public CanonicalHash Add(IReadOnlyDictionary<string, KnownValue> facts)
    {
        Add(facts.Count);
        foreach (var (name, value) in facts.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            Add(name).Add(value);
        }

        return this;
    }

    /// <summary>As a set: the order in which a vendor lists them means nothing.</summary>
    public CanonicalHash AddSet(IReadOnlyList<string> items)
    {
        Add(items.Count);
        foreach (var item in items.Order(StringComparer.Ordinal))
        {
            Add(item);
        }

        return this;
    }

    public CanonicalHash Add(IReadOnlyList<GrantObservation> grants)
    {
        Add(grants.Count);
        foreach (var grant in Grants.InOrder(grants))
        {
            Add(grant.Permission).Add(grant.Resource).Add(grant.AltersRelease).Add(grant.Privileged);
        }

        return this;
    }
}

internal static class Grants
{
    public static IEnumerable<GrantObservation> InOrder(IEnumerable<GrantObservation> grants) =>
        grants.OrderBy(g => g.Resource, StringComparer.Ordinal).ThenBy(g => g.Permission, StringComparer.Ordinal)
            .ThenBy(g => g.AltersRelease).ThenBy(g => g.Privileged);
}
