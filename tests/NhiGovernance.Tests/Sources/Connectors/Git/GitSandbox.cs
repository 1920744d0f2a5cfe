using System.Diagnostics;
using System.Text;
using NhiGovernance.Sources.Connectors.Git;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>Real repositories made with the git program, below one temporary folder that is opened for local reading.</summary>
public sealed partial class GitSandbox : IDisposable
{
    private int _minute;

    public GitSandbox()
    {
        Root = Directory.CreateTempSubdirectory("nhi-sandbox-").FullName;
        Repository = Path.Combine(Root, "acme.git");
        Work = Path.Combine(Root, "work");
        Directory.CreateDirectory(Work);
        Git("init", "--quiet", "--initial-branch=main");
    }

    public string Root { get; }

    /// <summary>The bare repository that the connector reads; <see cref="Publish"/> fills it.</summary>
    public string Repository { get; }

    public string Work { get; }

    public string Author { get; set; } = "Ada <ada@example.com>";

    public GitOptions Options => new() { LocalRoots = [Root] };

    public string Git(params string[] arguments) => Run("git", arguments);

    public string Run(string program, params string[] arguments) => Run(program, arguments, null);

    public string Run(string program, IEnumerable<string> arguments, string? input)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = Work, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var (name, email) = (Author[..Author.IndexOf('<', StringComparison.Ordinal)].Trim(), Author.Split('<', '>')[1]);
        var at = $"2026-03-01T10:{_minute++ % 60:00}:00Z";
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_NOSYSTEM"] = "1", ["GNUPGHOME"] = Path.Combine(Root, "gnupg"),
            ["GIT_AUTHOR_NAME"] = name, ["GIT_AUTHOR_EMAIL"] = email, ["GIT_COMMITTER_NAME"] = name, ["GIT_COMMITTER_EMAIL"] = email,
            ["GIT_AUTHOR_DATE"] = at, ["GIT_COMMITTER_DATE"] = at,
        })
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', start.ArgumentList)}");
        return output;
    }

    public void Write(string path, string text)
    {
        var full = Path.Combine(Work, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text, new UTF8Encoding(false));
    }

    public void Commit(string message, params string[] options)
    {
        Git("add", "--all");
        Git(["commit", "--quiet", "--allow-empty", "-m", message, .. options]);
    }

    public void Publish() => Git("clone", "--quiet", "--mirror", Work, Repository);

    public static SourceSettings Settings(string url, params (string Key, string Value)[] more) =>
        new(more.Append(("url", url)).GroupBy(p => p.Item1).ToDictionary(g => g.Key, g => g.Last().Item2));

    public void Dispose()
    {
        if (Directory.Exists(Path.Combine(Root, "gnupg")))
        {
            Run("gpgconf", "--kill", "all");
        }

        Directory.Delete(Root, recursive: true);
    }
}
