using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.People;

/// <param name="Name">As people read it.</param>
/// <param name="Email">By it the handles of several sources are joined; null: they are not.</param>
public sealed record CreatePersonRequest(string Name, string? Email = null);

/// <summary>Enters a person whom no source knows yet. A handle with the same address joins them later.</summary>
public sealed class CreatePerson(CommandDoor door) : Command<CreatePersonRequest, Guid>(door)
{
    public override Permission Permission => Permission.ManagePeople;

    protected override async Task<Result<Guid>> ApplyAsync(CreatePersonRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var name = fields.Name(request.Name);
        var email = fields.Text("email", request.Email, 256)?.ToLowerInvariant();
        if (email is not null && (email.Count(c => c == '@') != 1 || email.StartsWith('@') || email.EndsWith('@') || email.Contains(' ', StringComparison.Ordinal)))
        {
            fields.Add("email", "An address looks like name@example.com.");
        }

        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        if (email is not null && await context.Db.Set<Person>().AnyAsync(p => p.Email == email, cancellationToken))
        {
            return new Error.Conflict("A person with this address is there already.");
        }

        var person = new Person { Id = context.NewId(), Name = name, Email = email };
        context.Db.Add(person);
        context.Audit("person.create", "person", person.Id, null, new { name, email });
        context.Signal("catalogue", person.Id);
        return person.Id;
    }
}
