namespace NhiGovernance.Data;

/// <summary>A row with a UUIDv7 key made in code.</summary>
public interface IEntity
{
    Guid Id { get; }
}

/// <summary>
/// A row that people edit. <see cref="Version"/> is the concurrency token on every database; it is set by
/// <see cref="GovernanceDb"/> on save, never by hand.
/// </summary>
public interface IVersioned
{
    long Version { get; set; }
}
