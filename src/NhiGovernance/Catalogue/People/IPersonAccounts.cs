using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.People;

/// <summary>How a person signs in here.</summary>
/// <param name="PersonId">Id of the person.</param>
/// <param name="AccountId">Id of the account, as the audit log names it.</param>
/// <param name="SignInName">What they sign in with.</param>
/// <param name="Roles">What they may do here.</param>
/// <param name="IsDisabled">True: they cannot sign in.</param>
public sealed record PersonAccount(Guid PersonId, Guid AccountId, string SignInName, Role Roles, bool IsDisabled);

/// <summary>Accounts of people. Access implements it, so that the catalogue knows no accounts.</summary>
public interface IPersonAccounts
{
    Task<IReadOnlyList<PersonAccount>> OfAsync(GovernanceDb db, IReadOnlyCollection<Guid> people, CancellationToken cancellationToken);

    /// <summary>Gives the account of one person to another; refuses when both have one.</summary>
    Task<Error?> MoveAsync(GovernanceDb db, Guid from, Guid into, CancellationToken cancellationToken);

    /// <summary>
    /// Of people of whom sources say that they leave, those who must stay: without them nobody could sign in as Admin any more. What a
    /// source says never shuts the last one out; an Admin's own word, or another Admin, does.
    /// </summary>
    Task<IReadOnlyCollection<Guid>> MustStayAsync(GovernanceDb db, IReadOnlyCollection<Guid> leaving, CancellationToken cancellationToken);

    /// <summary>People who had to stay although a source says that they have left.</summary>
    Task<IReadOnlyCollection<Guid>> StayedAsync(GovernanceDb db, CancellationToken cancellationToken);

    /// <summary>Ends what a person who left could still use: sessions, unused links, API tokens; each with its audit record. May refuse.</summary>
    Task<Error?> EndAsync(CommandContext context, Guid person, CancellationToken cancellationToken);
}
