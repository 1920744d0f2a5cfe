using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Tests.Fakes;

/// <summary>Keeps what was recorded, for tests that ask what a command says it did.</summary>
public sealed class RecordingAuditTrail : IAuditTrail
{
    private readonly List<AuditRecord> _records = [];

    public IReadOnlyList<AuditRecord> Records => _records;

    public Task AppendAsync(
        GovernanceDb db, Actor actor, string requestId, IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken)
    {
        _records.AddRange(records);
        return Task.CompletedTask;
    }
}
