using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Access;

/// <summary>The API tokens that this product gave out, revoked and expired ones too: each is an identity with its scopes as grants.</summary>
internal sealed class ApiTokenCredentials(IDbContextFactory<GovernanceDb> contexts) : IOwnCredentials
{
    public string Kind => "api-tokens";

    public IReadOnlyCollection<Type> Stores => [typeof(ApiToken)];

    public async IAsyncEnumerable<OwnCredential> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = db.Set<ApiToken>().AsNoTracking().OrderBy(t => t.Id).Select(t => new
        {
            t.Id, t.Name, t.PublicId, t.Scopes, t.CreatedAt, t.ExpiresAt, t.LastUsedAt, t.RevokedAt,
            Team = db.Set<Team>().Where(x => x.Id == t.TeamId).Select(x => x.Name).SingleOrDefault(),
            By = db.Set<Account>().Where(a => a.Id == t.CreatedBy).Select(a => a.Person!.Name).SingleOrDefault(),
            t.TeamId,
        });
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var where = row.TeamId is null ? "everything" : $"team {row.Team ?? row.TeamId.ToString()}";
            yield return new OwnCredential(row.Id.ToString(), $"API token {row.Name}", CredentialKind.ApiToken)
            {
                KeyIds = [row.PublicId],
                Disabled = row.RevokedAt is not null,
                CreatedAt = KnownValue.Of(row.CreatedAt),
                ExpiresAt = KnownValue.Of(row.ExpiresAt),
                LastUsedAt = KnownValue.Or(row.LastUsedAt, KnownValue.Never(row.CreatedAt)),
                Grants =
                [
                    .. row.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .Select(scope => new GrantObservation(scope, where, AltersRelease: false, TokenScopes.IsPrivileged(scope))),
                ],
                Facts = new Dictionary<string, KnownValue>
                {
                    ["team"] = KnownValue.Or(row.Team, KnownValue.Never()),
                    ["madeBy"] = KnownValue.Of(row.By ?? "the command line"),
                    ["revokedAt"] = KnownValue.Or(row.RevokedAt, KnownValue.Never()),
                    ["rotation"] = KnownValue.Of("make a new token, then revoke this one"),
                },
            };
        }
    }
}
