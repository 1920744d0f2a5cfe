using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Sealing;

/// <summary>
/// A table with sealed values. Every slice that keeps some implements this once; rotation finds all of them by scanning and
/// wraps their values anew. A table without one would be lost with the old key, so a test looks for byte columns named Sealed*.
/// </summary>
public interface ISealedStore
{
    /// <summary>For messages: "source secrets".</summary>
    string Name { get; }

    /// <summary>The next values after this id, by id.</summary>
    Task<IReadOnlyList<SealedRow>> ReadAsync(GovernanceDb db, Guid after, int limit, CancellationToken cancellationToken);

    /// <summary>Puts the new bytes where the old ones still are; false when somebody replaced them meanwhile.</summary>
    Task<bool> ReplaceAsync(GovernanceDb db, SealedRow old, byte[] rewrapped, CancellationToken cancellationToken);

    /// <summary>Removes values that nothing can open any more, and says so in the command's audit entry.</summary>
    Task DropAsync(CommandContext context, IReadOnlyList<Guid> ids, CancellationToken cancellationToken);
}

public sealed record SealedRow(Guid Id, byte[] Sealed);
