using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Sealing;

/// <summary>Fingerprints by the sealed key "fingerprint", which the first use makes.</summary>
public sealed class Fingerprinter(IDbContextFactory<GovernanceDb> contexts, ISealer sealer, IDialect dialect, IAuditTrail trail, TimeProvider clock)
    : IFingerprinter, IDisposable
{
    private readonly OwnKey _key = new("fingerprint", contexts, sealer, dialect, trail, clock);

    public async ValueTask<byte[]> ComputeAsync(ReadOnlyMemory<byte> secret, CancellationToken cancellationToken) =>
        HMACSHA256.HashData(await _key.GetAsync(cancellationToken), secret.Span);

    public void Dispose() => _key.Dispose();
}
