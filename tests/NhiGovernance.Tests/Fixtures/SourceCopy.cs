using System.Diagnostics;

namespace NhiGovernance.Tests.Fixtures;

/// <summary>
/// What <c>COPY . .</c> of the Dockerfile copies (all but what .dockerignore names), in a folder of mode 0700. Both scripts that
/// build from it share the intermediate results, so that the second build is short.
/// </summary>
public sealed class SourceCopy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SourceCopy()
    {
        var left = File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore"))
            .Select(line => line.Replace("**/", string.Empty, StringComparison.Ordinal).Trim()).Append("Dockerfile").ToHashSet(StringComparer.Ordinal);
        if (Wanted)
        {
            Copy(new DirectoryInfo(Repository.Root), Directory.CreateDirectory(Root), left);
        }
    }

    /// <summary>Set by test.sh: building the product twice is too long for every run of these tests.</summary>
    public static bool Wanted => Environment.GetEnvironmentVariable("NHI_TEST_SCRIPTS") == "1";

    /// <summary>The folder around the copy.</summary>
    public string Folder => _folder.Path;

    public string Root => Path.Combine(_folder.Path, "source");

    public string Intermediate => Path.Combine(Root, ".run", "build");

    public static async Task<(int ExitCode, string Output)> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    public void Dispose() => _folder.Dispose();

    private static void Copy(DirectoryInfo from, DirectoryInfo to, HashSet<string> left)
    {
        foreach (var file in from.EnumerateFiles().Where(f => !left.Contains(f.Name)))
        {
            file.CopyTo(Path.Combine(to.FullName, file.Name));
        }

        foreach (var inner in from.EnumerateDirectories().Where(d => !left.Contains(d.Name)))
        {
            Copy(inner, to.CreateSubdirectory(inner.Name), left);
        }
    }
}
