using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>
/// Ways to sign, each with a throw-away key and the real program. Each sets up the repository so that <c>git commit -S</c> and
/// <c>git tag -s</c> use it from then on. test.sh installs gnupg, openssh-client and openssl.
/// </summary>
public sealed partial class GitSandbox
{
    /// <summary>Returns the fingerprint as ssh-keygen prints it.</summary>
    public string SignWithSsh(string type = "ed25519")
    {
        var key = Path.Combine(Root, $"ssh-{type}");
        Run("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "signing", "-f", key);
        UseSsh(key);
        return Fingerprint(key + ".pub");
    }

    /// <summary>With a certificate of an SSH authority. Returns the fingerprints of the key and of the authority.</summary>
    public (string Key, string Authority) SignWithSshCertificate(string keyId, int serial)
    {
        var key = Path.Combine(Root, "ssh-certified");
        var authority = Path.Combine(Root, "ssh-authority");
        foreach (var file in (string[])[key, authority])
        {
            Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "signing", "-f", file);
        }

        Run("ssh-keygen", "-q", "-s", authority, "-I", keyId, "-n", "git", "-V", "20260101000000Z:20270101000000Z", "-z", $"{serial}", key + ".pub");
        UseSsh(key + "-cert.pub");
        return (Fingerprint(key + ".pub"), Fingerprint(authority + ".pub"));
    }

    /// <summary>With OpenPGP. Returns the fingerprint of the key that signs, as gpg prints it.</summary>
    /// <param name="subkey">True: with a signing subkey, which gpg then prefers.</param>
    public string SignWithGpg(string algorithm = "ed25519", bool subkey = false)
    {
        Run("mkdir", "-p", "-m", "700", Path.Combine(Root, "gnupg"));
        Gpg("--quick-gen-key", "Gil <gil@example.com>", algorithm, subkey ? "cert" : "sign", "never");
        var primary = Fingerprints()[0];
        if (subkey)
        {
            Gpg("--quick-add-key", primary, algorithm, "sign", "never");
        }

        Git("config", "gpg.format", "openpgp");
        Git("config", "user.signingKey", primary);
        return Fingerprints()[subkey ? 1 : 0];

        string[] Fingerprints() => [.. Run("gpg", "--batch", "--with-colons", "--list-keys").Split('\n')
            .Where(l => l.StartsWith("fpr:", StringComparison.Ordinal)).Select(l => l.Split(':')[9])];
    }

    /// <summary>
    /// With X.509 as gitsign and smimesign do it: git's <c>gpg.x509.program</c> makes a detached CMS signature. Returns the file
    /// of the certificate.
    /// </summary>
    /// <param name="fulcioIssuer">Not null: a certificate of ten minutes as Fulcio issues it, with this issuer of the identity.</param>
    public string SignWithX509(string name, string email, string? fulcioIssuer)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var authority = new CertificateRequest("O=sigstore.dev, CN=test-intermediate", authorityKey, HashAlgorithmName.SHA384);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issuer = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(fulcioIssuer is null ? $"CN={name}" : "", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(email);
        request.CertificateExtensions.Add(names.Build(critical: fulcioIssuer is not null));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (fulcioIssuer is not null)
        {
            var text = System.Text.Encoding.UTF8.GetBytes(fulcioIssuer);
            request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.57264.1.1", text, false));
            request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.57264.1.8", [0x0C, (byte)text.Length, .. text], false));
        }

        using var leaf = request.Create(issuer, now.AddMinutes(-1), now.AddMinutes(9), [0x2A, .. RandomNumberGenerator.GetBytes(15)]);
        var (certificate, program) = (Path.Combine(Root, "leaf.pem"), Path.Combine(Root, "sign-x509"));
        File.WriteAllText(certificate, leaf.ExportCertificatePem());
        File.WriteAllText(Path.Combine(Root, "leaf.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(program, $"""
            #!/bin/sh
            openssl cms -sign -binary -md sha256 -outform PEM -signer '{certificate}' -inkey '{Path.Combine(Root, "leaf.key")}' | sed 's/ CMS-----/ SIGNED MESSAGE-----/'
            printf '\n[GNUPG:] SIG_CREATED D\n' >&2
            """.ReplaceLineEndings("\n") + "\n");
        Run("chmod", "700", program);
        Git("config", "gpg.format", "x509");
        Git("config", "gpg.x509.program", program);
        Git("config", "user.signingKey", email);
        return certificate;
    }

    private void Gpg(params string[] arguments) => Run("gpg", ["--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback", .. arguments]);

    private string Fingerprint(string publicKey) => Run("ssh-keygen", "-l", "-f", publicKey).Split(' ')[1];

    private void UseSsh(string key)
    {
        Git("config", "gpg.format", "ssh");
        Git("config", "user.signingKey", key);
    }
}
