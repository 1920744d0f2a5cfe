using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NhiGovernance.Jobs;

/// <summary>
/// Spreads schedules over their interval by a hash of the name, so that a hundred hourly sources do not all start on the hour.
/// The same name has the same place on every machine and after every restart. Pure.
/// </summary>
public static class Jitter
{
    /// <summary>The first instant after <paramref name="now"/> that is this name's place in the interval.</summary>
    public static DateTimeOffset Next(string name, TimeSpan interval, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        var hash = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        var place = (long)(hash % (ulong)interval.Ticks);
        var since = (now.UtcTicks - place) % interval.Ticks;
        if (since < 0)
        {
            since += interval.Ticks;
        }

        // Whole seconds are enough, and every database keeps them.
        var next = now.UtcTicks - since + interval.Ticks;
        var whole = next - (next % TimeSpan.TicksPerSecond);
        return new DateTimeOffset(whole > now.UtcTicks ? whole : whole + interval.Ticks, TimeSpan.Zero);
    }
}
