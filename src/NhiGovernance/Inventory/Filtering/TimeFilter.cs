using System.Globalization;

namespace NhiGovernance.Inventory.Filtering;

public enum TimeTest
{
    Any,

    /// <summary>Before the date (00:00 UTC).</summary>
    Before,

    /// <summary>On the date or later.</summary>
    After,

    /// <summary>Last used in the last n days; or expires in the next n days.</summary>
    Within,

    /// <summary>Last used longer ago than n days, never included.</summary>
    NotWithin,

    /// <summary>Expired: the instant is past.</summary>
    Past,

    /// <summary>Known never to have happened, or to have no end.</summary>
    Never,

    /// <summary>Not known: not exposed, denied, or unknown before a date.</summary>
    Unknown,
}

/// <summary>A test on an instant that may be unknown. Text: <c>before:2026-01-31</c>, <c>within:30d</c>, <c>never</c>.</summary>
public readonly record struct TimeFilter(TimeTest Test, DateOnly? Date = null, int Days = 0)
{
    private const string Form = "yyyy-MM-dd";

    /// <summary>Null when the text is none.</summary>
    internal static TimeFilter? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (word, rest) = colon < 0 ? (text, string.Empty) : (text[..colon], text[(colon + 1)..]);
        return word switch
        {
            "" => new TimeFilter(TimeTest.Any),
            "never" or "none" when colon < 0 => new TimeFilter(TimeTest.Never),
            "unknown" when colon < 0 => new TimeFilter(TimeTest.Unknown),
            "past" or "expired" when colon < 0 => new TimeFilter(TimeTest.Past),
            "before" when Day(rest) is { } day => new TimeFilter(TimeTest.Before, day),
            "after" when Day(rest) is { } day => new TimeFilter(TimeTest.After, day),
            "within" when Count(rest) is { } days => new TimeFilter(TimeTest.Within, Days: days),
            "not-within" when Count(rest) is { } days => new TimeFilter(TimeTest.NotWithin, Days: days),
            _ => null,
        };
    }

    public override string ToString() => Test switch
    {
        TimeTest.Any => string.Empty,
        TimeTest.Before => "before:" + Date?.ToString(Form, CultureInfo.InvariantCulture),
        TimeTest.After => "after:" + Date?.ToString(Form, CultureInfo.InvariantCulture),
        TimeTest.Within => string.Create(CultureInfo.InvariantCulture, $"within:{Days}d"),
        TimeTest.NotWithin => string.Create(CultureInfo.InvariantCulture, $"not-within:{Days}d"),
        TimeTest.Past => "past",
        TimeTest.Never => "never",
        TimeTest.Unknown => "unknown",
        _ => throw new InvalidOperationException($"No text for {Test}."),
    };

    private static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static int? Count(string text) =>
        int.TryParse(text.TrimEnd('d'), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and <= 36_500 ? days : null;
}
