using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace NhiGovernance.Sources.Outbound;

/// <summary>The certificate of the other side was not accepted. The message is plain, and holds the certificate's dates.</summary>
public sealed class TlsRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Checks the certificates of one host and remembers why one was refused.</summary>
internal sealed class TlsCheck(string host, string? trustedRoots, TimeProvider clock)
{
    private string? _refusal;

    /// <summary>Why the last certificate was refused; null when none was.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    public static X509ChainPolicy Policy() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
    };

    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 seen)
        {
            Volatile.Write(ref _refusal, $"TLS error: {host} showed no certificate.");
            return false;
        }

        if (errors == SslPolicyErrors.RemoteCertificateChainErrors && trustedRoots is not null && ChainsToOwnRoot(seen, chain))
        {
            errors = SslPolicyErrors.None;
        }

        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        Volatile.Write(ref _refusal, $"TLS error: {Reason(seen, chain, errors)} The certificate of {host} is valid from {Day(seen.NotBefore)} to {Day(seen.NotAfter)}.");
        return false;
    }

    private string Reason(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var now = clock.GetUtcNow();
        if (now > certificate.NotAfter.ToUniversalTime())
        {
            return "the certificate has expired.";
        }

        if (now < certificate.NotBefore.ToUniversalTime())
        {
            return "the certificate is not valid yet.";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return "the certificate belongs to another host.";
        }

        return certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
            ? "the certificate is self-signed."
            : chain?.ChainStatus.Any(s => s.Status.HasFlag(X509ChainStatusFlags.Revoked)) == true
                ? "the certificate is revoked."
                : "the certificate does not lead to a root that this machine trusts; Sources:TrustedRoots names a file of further roots.";
    }

    private bool ChainsToOwnRoot(X509Certificate2 certificate, X509Chain? seen)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        try
        {
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(trustedRoots!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            return false;
        }

        foreach (var element in seen?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }

    private static string Day(DateTime local) =>
        local.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
}
