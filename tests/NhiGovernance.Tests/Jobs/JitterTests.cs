using FsCheck.Fluent;
using NhiGovernance.Jobs;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Jobs;

public sealed class JitterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 30, 17, 250, TimeSpan.Zero);

    [Fact]
    public void Next_AnyNameAndInterval_IsInTheIntervalAheadAndStable() => Prop.ForAll(
        ArbMap.Default.ArbFor<Guid>(), Gen.Choose(5, 10_080).ToArbitrary(), Gen.Choose(0, 40_000_000).ToArbitrary(), (id, minutes, seconds) =>
    {
        var (interval, now) = (TimeSpan.FromMinutes(minutes), Now.AddSeconds(seconds));
        var next = Jitter.Next(id.ToString(), interval, now);
        return next > now && next <= now + interval && Jitter.Next(id.ToString(), interval, next) == next + interval;
    }).CheckCases();

    [Fact]
    public void Next_ManyNames_AreSpread() =>
        Enumerable.Range(0, 600).Select(i => Jitter.Next($"poll:{i}", TimeSpan.FromHours(1), Now).Minute).Distinct().Count().ShouldBeGreaterThan(50);
}
