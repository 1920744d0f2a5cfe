using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <param name="Days">Until it expires: 1 to 366.</param>
/// <param name="TeamId">The token sees this team's things only; null: all.</param>
public sealed record CreateApiTokenRequest(string Name, IReadOnlyList<string> Scopes, int Days = CreateApiToken.DefaultDays, Guid? TeamId = null);

/// <summary>The only moment at which the token's text exists outside its holder.</summary>
public sealed record NewApiToken(Guid Id, string Text, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"token {Id}";
}

/// <summary>Makes a token. Its text is told once; only a hash is kept.</summary>
public sealed class CreateApiToken(CommandDoor door) : Command<CreateApiTokenRequest, NewApiToken>(door)
{
    public const int DefaultDays = 90;
    public const int LongestDays = 366;

    public override Permission Permission => Permission.ManageTokens;

    protected override async Task<Result<NewApiToken>> ApplyAsync(
        CreateApiTokenRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var scopes = request.Scopes.Select(s => s.Trim()).Where(s => s.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        var faults = Faults(request, scopes).ToList();
        if (faults.Count > 0)
        {
            return new Error.Invalid(faults);
        }

        if (scopes.Find(s => !TokenScopes.MayGive(context.Actor, s)) is { } tooMuch)
        {
            return new Error.Forbidden($"You may not give a token the scope {tooMuch}: it allows what you may not do yourself.");
        }

        if (request.TeamId is { } team && !await TeamHold.TakeAsync(context.Db, team, cancellationToken))
        {
            return new Error.Invalid("teamId", "There is no such team.");
        }

        var (text, parsed) = TokenText.Make("api");
        var token = new ApiToken
        {
            Id = context.NewId(),
            Name = request.Name.Trim(),
            PublicId = parsed.PublicId,
            SecretHash = parsed.SecretHash,
            Scopes = string.Join(' ', scopes),
            TeamId = request.TeamId,
            CreatedBy = context.Actor.Kind == ActorKind.Person ? context.Actor.Id : null,
            CreatedAt = context.Now,
            ExpiresAt = Instants.ToMilliseconds(context.Now.AddDays(request.Days)),
        };
        context.Db.Add(token);
        context.Audit("token.create", "token", token.Id, null, TokenState.Of(token), $"{token.Scopes}; {request.Days} days");
        context.Signal("token", token.Id);
        return new NewApiToken(token.Id, text, token.ExpiresAt);
    }

    private static IEnumerable<FieldFault> Faults(CreateApiTokenRequest request, List<string> scopes)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Trim().Length > 100)
        {
            yield return new FieldFault("name", "Name what the token is for: up to 100 characters.");
        }

        if (request.Days is < 1 or > LongestDays)
        {
            yield return new FieldFault("days", $"A token lasts 1 to {LongestDays} days.");
        }

        if (scopes.Count == 0)
        {
            yield return new FieldFault("scopes", "Choose at least one scope.");
        }

        if (request.TeamId is not null && scopes.Where(s => TokenScopes.Known.Contains(s) && !TokenScopes.IsByTeam(s)).ToList() is { Count: > 0 } wide)
        {
            yield return new FieldFault(
                "scopes", $"A token for one team cannot have {string.Join(", ", wide)}: no team limits what {(wide.Count == 1 ? "it shows" : "they show")}. "
                + $"It may have {string.Join(", ", TokenScopes.Known.Where(TokenScopes.IsByTeam))}.");
        }

        foreach (var unknown in scopes.Except(TokenScopes.Known, StringComparer.Ordinal))
        {
            yield return new FieldFault("scopes", $"There is no scope \"{unknown}\". Known: {string.Join(", ", TokenScopes.Known)}.");
        }
    }
}

/// <summary>What the audit log digests of a token.</summary>
internal sealed record TokenState(Guid Id, string PublicId, string Scopes, Guid? TeamId, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt)
{
    public static TokenState Of(ApiToken t) => new(t.Id, t.PublicId, t.Scopes, t.TeamId, t.ExpiresAt, t.RevokedAt);
}
