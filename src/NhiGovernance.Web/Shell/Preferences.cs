namespace NhiGovernance.Web.Shell;

/// <summary>How one person likes to look at it; kept in cookies of this browser, written by <c>shell.js</c>.</summary>
public sealed record Preferences
{
    /// <summary>"light", "dark", or null to follow the system.</summary>
    public string? Theme { get; init; }

    /// <summary>"compact", or null for the normal rows.</summary>
    public string? Density { get; init; }

    /// <summary>"off" when single-key shortcuts are switched off (WCAG 2.1.4).</summary>
    public string? Keys { get; init; }

    /// <summary>The browser's IANA zone, once it said so.</summary>
    public string? Zone { get; init; }

    /// <summary>True: times are shown in UTC.</summary>
    public bool Utc { get; init; }

    public static Preferences From(IRequestCookieCollection cookies) => new()
    {
        Theme = OneOf(cookies["nhi-theme"], "light", "dark"),
        Density = OneOf(cookies["nhi-density"], "compact"),
        Keys = OneOf(cookies["nhi-keys"], "off"),
        Zone = cookies["nhi-zone"] is { Length: > 0 and < 60 } zone ? Uri.UnescapeDataString(zone) : null,
        Utc = cookies["nhi-utc"] == "1",
    };

    private static string? OneOf(string? value, params string[] allowed) => allowed.Contains(value) ? value : null;
}
