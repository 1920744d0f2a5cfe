namespace NhiGovernance.Data;

/// <summary>Databases keep microseconds or 100 ns; we keep milliseconds, so that what is read equals what was written.</summary>
public static class Instants
{
    public static DateTimeOffset ToMilliseconds(DateTimeOffset instant)
    {
        var utc = instant.ToUniversalTime();
        return new DateTimeOffset(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }
}
