using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.People;

/// <summary>How a person signs in here.</summary>
public sealed record PersonAccount(Guid PersonId, Guid AccountId, string SignInName, Role Roles, bool IsDisabled);

/// <summary>Accounts of people. Access implements it, so that the catalogue knows no accounts.</summary>
public interface IPersonAccounts
{
    Task<IReadOnlyList<PersonAccount>> OfAsync(GovernanceDb db, IReadOnlyCollection<Guid> people, CancellationToken cancellationToken);

    /// <summary>Gives the account of one person to another; refuses when both have one.</summary>
    Task<Error?> MoveAsync(GovernanceDb db, Guid from, Guid into, CancellationToken cancellationToken);

    /// <summary>Ends what a person who left could still use: sessions, unused links, API tokens; each with its audit record. May refuse.</summary>
    Task<Error?> EndAsync(CommandContext context, Guid person, CancellationToken cancellationToken);
}
