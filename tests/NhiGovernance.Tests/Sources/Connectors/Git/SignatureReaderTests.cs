using System.Text;
using FsCheck.Fluent;
using NhiGovernance.Sources.Connectors.Git.Objects;
using NhiGovernance.Sources.Connectors.Git.Signatures;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

public sealed class SignatureReaderTests
{
    [Fact]
    public void Read_CmsByOpenSsl_NamesTheSignersCertificate()
    {
        using var sandbox = new GitSandbox();
        sandbox.Run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "k.pem", "-out", "c.pem",
            "-subj", "/CN=Release signing/O=Acme", "-days", "30", "-addext", "subjectAltName=email:release@example.com");
        var thumbprint = sandbox.Run("openssl", "x509", "-in", "c.pem", "-noout", "-fingerprint", "-sha256").Trim().Split('=')[1].Replace(":", "", StringComparison.Ordinal);
        var cms = sandbox.Run("openssl", ["cms", "-sign", "-binary", "-outform", "PEM", "-signer", "c.pem", "-inkey", "k.pem"], "text");

        var key = SignatureReader.Read(cms).ShouldHaveSingleItem();

        key.Key.ShouldBe($"x509:SHA256:{thumbprint}");
        key.Name.ShouldBe("X.509 Release signing");
        key.Details["alternativeNames"].ShouldBe("release@example.com");
        key.At.ShouldNotBeNull();
        (key.NotAfter - key.NotBefore).ShouldBe(TimeSpan.FromDays(30));

        var bare = sandbox.Run("openssl", ["cms", "-sign", "-binary", "-nocerts", "-outform", "PEM", "-signer", "c.pem", "-inkey", "k.pem"], "text");
        SignatureReader.Read(bare).ShouldHaveSingleItem().Key.ShouldStartWith("x509-name:");
    }

    [Theory]
    [InlineData("04", "162104" + "00112233445566778899AABBCCDDEEFF00112233" + "0502" + "69A00000", "gpg:00112233445566778899AABBCCDDEEFF00112233", "CCDDEEFF00112233")]
    [InlineData("04", "0502" + "69A00000", "", null)]
    [InlineData("04", "0910" + "AABBCCDDEEFF0011", "gpg-id:AABBCCDDEEFF0011", "AABBCCDDEEFF0011")]
    public void Read_SubpacketsOfVersion4_NamesTheIssuer(string version, string hashed, string key, string? keyId)
    {
        var area = Convert.FromHexString(hashed);
        byte[] body = [.. Convert.FromHexString(version), 0, 22, 8, (byte)(area.Length >> 8), (byte)area.Length, .. area, 0, 0, 1, 2];
        var found = OpenPgpSignature.Read([0xC2, (byte)body.Length, .. body]);
        if (key.Length == 0)
        {
            found.ShouldBeEmpty();
            return;
        }

        found.ShouldHaveSingleItem().Key.ShouldBe(key);
        found[0].PgpKeyId.ShouldBe(keyId);
    }

    [Fact]
    public void Read_Version6_TakesTheIdFromTheFront()
    {
        var fingerprint = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        byte[] area = [34, 33, 6, .. fingerprint];
        byte[] body = [6, 0, 27, 8, 0, 0, 0, (byte)area.Length, .. area, 0, 0, 0, 0];
        var key = OpenPgpSignature.Read([0xC2, (byte)body.Length, .. body]).ShouldHaveSingleItem();
        key.Key.ShouldBe("gpg:" + Convert.ToHexString(fingerprint));
        key.PgpKeyId.ShouldBe("0001020304050607");
    }

    [Fact]
    public void Read_AnyBytesInAnyArmor_NeverThrows()
    {
        string[] labels = ["PGP SIGNATURE", "SSH SIGNATURE", "SIGNED MESSAGE", "PGP MESSAGE"];
        var cases = Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf().Zip(Gen.Elements(labels));
        Prop.ForAll(cases.ToArbitrary(), pair =>
            SignatureReader.Read(Wrap(pair.Item2, pair.Item1)).Count >= 0).CheckCases(2_000);
    }

    [Fact]
    public void Parse_AnyBytes_NeverThrows()
    {
        string[] pieces = ["tree ", "author ", "A <a@b> 1700000000 +0000", "<", ">", "\n", "\n\n", " ", "gpgsig ", "mergetag ", "-----BEGIN SSH SIGNATURE-----\n", "99999999999999999999", "\0", "é", "tag v1\n"];
        Prop.ForAll(Gen.Elements(pieces).ArrayOf().ToArbitrary(), parts =>
        {
            var bytes = Encoding.Latin1.GetBytes(string.Concat(parts));
            return CommitObject.Parse(bytes).Signatures is not null && TagObject.Parse(bytes).Signatures is not null && Trailers.Read(string.Concat(parts)).Count() >= 0;
        }).CheckCases(2_000);
    }

    internal static string Wrap(string label, byte[] bytes) => $"-----BEGIN {label}-----\n\n{Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks)}\n-----END {label}-----\n";
}
