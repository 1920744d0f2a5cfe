using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Tests.Sources.Outbound;

/// <summary>Real sockets and real TLS against a server of this test.</summary>
public sealed class GuardedHttpTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_ToTheServer_WorksAndFollowsNoRedirect()
    {
        await using var server = new RawServer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 2\r\n\r\nhi");
        using var client = Client(server.Address, Options(server));
        using var answer = await client.GetAsync("/", Cancel);
        (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel), server.Requests).ShouldBe((HttpStatusCode.Found, "hi", 1));
    }

    [Theory]
    [InlineData("https://evil.example/next")]
    [InlineData("http://user@{0}/next")]
    [InlineData("http://localhost:1/next")]
    public async Task Send_LinkToAnotherPlace_LeavesNothing(string link)
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var client = Client(server.Address, Options(server));
        client.DefaultRequestHeaders.Add("Authorization", "Bearer token");
        await Should.ThrowAsync<OutboundRefusedException>(() => client.GetAsync(
            new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, link, server.Address.Authority)), Cancel));
        server.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Send_LoopbackThatNobodyAllowed_IsRefusedBeforeTheSocket()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var client = Client(server.Address, Options(server) with { AllowPrivateHosts = [] });
        (await Should.ThrowAsync<OutboundRefusedException>(() => client.GetAsync("/", Cancel))).Message.ShouldContain("Sources:AllowPrivateHosts");
        server.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public async Task Read_MoreThanTheCap_EndsInAnError(string head)
    {
        var body = head.Contains("chunked", StringComparison.Ordinal)
            ? string.Concat(Enumerable.Repeat("1f4\r\n" + new string('x', 500) + "\r\n", 10)) + "0\r\n\r\n"
            : new string('x', 5000);
        await using var server = new RawServer(head + body);
        using var client = Client(server.Address, Options(server) with { MaxAnswerBytes = 1000 });
        await Should.ThrowAsync<HttpRequestException>(async () =>
        {
            using var answer = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancel);
            await using var stream = await answer.Content.ReadAsStreamAsync(Cancel);
            await stream.CopyToAsync(Stream.Null, Cancel);
        });
    }

    [Fact]
    public async Task Read_BombOfFewBytes_IsCountedUnpacked()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[4 * 1024 * 1024], Cancel);
        }

        await using var server = new RawServer($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n", packed.ToArray());
        using var client = Client(server.Address, Options(server) with { MaxAnswerBytes = 64 * 1024 });
        await Should.ThrowAsync<HttpRequestException>(async () =>
        {
            using var answer = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancel);
            await answer.Content.ReadAsByteArrayAsync(Cancel);
        });
    }

    [Fact]
    public async Task Read_BodyThatStops_EndsInAnError()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", hold: true);
        using var client = Client(server.Address, Options(server) with { SilenceTime = TimeSpan.FromMilliseconds(100) });
        using var answer = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancel);
        (await Should.ThrowAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(Cancel))).Message.ShouldContain("stopped half-way");
    }

    [Theory]
    [InlineData("self-signed", "self-signed")]
    [InlineData("expired", "expired")]
    [InlineData("not yet", "not valid yet")]
    [InlineData("other host", "another host")]
    [InlineData("unknown root", "root that this machine trusts")]
    public async Task Send_BadCertificate_IsRefusedWithItsDates(string flaw, string says)
    {
        using var chain = new Certificates(flaw);
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", certificate: chain.Leaf);
        var options = Options(server) with { TrustedRoots = flaw is "self-signed" or "unknown root" ? null : chain.RootFile };
        using var client = Client(server.Address, options);
        var refused = await Should.ThrowAsync<TlsRefusedException>(() => client.GetAsync("/", Cancel));
        refused.Message.ShouldStartWith("TLS error: ");
        refused.Message.ShouldContain(says);
        refused.Message.ShouldContain(chain.Leaf.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        server.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Send_CertificateOfAnOwnRoot_IsAccepted()
    {
        using var chain = new Certificates("none");
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", certificate: chain.Leaf);
        using var client = Client(server.Address, Options(server) with { TrustedRoots = chain.RootFile });
        (await client.GetAsync("/", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static OutboundOptions Options(RawServer server) => new()
    {
        AllowPrivateHosts = [server.Address.Authority],
        AllowHttpHosts = [server.Address.Authority],
    };

    private static HttpClient Client(Uri address, OutboundOptions options) =>
        new GuardedHttp(new OutboundGuard(options, new SystemResolver()), options, TimeProvider.System).CreateClient(address);

    /// <summary>A root and a leaf for localhost, with one flaw.</summary>
    private sealed class Certificates : IDisposable
    {
        public Certificates(string flaw)
        {
            var now = TimeProvider.System.GetUtcNow();
            using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var root = new CertificateRequest("CN=Test root", rootKey, HashAlgorithmName.SHA256);
            root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            using var rootCertificate = root.CreateSelfSigned(now.AddYears(-2), now.AddYears(2));
            File.WriteAllText(RootFile, rootCertificate.ExportCertificatePem());
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var leaf = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(flaw == "other host" ? "other.example" : "localhost");
            leaf.CertificateExtensions.Add(names.Build());
            leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
            var (from, to) = flaw switch
            {
                "expired" => (now.AddDays(-20), now.AddDays(-10)),
                "not yet" => (now.AddDays(10), now.AddDays(20)),
                _ => (now.AddDays(-1), now.AddDays(1)),
            };
            using var bare = flaw == "self-signed"
                ? leaf.CreateSelfSigned(from, to)
                : leaf.Create(rootCertificate, from, to, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
            Leaf = X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pfx), null);
        }

        public X509Certificate2 Leaf { get; }

        public string RootFile { get; } = Path.GetTempFileName();

        public void Dispose()
        {
            Leaf.Dispose();
            File.Delete(RootFile);
        }
    }

    /// <summary>Answers every request with the same bytes.</summary>
    private sealed class RawServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly X509Certificate2? _certificate;
        private readonly byte[] _answer;
        private readonly bool _hold;
        private readonly Task _accepting;
        private int _requests;

        public RawServer(string head, byte[]? body = null, X509Certificate2? certificate = null, bool hold = false)
        {
            (_certificate, _answer, _hold) = (certificate, [.. Encoding.ASCII.GetBytes(head), .. body ?? []], hold);
            _listener.Start();
            Address = new Uri($"{(certificate is null ? "http" : "https")}://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            _accepting = AcceptAsync();
        }

        public Uri Address { get; }

        public int Requests => Volatile.Read(ref _requests);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _accepting;
            _listener.Dispose();
            _stop.Dispose();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    try
                    {
                        await AnswerAsync(client);
                    }
                    catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
                    {
                        // The client left, as some tests want it to.
                    }
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Stopped.
            }
        }

        private async Task AnswerAsync(TcpClient client)
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                stream = tls;
            }

            var buffer = new byte[8192];
            if (await stream.ReadAsync(buffer, _stop.Token) == 0)
            {
                return;
            }

            Interlocked.Increment(ref _requests);
            await stream.WriteAsync(_answer, _stop.Token);
            await stream.FlushAsync(_stop.Token);
            if (_hold)
            {
                _ = await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, _stop.Token);
            }
        }
    }
}
