using System.Diagnostics;
using System.Globalization;
using System.Text;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Tests.Fixtures;

/// <summary>The product as a process of its own, for what only a process shows: signals, kill -9, exit codes, output.</summary>
public sealed class ProductProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>
    /// What a terminal does for a program in the foreground: a process group of its own, in which Ctrl-C is not ignored (a shell
    /// without job control starts whatever it puts into the background with it ignored).
    /// </summary>
    public static readonly string[] InForeground = ["setsid", "env", "--default-signal=INT"];

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ProductProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, e) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(e.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Where it serves.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The line after the address: the first sign-in, or how to get in.</summary>
    public string WayIn { get; private set; } = string.Empty;

    /// <summary>Starts it on a free port and returns when it serves.</summary>
    public static Task<ProductProcess> ServeAsync(string dataFolder, params string[] more) => ServeAsync([], AppContext.BaseDirectory, dataFolder, more);

    /// <param name="prefix">A program to run it under.</param>
    /// <param name="build">The folder of the program itself.</param>
    public static async Task<ProductProcess> ServeAsync(IReadOnlyList<string> prefix, string build, string dataFolder, params string[] more)
    {
        var product = new ProductProcess(Launch(prefix, ["--urls", "http://127.0.0.1:0", "--data", dataFolder, .. more], build));
        var first = await product._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException("It ended: " + product.Errors);
        product.Address = new Uri(first[(first.LastIndexOf(' ') + 1)..]);
        product.WayIn = await product._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? string.Empty;
        return product;
    }

    /// <summary>Runs a verb, or anything that ends by itself.</summary>
    /// <param name="prefix">A program to run it under, such as <c>setpriv</c> with its options.</param>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(IReadOnlyList<string> arguments, params string[] prefix)
    {
        await using var product = new ProductProcess(Launch(prefix, arguments));
        var output = await product._process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var code = await product.WaitAsync();
        return (code, output, product.Errors);
    }

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public async Task<int> SignalAsync(int signal)
    {
        await SendAsync(_process.Id, signal);
        return await WaitAsync();
    }

    /// <summary>Ctrl-C: a terminal sends it to every process of the group, the database's too if they were in it.</summary>
    public async Task<int> InterruptAsync()
    {
        await InterruptAsync(_process.Id);
        return await WaitAsync();
    }

    public static Task InterruptAsync(int leader) => SendAsync(-leader, Interrupt);

    public static async Task SendAsync(int process, int signal)
    {
        using var kill = Process.Start("/bin/kill", ["-" + signal.ToString(CultureInfo.InvariantCulture), "--", process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Longest, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    private static Process Launch(IReadOnlyList<string> prefix, IEnumerable<string> arguments, string? build = null)
    {
        string[] words = [.. prefix, Environment.ProcessPath is { } self && Path.GetFileName(self) == "dotnet" ? self : "dotnet",
            Path.Combine(build ?? AppContext.BaseDirectory, Path.GetFileName(typeof(NhiApplication).Assembly.Location)), .. arguments];
        return Process.Start(new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        })!;
    }
}
