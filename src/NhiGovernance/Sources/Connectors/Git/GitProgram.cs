using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>
/// Starts the git program with nothing of the machine's configuration: a cleared environment, an empty HOME, no hooks, no file
/// monitor, no prompts, no submodules, no redirects, and only the one protocol that the source uses.
/// </summary>
internal sealed class GitProgram(GitOptions options, GitAccess access)
{
    private const string Nothing = "/dev/null";

    public GitOptions Options { get; } = options;

    /// <summary>Runs to the end and gives standard output, which must be small.</summary>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellationToken, Func<bool>? stop = null)
    {
        await using var run = Start(arguments, input: false);
        using var watch = run.Watch(limit, stop, cancellationToken);
        try
        {
            var text = await ReadCappedAsync(run.Output, 16 * 1024 * 1024, watch.Token);
            await run.EndAsync(watch.Token);
            return text;
        }
        catch (OperationCanceledException) when (watch.Reason is { } reason && !cancellationToken.IsCancellationRequested)
        {
            throw new GitFailure(reason);
        }
    }

    public GitRun Start(IReadOnlyList<string> arguments, bool input)
    {
        var start = new ProcessStartInfo(Options.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = access.Home,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in Variables())
        {
            start.Environment[name] = value;
        }

        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            throw new GitFailure("The git program is not installed here, or Sources:GitProgram names another file.");
        }

        if (!input)
        {
            process!.StandardInput.Close();
        }

        return new GitRun(process!);
    }

    private IEnumerable<(string Name, string Value)> Variables()
    {
        yield return ("PATH", Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin");
        yield return ("HOME", access.Home);
        yield return ("XDG_CONFIG_HOME", access.Home);
        yield return ("LC_ALL", "C.UTF-8");
        yield return ("GIT_CONFIG_NOSYSTEM", "1");
        yield return ("GIT_CONFIG_GLOBAL", Nothing);
        yield return ("GIT_ATTR_NOSYSTEM", "1");
        yield return ("GIT_TERMINAL_PROMPT", "0");
        yield return ("GIT_ASKPASS", "/bin/false");
        yield return ("SSH_ASKPASS", "/bin/false");
        yield return ("GIT_OPTIONAL_LOCKS", "0");
        yield return ("GIT_NO_REPLACE_OBJECTS", "1");
        yield return ("GIT_NO_LAZY_FETCH", "1");
        if (access.SshCommand is { } ssh)
        {
            yield return ("GIT_SSH_COMMAND", ssh);
            yield return ("GIT_SSH_VARIANT", "ssh");
        }

        if (access.Roots is { } roots)
        {
            yield return ("GIT_SSL_CAINFO", roots);
        }

        var settings = Settings().ToList();
        yield return ("GIT_CONFIG_COUNT", settings.Count.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < settings.Count; i++)
        {
            yield return ($"GIT_CONFIG_KEY_{i}", settings[i].Key);
            yield return ($"GIT_CONFIG_VALUE_{i}", settings[i].Value);
        }
    }

    private IEnumerable<(string Key, string Value)> Settings()
    {
        yield return ("core.hooksPath", Nothing);
        yield return ("core.fsmonitor", "false");
        yield return ("core.alternateRefsCommand", "");
        yield return ("credential.helper", "");
        yield return ("http.proxy", "");
        yield return ("protocol.allow", "never");
        if (access.Transport is { } transport)
        {
            yield return ($"protocol.{(transport switch { GitTransport.Https => "https", GitTransport.Ssh => "ssh", _ => "file" })}.allow", "always");
        }

        yield return ("http.followRedirects", "false");
        yield return ("http.sslVerify", "true");
        yield return ("http.lowSpeedLimit", "1");
        yield return ("http.lowSpeedTime", "60");
        yield return ("submodule.recurse", "false");
        yield return ("fetch.recurseSubmodules", "false");
        yield return ("fetch.fsckObjects", "false");
        yield return ("fetch.unpackLimit", "1");
        yield return ("gc.auto", "0");
        yield return ("maintenance.auto", "false");
        foreach (var setting in access.Settings)
        {
            yield return setting;
        }
    }

    private static async Task<string> ReadCappedAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (kept.Length + read > limit)
            {
                throw new GitFailure("git answered with more than is plausible.");
            }

            kept.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}
