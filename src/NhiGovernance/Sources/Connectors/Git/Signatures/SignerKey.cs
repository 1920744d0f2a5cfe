using System.Security.Cryptography.X509Certificates;

namespace NhiGovernance.Sources.Connectors.Git.Signatures;

internal enum SignatureFormat
{
    OpenPgp,
    Ssh,
    X509,

    /// <summary>A certificate of minutes that names a verified identity: gitsign and Fulcio.</summary>
    Keyless,
}

/// <summary>
/// Which key a signature says it was made with. Read from the bytes, not verified: whether the signature is good, and whether
/// the key may sign here, is for the verification that comes with evidence.
/// </summary>
/// <param name="Key">"gpg:FINGERPRINT", "gpg-id:KEYID", "ssh:SHA256:…", "x509:SHA256:…" or "keyless:issuer|identity".</param>
/// <param name="Name">Short, for people.</param>
/// <param name="At">The signature's own time, where the format has one.</param>
internal sealed record SignerKey(SignatureFormat Format, string Key, string Name, DateTimeOffset? At)
{
    /// <summary>Last 16 hex digits (first for version 5 and 6): joins a signature that names only the id with one that names the fingerprint.</summary>
    public string? PgpKeyId { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>camelCase name to text: algorithm, namespace, subject, issuer, serial, version.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();

    internal static string Text(X500DistinguishedName name) => Objects.PersonStamp.Clean(name.Format(false));
}
