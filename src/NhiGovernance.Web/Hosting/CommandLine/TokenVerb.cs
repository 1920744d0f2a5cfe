using System.CommandLine;
using System.Globalization;
using NhiGovernance.Access;
using NhiGovernance.Common;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary><c>token create|list|revoke</c>: API tokens.</summary>
internal sealed class TokenVerb : IVerb
{
    public Command Describe() => new("token", "Make, list and revoke API tokens.") { Create(), List(), Revoke() };

    private static Command Create()
    {
        var name = new Option<string>("--name") { Description = "What the token is for.", Required = true, HelpName = "N" };
        var scopes = new Option<string>("--scopes")
        {
            Description = "Comma-separated, as identities:read,evidence:write. Known: " + string.Join(", ", TokenScopes.Known),
            Required = true,
            HelpName = "a,b",
        };
        var days = new Option<int>("--days")
        {
            Description = $"Until it expires. Default: {CreateApiToken.DefaultDays}", DefaultValueFactory = _ => CreateApiToken.DefaultDays, HelpName = "D",
        };
        var command = new Command("create", "Print a new token, and nothing else. It is told once.") { name, scopes, days };
        command.SetAction((parsed, cancellationToken) => VerbScope.RunAsync(
            parsed,
            (scope, token) => scope.Get<CreateApiToken>().RunAsync(
                new CreateApiTokenRequest(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scopes).Split(','), parsed.GetValue(days)), token),
            made => made.Text,
            cancellationToken));
        return command;
    }

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "Also those that were revoked or have expired." };
        var command = new Command("list", "List the tokens: id, name, scopes, last use, end, state; separated by tabs.") { all };
        command.SetAction((parsed, cancellationToken) => VerbScope.RunAsync(
            parsed, (scope, token) => ReadAllAsync(scope, parsed.GetValue(all), token), rows => string.Join('\n', rows), cancellationToken));
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "The token's id or the public part of its text." };
        var command = new Command("revoke", "End a token at once.") { id };
        command.SetAction((parsed, cancellationToken) => VerbScope.RunAsync(
            parsed,
            (scope, token) => scope.Get<RevokeApiToken>().RunAsync(new RevokeApiTokenRequest(parsed.GetRequiredValue(id)), token),
            _ => "Revoked.",
            cancellationToken));
        return command;
    }

    private static async Task<Result<List<string>>> ReadAllAsync(VerbScope scope, bool withEnded, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var list = scope.Get<ListApiTokens>();
        string? cursor = null;
        do
        {
            var page = await list.RunAsync(new ListApiTokensRequest(withEnded, cursor, Limit: 200), cancellationToken);
            if (!page.IsOk)
            {
                return page.Error;
            }

            lines.AddRange(page.Value.Items.Select(Line));
            cursor = page.Value.Next;
        }
        while (cursor is not null);

        return lines;
    }

    private static string Line(ApiTokenRow token) => string.Join(
        '\t', token.PublicId, token.Name, string.Join(',', token.Scopes), token.LastUsedAt is { } used ? Instant(used) : "never", Instant(token.ExpiresAt),
        token.Status);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
