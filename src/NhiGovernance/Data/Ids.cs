namespace NhiGovernance.Data;

/// <summary>Keys are UUIDv7: ordered by time, made in code, the same on every database.</summary>
public static class Ids
{
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());
}
