using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>Everything that is known of one identity, and how well it is known.</summary>
/// <param name="Facts">By camelCase name, sorted; createdAt, lastUsedAt and expiresAt among them.</param>
/// <param name="Coverage">How many of the facts have a value or are known never to have happened.</param>
/// <param name="Scope">The list that shows it, and how that list was last read.</param>
/// <param name="Runs">The source's last runs, newest first.</param>
public sealed record IdentityDetail(
    IdentityRow Row,
    string NaturalKey,
    IReadOnlyDictionary<string, KnownValue> Facts,
    Coverage Coverage,
    IReadOnlyList<GrantObservation> Grants,
    IReadOnlyList<string> JoinKeys,
    IReadOnlyList<CredentialRow> Credentials,
    bool TeamIsAssigned,
    string? TeamContact,
    PlaceDetail Place,
    ScopeDetail? Scope,
    SourceDetail Source,
    IReadOnlyList<RunRef> Runs,
    RunRef? FirstRun,
    RunRef? ChangedRun,
    DateTimeOffset ChangedAt,
    int MissedRuns,
    DateTimeOffset? RetiredAt);

/// <summary>How much is known. Unknown is never OK: both numbers stand together.</summary>
public sealed record Coverage(int Known, int Of);

public sealed record PlaceDetail(
    string Kind, string Path, string? ServiceKey, string? ServiceName, string? ProductKey, string? ProductName,
    IReadOnlyList<EnvironmentRef> Environments);

public sealed record EnvironmentRef(string Key, string Name);

public sealed record ScopeDetail(
    string Kind, string Place, ScopeOutcome? LastOutcome, DateTimeOffset? LastReadAt, DateTimeOffset? LastCompleteAt, string? Permission, string? Error);

public sealed record SourceDetail(Guid Id, string Name, string ConnectorKey, bool IsEnabled, PollState? LastState, DateTimeOffset? LastRunAt, DateTimeOffset? LastCompleteAt);

public sealed record RunRef(Guid Id, long Number, PollState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);

public sealed record GetIdentityRequest(Guid Id);

/// <summary>One identity: what it is, its credentials, its grants, who answers for it, and how well each is known.</summary>
public sealed class GetIdentity(QueryDoor door) : Query<GetIdentityRequest, IdentityDetail>(door)
{
    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<IdentityDetail>> ReadAsync(
        GetIdentityRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var identity = await IdentityRows.Visible(db, context.Actor).SingleOrDefaultAsync(i => i.Id == request.Id, cancellationToken);
        if (identity is null)
        {
            return new Error.NotFound("This identity");
        }

        var row = (await IdentityRowReader.ReadAsync(db, [identity], cancellationToken))[0];
        var facts = new SortedDictionary<string, KnownValue>(InventoryJson.ReadFacts(identity.Facts).ToDictionary(), StringComparer.Ordinal);
        var credentials = await CredentialRowReader.ReadAsync(
            db, db.Set<Credential>().AsNoTracking().Where(c => c.IdentityId == identity.Id).OrderBy(c => c.Presence).ThenBy(c => c.Name).ThenBy(c => c.Id).Take(500),
            cancellationToken);
        var seen = await ProvenanceReader.ReadAsync(db, identity, identity.FirstRunId, cancellationToken);
        var contact = row.Team is { } team
            ? await db.Set<Catalogue.Team>().AsNoTracking().Where(t => t.Id == team.Id).Select(t => t.Contact).SingleOrDefaultAsync(cancellationToken)
            : null;
        return new IdentityDetail(
            row, identity.NaturalKey, facts, CoverageOf(facts), InventoryJson.ReadGrants(identity.Grants), InventoryJson.ReadList(identity.JoinKeys),
            credentials, identity.AssignedTeamId is not null, contact, await PlaceReader.ReadAsync(db, identity.PlaceId, cancellationToken),
            seen.Scope, seen.Source, seen.Runs, seen.FirstRun, seen.ChangedRun,
            identity.ChangedAt, identity.MissedRuns, identity.RetiredAt);
    }

    internal static Coverage CoverageOf(IReadOnlyDictionary<string, KnownValue> facts) =>
        new(facts.Values.Count(f => f.State is Knowledge.Value or Knowledge.Never), facts.Count);
}
