using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Catalogue.People;

/// <param name="From">The person who turns out to be the other one; their row goes.</param>
/// <param name="Into">The person who stays.</param>
public sealed record MergePeopleRequest(Guid From, Guid Into);

/// <summary>
/// Two rows are one human being: handles, teams and the account of the one go to the other. Of two decisions on whether they are
/// here the graver one stays; without any, the gravest word of all their sources counts. Whoever has left by that loses access.
/// </summary>
public sealed class MergePeople(CommandDoor door, IEnumerable<IPersonAccounts> accounts) : Command<MergePeopleRequest, Done>(door)
{
    public override Permission Permission => Permission.ManagePeople;

    protected override async Task<Result<Done>> ApplyAsync(MergePeopleRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (request.From == request.Into)
        {
            return new Error.Invalid("into", "A person cannot be merged with themselves.");
        }

        var db = context.Db;
        var from = await db.Set<Person>().FirstOrDefaultAsync(p => p.Id == request.From, cancellationToken);
        var into = await db.Set<Person>().FirstOrDefaultAsync(p => p.Id == request.Into, cancellationToken);
        if (from is null || into is null)
        {
            return new Error.NotFound("One of the two people");
        }

        foreach (var slice in accounts)
        {
            if (await slice.MoveAsync(db, from.Id, into.Id, cancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        var handles = await db.Set<PersonHandle>().Where(h => h.PersonId == from.Id).ToListAsync(cancellationToken);
        foreach (var handle in handles)
        {
            handle.PersonId = into.Id;
        }

        await MoveTeamsAsync(context, from.Id, into.Id, cancellationToken);
        var before = new { From = new { from.Id, from.Email, Status = from.Status.ToString() }, Into = new { into.Id, into.Email, Status = into.Status.ToString() } };
        var email = into.Email ?? from.Email;
        db.Remove(from);

        // The address is unique: the row that goes must be gone before the one that stays takes it.
        await db.SaveChangesAsync(cancellationToken);
        into.Email = email;
        var hadLeft = into.Status == PersonStatus.Left;
        if (from.Decision > (into.Decision ?? PersonStatus.Unknown))
        {
            (into.Decision, into.DecidedAt, into.LeaveDate) = (from.Decision, from.DecidedAt, from.LeaveDate);
        }

        PersonStanding.Settle(into, [.. (await PersonWords.OfAsync(db, [into.Id], cancellationToken))[into.Id]]);
        db.Entry(into).State = EntityState.Modified;
        if (into.Status == PersonStatus.Left && !(hadLeft && from.Status == PersonStatus.Left))
        {
            foreach (var slice in accounts)
            {
                if (await slice.EndAsync(context, into.Id, cancellationToken) is { } refusal)
                {
                    return refusal;
                }
            }
        }

        context.Audit("person.merge", "person", into.Id, before, new { into.Id, into.Email, Status = into.Status.ToString() }, $"merged {from.Id}, {handles.Count} handles");
        context.Signal("catalogue", into.Id);
        return Done.Value;
    }

    private static async Task MoveTeamsAsync(CommandContext context, Guid from, Guid into, CancellationToken cancellationToken)
    {
        var memberships = await context.Db.Set<TeamMember>().Where(m => m.PersonId == from || m.PersonId == into).ToListAsync(cancellationToken);
        foreach (var old in memberships.Where(m => m.PersonId == from))
        {
            var kept = memberships.Find(m => m.PersonId == into && m.TeamId == old.TeamId);
            if (kept is null)
            {
                context.Db.Add(new TeamMember { TeamId = old.TeamId, PersonId = into, IsLead = old.IsLead });
            }
            else
            {
                kept.IsLead |= old.IsLead;
            }

            context.Db.Remove(old);
        }
    }
}
