using System.Globalization;
using System.Text;
using NhiGovernance.Sources.Connectors.Git.Objects;
using NhiGovernance.Sources.Connectors.Git.Signatures;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>
/// Commits and tags that git signs while the test runs, with every format that it knows. What is read from the raw object is
/// compared with what gpg, ssh-keygen and openssl say of it.
/// </summary>
public sealed class SignedObjectTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();

    [Theory]
    [InlineData("ed25519", false, "EdDSA")]
    [InlineData("rsa2048", false, "RSA")]
    [InlineData("ed25519", true, "EdDSA")]
    public void Read_SignedByGnuPg_NamesTheKeyThatGpgNames(string algorithm, bool subkey, string named)
    {
        var fingerprint = _sandbox.SignWithGpg(algorithm, subkey);

        foreach (var (read, verify) in SignBoth("verify-commit", "verify-tag"))
        {
            // VALIDSIG fingerprint date timestamp …: what gpg itself says of the signature.
            var valid = verify.Split('\n').First(l => l.Contains("VALIDSIG", StringComparison.Ordinal)).Split(' ');
            valid[2].ShouldBe(fingerprint);
            read.Key.ShouldBe($"gpg:{valid[2]}");
            read.PgpKeyId.ShouldBe(fingerprint[^16..]);
            read.At.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(long.Parse(valid[4], CultureInfo.InvariantCulture)));
            read.Details["algorithm"].ShouldBe(named);
        }
    }

    [Theory]
    [InlineData("ed25519", "ssh-ed25519")]
    [InlineData("ecdsa", "ecdsa-sha2-nistp256")]
    [InlineData("rsa", "ssh-rsa")]
    public void Read_SignedBySsh_NamesTheKeyThatSshKeygenNames(string type, string named)
    {
        var fingerprint = _sandbox.SignWithSsh(type);

        foreach (var (read, _) in SignBoth(null, null))
        {
            (read.Format, read.Key).ShouldBe((SignatureFormat.Ssh, $"ssh:{fingerprint}"));
            read.Details["algorithm"].ShouldBe(named);
            read.Details["namespace"].ShouldBe("git");
        }
    }

    [Fact]
    public void Read_SshSignature_IsTheOneThatSshKeygenFindsGood()
    {
        var fingerprint = _sandbox.SignWithSsh();
        var armored = Sign().Commit;
        var (payload, signature) = (_sandbox.Git("cat-file", "commit", "HEAD"), Path.Combine(_sandbox.Root, "commit.sig"));
        File.WriteAllText(signature, armored);
        var start = payload.IndexOf("gpgsig ", StringComparison.Ordinal);
        var end = payload.IndexOf("-----END SSH SIGNATURE-----\n", StringComparison.Ordinal) + "-----END SSH SIGNATURE-----\n".Length;

        var says = _sandbox.Run("ssh-keygen", ["-Y", "check-novalidate", "-n", "git", "-s", signature], payload[..start] + payload[end..]);

        says.ShouldContain($"ED25519 key {fingerprint}");
        SignatureReader.Read(armored).ShouldHaveSingleItem().Key.ShouldBe($"ssh:{fingerprint}");
    }

    [Fact]
    public void Read_SignedByAnSshCertificate_NamesTheCertifiedKeyAndItsAuthority()
    {
        var (key, authority) = _sandbox.SignWithSshCertificate("release-bot", 4711);

        foreach (var (read, _) in SignBoth(null, null))
        {
            read.Key.ShouldBe($"ssh:{key}");
            read.Details["certificateAuthority"].ShouldBe(authority);
            read.Details["certificateKeyId"].ShouldBe("release-bot");
            read.Details["certificateSerial"].ShouldBe("4711");
            (read.NotBefore, read.NotAfter).ShouldBe(
                (new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        }
    }

    [Fact]
    public void Read_SignedAsGitsignDoes_NamesIdentityAndIssuer()
    {
        var certificate = _sandbox.SignWithX509("", "billy@example.com", "https://accounts.example.com");

        foreach (var armored in (string[])[Sign().Commit, Sign().Tag])
        {
            var read = SignatureReader.Read(armored).ShouldHaveSingleItem();
            (read.Format, read.Key).ShouldBe((SignatureFormat.Keyless, "keyless:https://accounts.example.com|billy@example.com"));
            _sandbox.Run("openssl", "x509", "-in", certificate, "-noout", "-ext", "subjectAltName").ShouldContain("email:" + read.Name);
            _sandbox.Run("openssl", "x509", "-in", certificate, "-noout", "-serial").Trim().ShouldBe("serial=" + read.Details["serial"]);
            read.Details["issuer"].ShouldContain("test-intermediate");
            read.At.ShouldBe(SigningTime(armored));
        }
    }

    [Fact]
    public void Read_SignedByX509_NamesTheCertificateThatOpenSslNames()
    {
        var certificate = _sandbox.SignWithX509("Release signing", "release@example.com", null);
        var thumbprint = _sandbox.Run("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256")
            .Trim().Split('=')[1].Replace(":", "", StringComparison.Ordinal);

        foreach (var armored in (string[])[Sign().Commit, Sign().Tag])
        {
            var read = SignatureReader.Read(armored).ShouldHaveSingleItem();
            (read.Key, read.Name).ShouldBe(($"x509:SHA256:{thumbprint}", "X.509 Release signing"));
            read.At.ShouldBe(SigningTime(armored));
        }
    }

    [Theory]
    [InlineData("gpg")]
    [InlineData("ssh")]
    [InlineData("ssh certificate")]
    [InlineData("gitsign")]
    public void Read_RealSignatureWithABitFlippedOrCut_NeverThrows(string format)
    {
        _ = format switch
        {
            "gpg" => _sandbox.SignWithGpg(),
            "ssh" => _sandbox.SignWithSsh(),
            "ssh certificate" => _sandbox.SignWithSshCertificate("release-bot", 1).Key,
            _ => _sandbox.SignWithX509("", "billy@example.com", "https://accounts.example.com"),
        };
        var (label, bytes) = Armor.Read(Sign().Commit)!.Value;
        SignatureReader.Read(SignatureReaderTests.Wrap(label, bytes)).ShouldHaveSingleItem();

        for (var i = 0; i < bytes.Length; i++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i] ^= (byte)(1 << (i % 8));
            Should.NotThrow(() => SignatureReader.Read(SignatureReaderTests.Wrap(label, flipped)));
            Should.NotThrow(() => SignatureReader.Read(SignatureReaderTests.Wrap(label, bytes[..i])));
        }
    }

    public void Dispose() => _sandbox.Dispose();

    private (string Commit, string Tag) Sign()
    {
        var tag = $"v{Guid.CreateVersion7():N}";
        _sandbox.Commit("signed", "-S");
        _sandbox.Git("tag", "-s", "-m", "signed", tag);
        var commit = CommitObject.Parse(Encoding.UTF8.GetBytes(_sandbox.Git("cat-file", "commit", "HEAD")));
        commit.Author!.Email.ShouldBe("ada@example.com");
        return (commit.Signatures.ShouldHaveSingleItem(),
            TagObject.Parse(Encoding.UTF8.GetBytes(_sandbox.Git("cat-file", "tag", tag))).Signatures.ShouldHaveSingleItem());
    }

    /// <summary>The signer read from a new commit and from a new tag, each with what git's own verification printed.</summary>
    private (SignerKey Read, string Verify)[] SignBoth(string? commitVerb, string? tagVerb)
    {
        var (commit, tag) = Sign();
        return
        [
            (SignatureReader.Read(commit).ShouldHaveSingleItem(), Verify(commitVerb, "HEAD")),
            (SignatureReader.Read(tag).ShouldHaveSingleItem(), Verify(tagVerb, _sandbox.Git("tag", "--points-at", "HEAD").Trim())),
        ];
    }

    // git prints the status lines of gpg to standard error.
    private string Verify(string? verb, string name) => verb is null ? "" : _sandbox.Run("sh", "-c", $"git {verb} --raw {name} 2>&1");

    private DateTimeOffset SigningTime(string armored)
    {
        var printed = _sandbox.Run("openssl", ["cms", "-cmsout", "-print", "-noout", "-inform", "PEM"], armored.Replace("SIGNED MESSAGE", "CMS", StringComparison.Ordinal));
        var lines = printed.Split('\n');
        var time = lines.Skip(Array.FindIndex(lines, l => l.Contains("signingTime", StringComparison.Ordinal))).First(l => l.Contains("UTCTIME:", StringComparison.Ordinal));
        return DateTimeOffset.ParseExact(
            string.Join(' ', time.Split("UTCTIME:")[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)), "MMM d HH:mm:ss yyyy 'GMT'",
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }
}
