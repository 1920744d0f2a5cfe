using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Git;

internal sealed record TreeEntry(string Mode, string Type, string Id, long Size, string Path)
{
    /// <summary>An ordinary file: no symbolic link and no submodule.</summary>
    public bool IsFile => Type == "blob" && Mode is "100644" or "100755";
}

/// <param name="DefaultBranch">"refs/heads/main"; null for an empty repository.</param>
/// <param name="Digest">Of all branches and tags with what they point to.</param>
internal sealed record RemoteReferences(string? DefaultBranch, int Branches, string Digest);

/// <summary>A bare mirror of one repository: fetched, read object by object, never checked out.</summary>
internal sealed class GitMirror(GitProgram remote, GitProgram local, GitAddress address, string folder)
{
    public string Folder { get; } = folder;

    /// <summary>The folder of this address below the source's folder; mirrors of earlier addresses are removed.</summary>
    public static string FolderFor(string sourceFolder, GitAddress address)
    {
        var name = "mirror-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.Operand)))[..12];
        Directory.CreateDirectory(sourceFolder);
        foreach (var old in Directory.EnumerateDirectories(sourceFolder, "mirror-*").Where(d => Path.GetFileName(d) != name))
        {
            Directory.Delete(old, recursive: true);
        }

        return Path.Combine(sourceFolder, name);
    }

    /// <summary>What the host offers: proves that it answers, and tells whether anything moved since the last look.</summary>
    public async Task<RemoteReferences> LookAsync(CancellationToken cancellationToken)
    {
        var text = await remote.RunAsync(["ls-remote", "--symref", "--", address.Operand, "HEAD", "refs/heads/*", "refs/tags/*"],
            remote.Options.CommandTime, cancellationToken);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var symbolic = lines.FirstOrDefault(l => l.StartsWith("ref: refs/heads/", StringComparison.Ordinal) && l.EndsWith("\tHEAD", StringComparison.Ordinal));
        return new RemoteReferences(
            symbolic?["ref: ".Length..^"\tHEAD".Length],
            lines.Count(l => l.Contains("\trefs/heads/", StringComparison.Ordinal)),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines.Order(StringComparer.Ordinal))))));
    }

    public async Task FetchAsync(string? defaultBranch, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(Folder, "HEAD")))
        {
            Directory.CreateDirectory(Folder);
            await local.RunAsync(["init", "--quiet", "--bare", "--template=", "--", Folder], local.Options.CommandTime, cancellationToken);
        }

        ClearLocks();
        await remote.RunAsync([Dir, "fetch", "--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--force",
            "--", address.Operand, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"],
            remote.Options.FetchTime, cancellationToken, stop: TooLarge);
        if (TooLarge())
        {
            throw new GitFailure("The repository is larger than the setting Sources:GitMaxMegabytes allows.");
        }

        if (defaultBranch is not null)
        {
            await local.RunAsync([Dir, "symbolic-ref", "HEAD", defaultBranch], local.Options.CommandTime, cancellationToken);
        }

        if (Directory.EnumerateFiles(Path.Combine(Folder, "objects", "pack"), "*.pack").Take(31).Count() > 30)
        {
            await local.RunAsync([Dir, "repack", "-a", "-d", "-q"], local.Options.FetchTime, cancellationToken);
        }
    }

    /// <summary>The commit that HEAD names, or null when there is none.</summary>
    public async Task<string?> HeadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var id = (await local.RunAsync([Dir, "rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}"],
                local.Options.CommandTime, cancellationToken)).Trim();
            return id.Length is 40 or 64 ? id : null;
        }
        catch (GitFailure)
        {
            return null;
        }
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken) =>
        long.TryParse((await local.RunAsync([Dir, "rev-list", "--count", "--branches", "--tags", "--"], local.Options.CommandTime, cancellationToken)).Trim(),
            CultureInfo.InvariantCulture, out var count) ? count : throw new GitFailure("git did not count the commits.");

    /// <summary>The newest commits of all branches and tags, by commit date.</summary>
    public IAsyncEnumerable<string> CommitsAsync(int budget, CancellationToken cancellationToken) =>
        LinesAsync([Dir, "rev-list", string.Create(CultureInfo.InvariantCulture, $"--max-count={budget}"), "--branches", "--tags", "--"], cancellationToken);

    /// <summary>The ids of all annotated tags, newest first; whoever has enough stops.</summary>
    public IAsyncEnumerable<string> TagsAsync(CancellationToken cancellationToken) =>
        LinesAsync([Dir, "for-each-ref", "--sort=-creatordate", "--format=%(if:equals=tag)%(objecttype)%(then)%(objectname)%(end)", "refs/tags"], cancellationToken);

    /// <summary>The entries of a folder of a commit; empty when it is not there.</summary>
    public async Task<IReadOnlyList<TreeEntry>> ListAsync(string commit, string path, CancellationToken cancellationToken)
    {
        var text = await local.RunAsync([Dir, "ls-tree", "-z", "-l", "--full-tree", commit, "--", path], local.Options.CommandTime, cancellationToken);
        var entries = new List<TreeEntry>();
        foreach (var line in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = line.IndexOf('\t', StringComparison.Ordinal);
            var parts = cut < 0 ? [] : line[..cut].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 4)
            {
                entries.Add(new TreeEntry(parts[0], parts[1], parts[2],
                    long.TryParse(parts[3], CultureInfo.InvariantCulture, out var size) ? size : -1, line[(cut + 1)..]));
            }
        }

        return entries;
    }

    private string Dir => $"--git-dir={Folder}";

    private bool TooLarge()
    {
        try
        {
            return new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Exists ? f.Length : 0) > remote.Options.MaxBytes;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A killed process leaves lock files. The lease makes sure that nobody else is here.</summary>
    private void ClearLocks()
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*.lock", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Folder, "tmp_pack_*", SearchOption.AllDirectories)).ToList())
        {
            File.Delete(file);
        }
    }

    private async IAsyncEnumerable<string> LinesAsync(IReadOnlyList<string> arguments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var run = local.Start(arguments, input: false);
        using var watch = run.Watch(local.Options.FetchTime, null, cancellationToken);
        using var reader = new StreamReader(run.Output, Encoding.ASCII);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length is 40 or 64 && line.All(char.IsAsciiHexDigit))
            {
                yield return line;
            }
        }

        await run.EndAsync(cancellationToken);
    }
}
