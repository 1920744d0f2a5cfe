namespace NhiGovernance.Common.Sealing;

/// <summary>
/// Keyed fingerprints (HMAC-SHA256) of secrets: the same secret found in two places has the same fingerprint, and without our
/// key a fingerprint says nothing. The key is made once, kept sealed in the database, and survives key rotations.
/// </summary>
public interface IFingerprinter
{
    /// <summary>32 bytes.</summary>
    ValueTask<byte[]> ComputeAsync(ReadOnlyMemory<byte> secret, CancellationToken cancellationToken);
}
