namespace NhiGovernance.Web.Shell;

/// <summary>The viewer's clock: UTC is stored, the browser's zone (or UTC, by choice) is shown. One per circuit.</summary>
public sealed class ViewerTime(TimeProvider clock)
{
    private TimeZoneInfo _browser = TimeZoneInfo.Utc;

    public bool Utc { get; private set; }

    public TimeZoneInfo Zone => Utc ? TimeZoneInfo.Utc : _browser;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Raised when the zone changes, so that shown times are drawn again.</summary>
    public event Action? Changed;

    /// <summary>Takes the browser's zone; one that this machine does not know leaves UTC.</summary>
    public void Set(string? zone, bool utc)
    {
        var found = zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var info) ? info : TimeZoneInfo.Utc;
        if (utc == Utc && found.Equals(_browser))
        {
            return;
        }

        (_browser, Utc) = (found, utc);
        Changed?.Invoke();
    }

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>"2 h ago", "in 9 d", or the day when it is far.</summary>
    public string Relative(DateTimeOffset at) => Moments.Relative(Local(at), Local(Now));

    /// <summary>"21 Nov 2026, 10:04:05, Europe/Paris".</summary>
    public string Exact(DateTimeOffset at) => Moments.Exact(Local(at), Zone);

    /// <summary>"21 Nov", with the year when it is another one.</summary>
    public string Day(DateTimeOffset at) => Moments.Day(Local(at), Local(Now));

    /// <summary>"10:04".</summary>
    public string Clock(DateTimeOffset at) => Moments.Clock(Local(at));
}
