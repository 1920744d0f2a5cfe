using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>Counts of one batch, added to the run's when it is committed.</summary>
internal readonly record struct BatchCounts(long Seen, long Unchanged, long Added, long Changed);

/// <summary>
/// One transaction's worth of a run. First it finds out what is new and what changed (by content hash), then it writes just
/// that: new rows straight into their tables, changed ones by a staged merge, and a sighting for every row left as it is.
/// </summary>
internal sealed class Batch
{
    private readonly List<Seen<IdentityObservation>> _identities = [];
    private readonly List<Seen<CredentialObservation>> _credentials = [];
    private readonly List<Seen<ResourceObservation>> _resources = [];
    private readonly List<Seen<PersonObservation>> _people = [];

    public int Count => _identities.Count + _credentials.Count + _resources.Count + _people.Count;

    /// <summary>Per scope: how many credentials name an identity that nobody listed.</summary>
    public Dictionary<Guid, int> Orphans { get; } = [];

    /// <summary>Per scope: how many things came without a key.</summary>
    public Dictionary<Guid, int> Keyless { get; } = [];

    /// <summary>What it wrote, for the audit log.</summary>
    public Written Written { get; } = new();

    public void Add(Observation observation, Guid scopeId)
    {
        if (observation.NaturalKey.Length == 0)
        {
            Keyless[scopeId] = Keyless.GetValueOrDefault(scopeId) + 1;
            return;
        }

        switch (observation)
        {
            case IdentityObservation identity:
                _identities.Add(new(identity, scopeId));
                break;
            case CredentialObservation credential:
                _credentials.Add(new(credential, scopeId));
                break;
            case ResourceObservation resource:
                _resources.Add(new(resource, scopeId));
                break;
            case PersonObservation person:
                _people.Add(new(person, scopeId));
                break;
            default:
                throw new NotSupportedException($"No table for {observation.GetType().Name}.");
        }
    }

    public async Task<BatchCounts> WriteAsync(
        GovernanceDb db, IDialect dialect, RunTicket run, DateTimeOffset now, PlaceBook places, EndLeavers leavers, List<AuditRecord> records,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var bulk = new Bulk(db, dialect);
        await places.MeetAsync(
            db, _identities.Select(i => i.Observation.Place).Concat(_resources.Select(r => r.Observation.Place)), now, cancellationToken);

        var identities = new Gathering<IdentityObservation, Identity>(new IdentityShape(), run, now, places, clock, dialect);
        var credentials = new Gathering<CredentialObservation, Credential>(new CredentialShape(), run, now, places, clock, dialect);
        var resources = new Gathering<ResourceObservation, Resource>(new ResourceShape(), run, now, places, clock, dialect);
        var people = new Gathering<PersonObservation, PersonHandle>(new PersonShape(), run, now, places, clock, dialect);
        await identities.FindAsync(db, _identities, cancellationToken);
        await resources.FindAsync(db, _resources, cancellationToken);
        await people.FindAsync(db, _people, cancellationToken);
        var owners = await OwnersAsync(db, dialect, run, identities.Ids, cancellationToken);
        await credentials.FindAsync(db, _credentials, cancellationToken, (seen, old) => Owner(owners, seen, old));

        IdentityTotals.Fill(identities.Added, credentials.Added.Concat(credentials.Changed));
        await identities.WriteAsync(db, bulk, Written, cancellationToken);
        await credentials.WriteAsync(db, bulk, Written, cancellationToken);
        await resources.WriteAsync(db, bulk, Written, cancellationToken);
        await people.WriteAsync(db, bulk, Written, cancellationToken);
        await TeamsAsync(db, dialect, run, identities.Changed, now, clock, cancellationToken);
        await new PeopleJoin(db, dialect, leavers, records, clock).JoinAsync([.. people.Added, .. people.Changed], now, cancellationToken);

        var added = identities.Added.Select(i => i.Id).ToHashSet();
        var touched = credentials.Added.Concat(credentials.Changed).Select(c => c.IdentityId).Concat(credentials.Left).Concat(identities.Changed.Select(i => i.Id))
            .Where(id => !added.Contains(id)).Distinct().ToArray();
        await IdentityTotals.SettleAsync(db, dialect, touched, cancellationToken);

        Guid[] seen = [.. identities.Seen, .. credentials.Seen, .. resources.Seen, .. people.Seen];
        Guid[] unchanged = [.. identities.Unchanged, .. credentials.Unchanged, .. resources.Unchanged, .. people.Unchanged];
        await bulk.LoadAsync(unchanged.Select(id => new RunSighting { RunId = run.RunId, SubjectId = id }), cancellationToken);
        await bulk.LoadAsync(
            identities.Changes.Concat(credentials.Changes).Concat(resources.Changes).Concat(people.Changes)
                .Concat(await CredentialsAddedAsync(db, run, credentials.Added, added, now, clock, cancellationToken)),
            cancellationToken);
        await HeldRuns.ForgetSeenAsync(db, run.SourceId, seen, cancellationToken);
        return new BatchCounts(
            seen.Length,
            unchanged.Length,
            identities.Added.Count + credentials.Added.Count + resources.Added.Count + people.Added.Count,
            identities.Changed.Count + credentials.Changed.Count + resources.Changed.Count + people.Changed.Count);
    }

