using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>git's own server program, <c>git http-backend</c>, behind https with a throw-away certificate.</summary>
internal sealed class GitHttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly string _projects;

    private GitHttpServer(WebApplication app, X509Certificate2 certificate, string projects) => (_app, _certificate, _projects) = (app, certificate, projects);

    public Uri Address => new($"https://localhost:{new Uri(_app.Urls.Single()).Port}/");

    /// <summary>"user:token" that every request must bring; null: everybody may read.</summary>
    public string? Credential { get; init; }

    /// <summary>Requests of <see cref="RedirectMethod"/> are sent on to this address.</summary>
    public Uri? RedirectTo { get; init; }

    public string RedirectMethod { get; init; } = "GET";

    /// <summary>The Authorization header of each request, in whatever order they came; empty where there was none.</summary>
    public ConcurrentBag<string> Requests { get; } = [];

    /// <param name="rootFile">Where the PEM of the root goes that the certificate comes from.</param>
    /// <param name="projects">The folder of bare repositories.</param>
    public static async Task<GitHttpServer> StartAsync(
        string projects, string rootFile, string? credential = null, string name = "localhost", Uri? redirectTo = null, string redirectMethod = "GET")
    {
        var certificate = Certificate(name, rootFile);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        var app = builder.Build();
        var server = new GitHttpServer(app, certificate, projects) { Credential = credential, RedirectTo = redirectTo, RedirectMethod = redirectMethod };
        app.Run(server.ServeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public static string Basic(string credential) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credential));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        var sent = http.Request.Headers.Authorization.ToString();
        Requests.Add(sent);
        if (RedirectTo is { } target && http.Request.Method == RedirectMethod)
        {
            http.Response.Redirect(new Uri(target, http.Request.Path + http.Request.QueryString).AbsoluteUri);
        }
        else if (Credential is { } wanted && sent != Basic(wanted))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
        }
        else
        {
            await AnswerAsync(http);
        }
    }

    /// <summary>One CGI call.</summary>
    private async Task AnswerAsync(HttpContext http)
    {
        var request = http.Request;
        var start = new ProcessStartInfo("git", ["http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (key, value) in new Dictionary<string, string?>
        {
            ["GIT_PROJECT_ROOT"] = _projects, ["GIT_HTTP_EXPORT_ALL"] = "1", ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["PATH_INFO"] = request.Path.Value, ["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?'), ["REQUEST_METHOD"] = request.Method,
            ["CONTENT_TYPE"] = request.ContentType, ["CONTENT_LENGTH"] = request.Headers.ContentLength?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["HTTP_CONTENT_ENCODING"] = request.Headers.ContentEncoding, ["GIT_PROTOCOL"] = request.Headers["Git-Protocol"],
        })
        {
            if (!string.IsNullOrEmpty(value))
            {
                start.Environment[key] = value;
            }
        }

        using var process = Process.Start(start)!;
        await request.Body.CopyToAsync(process.StandardInput.BaseStream, http.RequestAborted);
        process.StandardInput.Close();
        using var answer = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(answer, http.RequestAborted);
        var bytes = answer.ToArray();
        var head = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(bytes, 0, head).Split("\r\n").Select(l => l.Split(": ", 2)))
        {
            if (line[0] == "Status")
            {
                http.Response.StatusCode = int.Parse(line[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            }
            else
            {
                http.Response.Headers[line[0]] = line[1];
            }
        }

        await http.Response.Body.WriteAsync(bytes.AsMemory(head + 4), http.RequestAborted);
    }

    private static X509Certificate2 Certificate(string name, string rootFile)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest($"CN=Throw-away root {Guid.CreateVersion7():N}", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var rootCertificate = root.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));
        File.WriteAllText(rootFile, rootCertificate.ExportCertificatePem());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=git", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        leaf.CertificateExtensions.Add(names.Build());
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var bare = leaf.Create(rootCertificate, now.AddDays(-1), now.AddDays(1), [0x2A, .. RandomNumberGenerator.GetBytes(7)]).CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pfx), null);
    }
}
