using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Outbound;

/// <summary>Makes clients that go to one host only, through <see cref="OutboundGuard"/>.</summary>
public sealed class GuardedHttp(IOutboundGuard guard, OutboundOptions options, TimeProvider clock) : IGuardedHttp
{
    public HttpClient CreateClient(Uri baseAddress)
    {
        guard.CheckAddress(baseAddress);
        var tls = new TlsCheck(baseAddress.IdnHost, options.TrustedRoots, clock);
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PreAuthenticate = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
            ConnectTimeout = options.ConnectTime,
            MaxResponseHeadersLength = 64,
            MaxConnectionsPerServer = 8,
            // A socket that is reused was checked when it was made; it does not live long enough for the name to move away.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = tls.Accept,
                // Nothing that a certificate names is fetched: that would be a way out around the guard.
                CertificateChainPolicy = TlsCheck.Policy(),
            },
        };
        return new HttpClient(new OneHostHandler(baseAddress, options, tls, clock) { InnerHandler = sockets })
        {
            BaseAddress = baseAddress,
            Timeout = options.HeaderTime,
            MaxResponseContentBufferSize = options.MaxAnswerBytes,
            DefaultRequestVersion = HttpVersion.Version11,
        };
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await guard.ResolveAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
        Exception? last = null;
        foreach (var address in addresses)
        {
            // By address, never by name: what was checked is what is connected to.
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException error)
            {
                socket.Dispose();
                last = error;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new HttpRequestException(HttpRequestError.ConnectionError, $"No address of {context.DnsEndPoint.Host} accepted a connection.", last);
    }
}