    /// <summary>The identities that this batch's credentials name: of the batch itself, or of the table.</summary>
    private async Task<Dictionary<string, Guid>> OwnersAsync(
        GovernanceDb db, IDialect dialect, RunTicket run, Dictionary<string, Guid> ofBatch, CancellationToken cancellationToken)
    {
        var owners = new Dictionary<string, Guid>(ofBatch, StringComparer.Ordinal);
        var others = _credentials.Select(c => Clean.Key(c.Observation.IdentityKey, 400)).Where(k => !owners.ContainsKey(k)).Distinct().ToArray();
        if (others.Length > 0)
        {
            var rows = await dialect.LookUp<Identity>(db, "source_id", run.SourceId, "natural_key", others).AsNoTracking()
                .Select(i => new { i.NaturalKey, i.Id }).ToListAsync(cancellationToken);
            foreach (var row in rows)
            {
                owners[row.NaturalKey] = row.Id;
            }
        }

        return owners;
    }

    private Guid? Owner(Dictionary<string, Guid> owners, Seen<CredentialObservation> seen, Credential? old)
    {
        if (owners.TryGetValue(Clean.Key(seen.Observation.IdentityKey, 400), out var id))
        {
            return id;
        }

        Orphans[seen.ScopeId] = Orphans.GetValueOrDefault(seen.ScopeId) + 1;
        return old?.IdentityId;
    }

    /// <summary>An identity that moved to another place answers to that place's team, unless a person assigned one.</summary>
    private static async Task TeamsAsync(
        GovernanceDb db, IDialect dialect, RunTicket run, List<Identity> changed, DateTimeOffset now, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (changed.Count > 0)
        {
            var ids = changed.Select(i => i.Id).ToArray();
            await TeamMoves.FollowAsync(db, dialect, clock, db.Set<Identity>().Where(i => ids.Contains(i.Id)), run, now, cancellationToken);
        }
    }

    // A credential that came with a new identity is no change of it.
    private static async Task<IEnumerable<InventoryChange>> CredentialsAddedAsync(
        GovernanceDb db, RunTicket run, List<Credential> added, HashSet<Guid> newIdentities, DateTimeOffset now, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var later = added.Where(c => !newIdentities.Contains(c.IdentityId)).ToArray();
        if (later.Length == 0)
        {
            return [];
        }

        var ids = later.Select(c => c.IdentityId).Distinct().ToArray();
        var known = (await db.Set<Identity>().AsNoTracking().Where(i => ids.Contains(i.Id) && i.FirstRunId != run.RunId)
            .Select(i => i.Id).ToListAsync(cancellationToken)).ToHashSet();
        return later.Where(c => known.Contains(c.IdentityId)).Select(c => Changing.Of(
            Ids.New(clock), "credential", c.Id, c.IdentityId,
            new Difference(ChangeKind.CredentialAdded, c.Name, null, KnownValue.Of(c.Kind.ToString())), run.RunId, now)).ToArray();
    }
}
