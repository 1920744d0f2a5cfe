using NhiGovernance.Data;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Tests.Fakes;

namespace NhiGovernance.Tests.Inventory;

public sealed class CountMemoryTests
{
    private static readonly IReadOnlyList<CubeCell> Cells = [];
    private readonly FakeClock _clock = new(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));
    private int _readings;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(49, 2)]
    [InlineData(50, 1)]
    public async Task Get_Twice_RemembersOnlyWhatIsSlow(int milliseconds, int readings)
    {
        using var memory = new CountMemory(_clock);
        await memory.GetAsync("", () => ReadAsync(milliseconds), Token);
        await memory.GetAsync("", () => ReadAsync(milliseconds), Token);
        _readings.ShouldBe(readings);
    }

    [Theory]
    [InlineData("inventory", 2)]
    [InlineData("catalogue", 2)]
    [InlineData("token", 1)]
    public async Task Get_AfterASignal_ReadsAgainWhereItMatters(string topic, int readings)
    {
        using var memory = new CountMemory(_clock);
        await memory.GetAsync("", () => ReadAsync(500), Token);
        memory.Hear(new ChangeSignal(topic, Guid.Empty));
        await memory.GetAsync("", () => ReadAsync(500), Token);
        _readings.ShouldBe(readings);
    }

    [Fact]
    public async Task Get_ChangeWhileReading_IsNotHiddenByWhatWasRead()
    {
        using var memory = new CountMemory(_clock);
        await memory.GetAsync(
            "",
            () =>
            {
                memory.Hear(new ChangeSignal("inventory", Guid.Empty));
                return ReadAsync(500);
            },
            Token);
        await memory.GetAsync("", () => ReadAsync(500), Token);
        _readings.ShouldBe(2);
    }

    [Theory]
    [InlineData(200, 3_999, 1)]
    [InlineData(200, 4_000, 2)]
    [InlineData(60_000, 29_999, 1)]
    [InlineData(60_000, 30_000, 2)]
    public async Task Get_Later_ReadsAgainAfterTwentyTimesOfWhatItTookOrHalfAMinute(int took, int later, int readings)
    {
        using var memory = new CountMemory(_clock);
        await memory.GetAsync("", () => ReadAsync(took), Token);
        _clock.Advance(TimeSpan.FromMilliseconds(later));
        await memory.GetAsync("", () => ReadAsync(took), Token);
        _readings.ShouldBe(readings);
    }

    [Fact]
    public async Task Get_OfAnotherFilter_RemembersEachByItself()
    {
        using var memory = new CountMemory(_clock);
        foreach (var of in new[] { "product=bank", "environment=prod", "product=bank", "environment=prod" })
        {
            await memory.GetAsync(of, () => ReadAsync(500), Token);
        }

        _readings.ShouldBe(2);
        memory.Hear(new ChangeSignal("catalogue", Guid.Empty));
        await memory.GetAsync("product=bank", () => ReadAsync(500), Token);
        _readings.ShouldBe(3);
    }

    [Fact]
    public async Task Get_ReadingFails_LeavesTheNextOneFree()
    {
        using var memory = new CountMemory(_clock);
        await Should.ThrowAsync<InvalidOperationException>(memory.GetAsync<IReadOnlyList<CubeCell>>("", () => throw new InvalidOperationException("no database"), Token));
        await memory.GetAsync("", () => ReadAsync(500), Token);
        _readings.ShouldBe(1);
    }

    private Task<IReadOnlyList<CubeCell>> ReadAsync(int milliseconds)
    {
        _readings++;
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return Task.FromResult(Cells);
    }
}
