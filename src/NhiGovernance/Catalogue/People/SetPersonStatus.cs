using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Catalogue.People;

/// <param name="LeaveDate">The last day; for <see cref="PersonStatus.Left"/>, or ahead of it.</param>
/// <param name="Version">The version that was read; null to change it whatever it is now.</param>
public sealed record SetPersonStatusRequest(Guid Id, PersonStatus Status, DateOnly? LeaveDate, long? Version = null);

/// <summary>A person's word on whether somebody is here. It stands until a person changes it; Unknown takes it back, and sources are believed again.</summary>
public sealed class SetPersonStatus(CommandDoor door, IEnumerable<IPersonAccounts> accounts) : Command<SetPersonStatusRequest, Done>(door)
{
    public override Permission Permission => Permission.ManagePeople;

    protected override async Task<Result<Done>> ApplyAsync(
        SetPersonStatusRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(request.Status))
        {
            return new Error.Invalid("status", $"One of {string.Join(", ", Enum.GetNames<PersonStatus>())}.");
        }

        if (request is { Status: PersonStatus.Left, LeaveDate: null })
        {
            return new Error.Invalid("leaveDate", "Say when they left.");
        }

        var person = await context.Db.Set<Person>().FirstOrDefaultAsync(p => p.Id == request.Id, cancellationToken);
        if (person is null)
        {
            return new Error.NotFound("This person");
        }

        if (request.Version is { } read && read != person.Version)
        {
            return CatalogueErrors.Stale;
        }

        var before = new { Status = person.Status.ToString(), person.LeaveDate };
        if (request.Status == PersonStatus.Unknown)
        {
            (person.Decision, person.DecidedAt) = (null, null);
        }
        else
        {
            (person.Decision, person.DecidedAt, person.LeaveDate) = (request.Status, context.Now, request.LeaveDate);
        }

        PersonStanding.Settle(person, [.. (await PersonWords.OfAsync(context.Db, [person.Id], cancellationToken))[person.Id]]);
        if (person.Status == PersonStatus.Left)
        {
            foreach (var slice in accounts)
            {
                if (await slice.EndAsync(context, person.Id, cancellationToken) is { } refusal)
                {
                    return refusal;
                }
            }
        }

        context.Audit("person.status", "person", person.Id, before, new { Status = person.Status.ToString(), person.LeaveDate },
            $"{before.Status} to {person.Status}");
        context.Signal("catalogue", person.Id);
        return Done.Value;
    }
}
