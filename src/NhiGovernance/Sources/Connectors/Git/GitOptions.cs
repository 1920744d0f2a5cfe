using Microsoft.Extensions.Configuration;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>Settings of the installation, not of one source: who may name a local path, and how much a repository may cost.</summary>
public sealed record GitOptions
{
    /// <summary><c>Sources:GitLocalRoots</c>: repositories on disk may be read only below these folders. Empty: none may.</summary>
    public IReadOnlyList<string> LocalRoots { get; init; } = [];

    /// <summary><c>Sources:GitProgram</c>.</summary>
    public string Program { get; init; } = "git";

    /// <summary><c>Sources:TrustedRoots</c>: PEM roots beside the machine's; for a private certificate authority.</summary>
    public string? TrustedRoots { get; init; }

    /// <summary><c>Sources:GitMaxMegabytes</c>: a mirror that grows past it stops the run.</summary>
    public long MaxBytes { get; init; } = 4096L * 1024 * 1024;

    /// <summary><c>Sources:GitFetchMinutes</c>.</summary>
    public TimeSpan FetchTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>For one local command and for a look at the remote's references.</summary>
    public TimeSpan CommandTime { get; init; } = TimeSpan.FromMinutes(5);

    public static GitOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Sources");
        var plain = new GitOptions();
        return plain with
        {
            LocalRoots = ConfiguredFolders.Read(section, "GitLocalRoots"),
            Program = section["GitProgram"] is { Length: > 0 } program ? program : plain.Program,
            TrustedRoots = section["TrustedRoots"] is { Length: > 0 } file ? file : null,
            MaxBytes = ConfiguredFolders.Number(section, "GitMaxMegabytes") is { } megabytes ? megabytes * 1024 * 1024 : plain.MaxBytes,
            FetchTime = ConfiguredFolders.Number(section, "GitFetchMinutes") is { } minutes ? TimeSpan.FromMinutes(minutes) : plain.FetchTime,
        };
    }
}
