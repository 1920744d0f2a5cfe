using Microsoft.Extensions.Configuration;

namespace NhiGovernance.Sources.Outbound;

/// <summary>
/// Where the product may go: section <c>Sources</c> of the settings. An entry of a host list is <c>host</c> or
/// <c>host:port</c>; a port that is named here is allowed for that host. Lists are arrays, or one string with commas.
/// </summary>
public sealed record OutboundOptions
{
    /// <summary>Vendors' own hosts, always allowed.</summary>
    public static readonly IReadOnlyList<string> KnownHosts = ["api.github.com", "github.com"];

    /// <summary>
    /// Empty: every public host may be reached, because saving a source is an audited act of an Engineer. Not empty: only
    /// these and <see cref="KnownHosts"/>.
    /// </summary>
    public IReadOnlyList<string> AllowHosts { get; init; } = [];

    /// <summary>Hosts whose addresses may be private, loopback or this machine's own (an Enterprise Server inside).</summary>
    public IReadOnlyList<string> AllowPrivateHosts { get; init; } = [];

    /// <summary>Hosts that may be spoken to without TLS.</summary>
    public IReadOnlyList<string> AllowHttpHosts { get; init; } = [];

    /// <summary>PEM file with roots to trust beside the system's: a company's own certificate authority.</summary>
    public string? TrustedRoots { get; init; }

    /// <summary>An answer that is longer, once decompressed, ends the request.</summary>
    public long MaxAnswerBytes { get; init; } = 64L * 1024 * 1024;

    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From sending to the answer's headers.</summary>
    public TimeSpan HeaderTime { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The longest silence inside a body.</summary>
    public TimeSpan SilenceTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From the headers to the end of the body.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromMinutes(5);

    public static OutboundOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Sources");
        var defaults = new OutboundOptions();
        return new OutboundOptions
        {
            AllowHosts = List(section.GetSection("AllowHosts")),
            AllowPrivateHosts = List(section.GetSection("AllowPrivateHosts")),
            AllowHttpHosts = List(section.GetSection("AllowHttpHosts")),
            TrustedRoots = section["TrustedRoots"],
            MaxAnswerBytes = long.TryParse(section["MaxAnswerBytes"], System.Globalization.CultureInfo.InvariantCulture, out var bytes) && bytes > 0
                ? bytes
                : defaults.MaxAnswerBytes,
        };
    }

    private static List<string> List(IConfigurationSection section) =>
        [.. (section.Value?.Split(',') ?? section.GetChildren().Select(c => c.Value ?? string.Empty))
            .Select(e => e.Trim().ToLowerInvariant()).Where(e => e.Length > 0)];
}
