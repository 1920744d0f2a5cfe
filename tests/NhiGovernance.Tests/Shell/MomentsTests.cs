using NhiGovernance.Web.Shell;

namespace NhiGovernance.Tests.Shell;

public sealed class MomentsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-10, "just now")]
    [InlineData(-60 * 12, "12 min ago")]
    [InlineData(-3600 * 2, "2 h ago")]
    [InlineData(-3600 * 47, "47 h ago")]
    [InlineData(-86400 * 40, "40 d ago")]
    [InlineData(-86400 * 200, "5 May")]
    [InlineData(-86400 * 400, "17 Oct 2025")]
    [InlineData(86400 * 9, "in 9 d")]
    [InlineData(30, "in a moment")]
    public void Relative_ADistance_IsSaidShortly(int seconds, string expected) =>
        Moments.Relative(Now.AddSeconds(seconds), Now).ShouldBe(expected);

    [Fact]
    public void Exact_ASummerInstant_NamesTheZone()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        Moments.Exact(TimeZoneInfo.ConvertTime(new DateTimeOffset(2026, 7, 1, 10, 0, 5, TimeSpan.Zero), zone), zone)
            .ShouldBe("1 Jul 2026, 12:00:05, Europe/Paris");
        Moments.Exact(Now, TimeZoneInfo.Utc).ShouldEndWith(", UTC");
    }

    [Fact]
    public void Heading_OfDays_SaysTodayAndYesterday()
    {
        Moments.Heading(Now.AddHours(-9), Now).ShouldBe("Today");
        Moments.Heading(Now.AddHours(-11), Now).ShouldBe("Yesterday");
        Moments.Heading(Now.AddDays(-5), Now).ShouldBe("16 Nov");
    }

    [Fact]
    public void Set_AnUnknownZone_KeepsUtc()
    {
        var time = new ViewerTime(TimeProvider.System);
        var raised = 0;
        time.Changed += () => raised++;
        time.Set("Nowhere/Land", utc: false);
        time.Zone.ShouldBe(TimeZoneInfo.Utc);
        raised.ShouldBe(0);
        time.Set("Europe/Paris", utc: false);
        time.Zone.Id.ShouldBe("Europe/Paris");
        time.Set("Europe/Paris", utc: true);
        time.Zone.ShouldBe(TimeZoneInfo.Utc);
        raised.ShouldBe(2);
    }
}
