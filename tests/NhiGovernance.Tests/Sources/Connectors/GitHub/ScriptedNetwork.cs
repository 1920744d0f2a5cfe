using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>What goes wrong below HTTP, for the next connections.</summary>
internal enum NetworkTrouble
{
    NameGone,
    ConnectionRefused,

    /// <summary>The other side takes the connection and never says a word.</summary>
    ConnectionSilent,
    CertificateExpired,
    CertificateOfOther,
}

/// <summary>
/// The way to a scripted server: a name that only it resolves, and certificates of an own root. Trouble is for connections,
/// so the server that wants it at a page cuts the connection there.
/// </summary>
internal sealed class ScriptedNetwork : IHostResolver, IDisposable
{
    private const string Host = "github.test";

    private readonly string _rootFile = Path.GetTempFileName();
    private readonly X509Certificate2 _good;
    private readonly X509Certificate2 _expired;
    private readonly X509Certificate2 _other;
    private readonly Lock _gate = new();
    private TcpListener? _silent;
    private NetworkTrouble _trouble;
    private int _left;

    public ScriptedNetwork()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test root", rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = request.CreateSelfSigned(now.AddYears(-2), now.AddYears(2));
        File.WriteAllText(_rootFile, root.ExportCertificatePem());
        _good = Leaf(root, Host, now.AddDays(-1), now.AddDays(2));
        _expired = Leaf(root, Host, now.AddDays(-20), now.AddDays(-10));
        _other = Leaf(root, "other.test", now.AddDays(-1), now.AddDays(2));
    }

    /// <summary>Which certificate the server shows at this handshake.</summary>
    public X509Certificate2 Certificate =>
        Take(NetworkTrouble.CertificateExpired) ? _expired : Take(NetworkTrouble.CertificateOfOther) ? _other : _good;

    public static string AddressAt(int port) => $"https://{Host}:{port}";

    public OutboundOptions OptionsAt(int port) => new()
    {
        AllowPrivateHosts = [Host, $"{Host}:{port}"], TrustedRoots = _rootFile, ConnectTime = TimeSpan.FromMilliseconds(700),
    };

    /// <summary>Clients of the real guard, on this network.</summary>
    public GuardedHttp ClientsAt(int port)
    {
        var options = OptionsAt(port);
        return new GuardedHttp(new OutboundGuard(options, this), options, TimeProvider.System);
    }

    /// <param name="times">For how many connections.</param>
    public void Break(NetworkTrouble trouble, int times, int port)
    {
        lock (_gate)
        {
            // Silence costs real time.
            (_trouble, _left) = (trouble, trouble == NetworkTrouble.ConnectionSilent ? Math.Min(times, 2) : times);
            if (trouble == NetworkTrouble.ConnectionSilent && _silent is null)
            {
                _silent = new TcpListener(IPAddress.Parse("127.0.0.2"), port);
                _silent.Start(64);
            }
        }
    }

    public void Heal()
    {
        lock (_gate)
        {
            _left = 0;
            _silent?.Dispose();
            _silent = null;
        }
    }

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        host != Host || Take(NetworkTrouble.NameGone)
            ? throw new SocketException((int)SocketError.HostNotFound)
            : Task.FromResult<IReadOnlyList<IPAddress>>(
                [IPAddress.Parse(Take(NetworkTrouble.ConnectionSilent) ? "127.0.0.2" : Take(NetworkTrouble.ConnectionRefused) ? "127.0.0.3" : "127.0.0.1")]);

    public IReadOnlySet<IPAddress> Own() => new HashSet<IPAddress>();

    public void Dispose()
    {
        Heal();
        _good.Dispose();
        _expired.Dispose();
        _other.Dispose();
        File.Delete(_rootFile);
    }

    private bool Take(NetworkTrouble trouble)
    {
        lock (_gate)
        {
            return _trouble == trouble && _left > 0 && _left-- > 0;
        }
    }

    private static X509Certificate2 Leaf(X509Certificate2 root, string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        leaf.CertificateExtensions.Add(names.Build());
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var bare = leaf.Create(root, from, to, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pfx), null);
    }
}
