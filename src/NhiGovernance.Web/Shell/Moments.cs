using System.Globalization;

namespace NhiGovernance.Web.Shell;

/// <summary>How instants are said. Pure; both instants come in the viewer's zone.</summary>
public static class Moments
{
    private static readonly CultureInfo Words = CultureInfo.InvariantCulture;

    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var ago = now - at;
        var past = ago >= TimeSpan.Zero;
        var span = past ? ago : -ago;
        return span switch
        {
            { TotalSeconds: < 45 } => past ? "just now" : "in a moment",
            { TotalMinutes: < 59.5 } => Say(Math.Max(1, (int)Math.Round(span.TotalMinutes)), "min", past),
            { TotalHours: < 47.5 } => Say((int)Math.Round(span.TotalHours), "h", past),
            { TotalDays: < 100 } => Say((int)Math.Round(span.TotalDays), "d", past),
            _ => Day(at, now),
        };
    }

    public static string Exact(DateTimeOffset at, TimeZoneInfo zone) =>
        $"{at.ToString("d MMM yyyy, HH:mm:ss", Words)}, {(zone.Equals(TimeZoneInfo.Utc) ? "UTC" : zone.Id)}";

    public static string Day(DateTimeOffset at, DateTimeOffset now) =>
        at.ToString(at.Year == now.Year ? "d MMM" : "d MMM yyyy", Words);

    public static string Clock(DateTimeOffset at) => at.ToString("HH:mm", Words);

    /// <summary>"Today", "Yesterday", or the day; heads of a time-line.</summary>
    public static string Heading(DateTimeOffset at, DateTimeOffset now) => (now.Date - at.Date).Days switch
    {
        0 => "Today",
        1 => "Yesterday",
        _ => Day(at, now),
    };

    /// <summary>"3 min 20 s", "1.4 s", "850 ms": how long something took.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 1000 } => string.Create(Words, $"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 60 } => string.Create(Words, $"{span.TotalSeconds:0.#} s"),
        { TotalMinutes: < 60 } => string.Create(Words, $"{(int)span.TotalMinutes} min {span.Seconds} s"),
        _ => string.Create(Words, $"{(int)span.TotalHours} h {span.Minutes} min"),
    };

    private static string Say(int count, string unit, bool past) =>
        past ? string.Create(Words, $"{count} {unit} ago") : string.Create(Words, $"in {count} {unit}");
}
