using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Shared = NhiGovernance.Tests.Fixtures.Repository;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>Prism on a free port, serving GitHub's own API description; one for a class, because it reads that for ten seconds.</summary>
public sealed class PrismServer : IDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private Process? _process;
    private int _port;

    /// <summary>The port, once it listens. Skips the test where the description, Prism or Node is not at hand.</summary>
    public async Task<int> PortAsync(CancellationToken cancellationToken)
    {
        var description = Shared.Document("github/api.github.com.openapi.min.json");
        var program = Path.Combine(Shared.Root, "tests", "peers", "prism", "node_modules", "@stoplight", "prism-cli", "dist", "index.js");
        Assert.SkipUnless(File.Exists(program), "Prism is not installed: npm ci --prefix tests/peers/prism");
        await _once.WaitAsync(cancellationToken);
        try
        {
            if (_process is null)
            {
                _port = FreePort();
                _process = Start(["mock", "--host", "127.0.0.1", "--port", $"{_port}", "--errors", "false", description], program);
                await ListeningAsync(_process, cancellationToken);
            }

            return _port;
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.Dispose();
        _once.Dispose();
    }

    private static Process Start(string[] words, string program)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("node", [program, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("Node is not installed.");
            throw;
        }
    }

    private static async Task ListeningAsync(Process prism, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (await prism.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains("Prism is listening", StringComparison.Ordinal))
            {
                // Its log must not fill the pipe.
                _ = prism.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                _ = prism.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return;
            }
        }

        Assert.Fail("Prism ended before it listened.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
