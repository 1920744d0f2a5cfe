using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>Everything that is known of one identity, and how well it is known.</summary>
/// <param name="Row">The same as in a list.</param>
/// <param name="NaturalKey">What the source's connector knows it by; the same from run to run.</param>
/// <param name="Facts">By camelCase name, sorted; createdAt, lastUsedAt and expiresAt among them.</param>
/// <param name="Coverage">How many of the facts have a value or are known never to have happened.</param>
/// <param name="Grants">What it may do, where; the first 1,000 are kept.</param>
/// <param name="JoinKeys">Ids by which other sources and evidence know the same principal: "ssh:SHA256:…".</param>
/// <param name="Credentials">At most 500 of them, present ones first.</param>
/// <param name="CredentialsCount">How many it has, in whatever state; the list of credentials gives them all, page by page.</param>
/// <param name="TeamIsAssigned">True when a person gave it to its team; false when the team is that of its place, or there is none.</param>
/// <param name="TeamContact">Where its team is reached; null: it has no team, or nobody said.</param>
/// <param name="Place">Where it lives.</param>
/// <param name="Scope">The list that shows it, and how that list was last read.</param>
/// <param name="Source">What reads it.</param>
/// <param name="Runs">The source's last runs, newest first.</param>
/// <param name="FirstRun">The run that saw it first; null when the record of that run is gone.</param>
/// <param name="ChangedRun">The run that wrote it last; null when the record of that run is gone.</param>
/// <param name="ChangedAt">When a run last wrote it. A run that sees no difference writes nothing.</param>
/// <param name="MissedRuns">Complete runs in a row that did not list it; 0 while it is there.</param>
/// <param name="RetiredAt">When it was retired; null: it was not.</param>
public sealed record IdentityDetail(
    IdentityRow Row,
    string NaturalKey,
    IReadOnlyDictionary<string, KnownValue> Facts,
    Coverage Coverage,
    IReadOnlyList<GrantObservation> Grants,
    IReadOnlyList<string> JoinKeys,
    IReadOnlyList<CredentialRow> Credentials,
    BoundedCount CredentialsCount,
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
/// <param name="Known">How many facts have a value or are known never to have happened.</param>
/// <param name="Of">How many facts there are.</param>
public sealed record Coverage(int Known, int Of);

/// <param name="Kind">What kind of place: "repository", "organization".</param>
/// <param name="Path">In the vendor's words: "acme/ledger".</param>
/// <param name="ServiceKey">Key of the service that it belongs to; null: none.</param>
/// <param name="ServiceName">That service's name.</param>
/// <param name="ProductKey">Key of that service's product; null: none.</param>
/// <param name="ProductName">That product's name.</param>
/// <param name="Environments">The environments that it belongs to.</param>
public sealed record PlaceDetail(
    string Kind, string Path, string? ServiceKey, string? ServiceName, string? ProductKey, string? ProductName,
    IReadOnlyList<EnvironmentRef> Environments);

/// <param name="Key">Its key, as in addresses and filters.</param>
/// <param name="Name">Its name, as people read it.</param>
public sealed record EnvironmentRef(string Key, string Name);

/// <param name="Kind">What it lists: "deploy-keys".</param>
/// <param name="Place">Of what place, as it was called when it was last read.</param>
/// <param name="LastOutcome">How it was last read; null: it was not yet.</param>
/// <param name="LastReadAt">When that was; null: it was not yet.</param>
/// <param name="LastCompleteAt">When it was last read to its end: the "last seen" of all in it that is present. Null: never.</param>
/// <param name="Permission">What to grant, when it was denied; else null.</param>
/// <param name="Error">Why it was not read to its end; null when it was.</param>
public sealed record ScopeDetail(
    string Kind, string Place, ScopeOutcome? LastOutcome, DateTimeOffset? LastReadAt, DateTimeOffset? LastCompleteAt, string? Permission, string? Error);

/// <param name="Id">Id of the source.</param>
/// <param name="Name">As people read it.</param>
/// <param name="ConnectorKey">What kind of source it is: "github".</param>
/// <param name="IsEnabled">False: a person switched it off.</param>
/// <param name="LastState">How its last run ended; null: none ended yet.</param>
/// <param name="LastRunAt">When its last run ended; null: none did yet.</param>
/// <param name="LastCompleteAt">When a run last read every list to its end; null: none did yet.</param>
public sealed record SourceDetail(Guid Id, string Name, string ConnectorKey, bool IsEnabled, PollState? LastState, DateTimeOffset? LastRunAt, DateTimeOffset? LastCompleteAt);

/// <param name="Id">Id of the run.</param>
/// <param name="Number">Counts the runs of this source from 1: "seen in run 4,788".</param>
/// <param name="State">How it stands or ended.</param>
/// <param name="StartedAt">When it began; while it is queued, when it was queued.</param>
/// <param name="EndedAt">When it ended; null: it has not yet.</param>
public sealed record RunRef(Guid Id, long Number, PollState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);

public sealed record GetIdentityRequest(Guid Id);

/// <summary>One identity: what it is, its credentials, its grants, who answers for it, and how well each is known.</summary>
public sealed class GetIdentity(QueryDoor door) : Query<GetIdentityRequest, IdentityDetail>(door)
{
    /// <summary>No more credentials are shown with an identity.</summary>
    public const int MostCredentials = 500;

    /// <summary>No more grants of an identity are kept: one that has so many may have more.</summary>
    public const int MostGrants = 1_000;

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
        var held = db.Set<Credential>().AsNoTracking().Where(c => c.IdentityId == identity.Id);
        var credentials = await CredentialRowReader.ReadAsync(
            db, InOrder(held).ThenBy(c => c.Name).ThenBy(c => c.Id).Take(MostCredentials), cancellationToken);
        var count = credentials.Count < MostCredentials ? new BoundedCount(credentials.Count) : await Counting.BoundedAsync(held, cancellationToken);
        var seen = await ProvenanceReader.ReadAsync(db, identity, identity.FirstRunId, cancellationToken);
        var contact = row.Team is { } team
            ? await db.Set<Catalogue.Team>().AsNoTracking().Where(t => t.Id == team.Id).Select(t => t.Contact).SingleOrDefaultAsync(cancellationToken)
            : null;
        return new IdentityDetail(
            row, identity.NaturalKey, facts, CoverageOf(facts), InventoryJson.ReadGrants(identity.Grants), InventoryJson.ReadList(identity.JoinKeys),
            credentials, count, identity.AssignedTeamId is not null, contact, await PlaceReader.ReadAsync(db, identity.PlaceId, cancellationToken),
            seen.Scope, seen.Source, seen.Runs, seen.FirstRun, seen.ChangedRun,
            identity.ChangedAt, identity.MissedRuns, identity.RetiredAt);
    }

    /// <summary>What can be used now first. States stand in the database as words, whose own order would put the missing ones first.</summary>
    private static IOrderedQueryable<Credential> InOrder(IQueryable<Credential> rows) =>
        rows.OrderBy(c => c.Presence == Presence.Present ? 0 : c.Presence == Presence.NotCovered ? 1 : c.Presence == Presence.Missing ? 2 : 3);

    internal static Coverage CoverageOf(IReadOnlyDictionary<string, KnownValue> facts) =>
        new(facts.Values.Count(f => f.State is Knowledge.Value or Knowledge.Never), facts.Count);
}
