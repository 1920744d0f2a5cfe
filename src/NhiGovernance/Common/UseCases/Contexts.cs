using NhiGovernance.Data;

namespace NhiGovernance.Common.UseCases;

/// <summary>What a reading use case has at hand.</summary>
public sealed record QueryContext(GovernanceDb Db, Actor Actor, DateTimeOffset Now)
{
    /// <summary>For parts of an answer that ask for more than the answer itself: what the actor may not read is left out of it.</summary>
    public bool May(Permission permission) => Actor.Refuses(permission, Now) is null;
}

/// <summary>What a changing use case has at hand. <see cref="Now"/> is the database's clock at the start of the transaction.</summary>
public sealed class CommandContext(GovernanceDb db, Actor actor, DateTimeOffset now, TimeProvider clock)
{
    private readonly List<AuditRecord> _records = [];
    private readonly List<ChangeSignal> _signals = [];

    public GovernanceDb Db { get; } = db;

    public Actor Actor { get; } = actor;

    public DateTimeOffset Now { get; } = now;

    internal IReadOnlyList<AuditRecord> Records => _records;

    internal IReadOnlyList<ChangeSignal> Signals => _signals;

    public Guid NewId() => Ids.New(clock);

    /// <summary>Says what was done. A command that succeeds without saying so is refused by the door.</summary>
    public void Audit(string action, string targetKind, Guid targetId, object? before, object? after, string? note = null) =>
        Audit(action, targetKind, targetId.ToString(), before, after, note);

    /// <summary>The same about what is known by a key of its own: a job, a key-encryption key.</summary>
    public void Audit(string action, string targetKind, string targetId, object? before, object? after, string? note = null) =>
        _records.Add(new AuditRecord(action, targetKind, targetId, before, after, note));

    internal void AuditAll(IEnumerable<AuditRecord> records) => _records.AddRange(records);

    /// <summary>Tells open pages, on every machine, after the commit.</summary>
    public void Signal(string topic, Guid id) => _signals.Add(new ChangeSignal(topic, id));
}
