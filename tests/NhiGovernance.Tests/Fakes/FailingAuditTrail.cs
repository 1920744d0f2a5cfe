using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Tests.Fakes;

/// <summary>An audit log that cannot be written.</summary>
public sealed class FailingAuditTrail : IAuditTrail
{
    public const string Message = "The audit log is away.";

    public int Calls { get; private set; }

    public Task AppendAsync(
        GovernanceDb db, Actor actor, string requestId, IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken)
    {
        Calls++;
        throw new InvalidOperationException(Message);
    }
}
