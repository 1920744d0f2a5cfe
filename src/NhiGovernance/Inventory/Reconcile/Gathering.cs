using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>One observation of a batch and the scope that listed it.</summary>
internal readonly record struct Seen<TObservation>(TObservation Observation, Guid ScopeId);

/// <summary>A row as it stands, without its content.</summary>
internal sealed record KnownRow(Guid Id, string NaturalKey, byte[] Hash, Guid ScopeId, Presence Presence, bool Sighted);

/// <summary>What a batch does to the rows of one kind: first found out, then written.</summary>
internal sealed class Gathering<TObservation, TRow>(Shape<TObservation, TRow> shape, RunTicket run, DateTimeOffset now, PlaceBook places, TimeProvider clock, IDialect dialect)
    where TObservation : Observation
    where TRow : class, IObserved
{
    private readonly CanonicalHash _hash = new();

    /// <summary>By natural key: every row that this batch lists, and no other.</summary>
    public Dictionary<string, Guid> Ids { get; } = new(StringComparer.Ordinal);

    public List<TRow> Added { get; } = [];

    public List<TRow> Changed { get; } = [];

    /// <summary>The ids that this run had not seen before this batch.</summary>
    public List<Guid> Seen { get; } = [];

    /// <summary>Those of them whose rows are not written; the others carry the run's id themselves.</summary>
    public List<Guid> Unchanged { get; } = [];

    public List<InventoryChange> Changes { get; } = [];

    /// <summary>The identities that changed rows belonged to before, where that is another one now.</summary>
    public List<Guid> Left { get; } = [];

    /// <param name="parentOf">For credentials: the identity's id, given the credential's own row if there is one; null when not known.</param>
    public async Task FindAsync(
        GovernanceDb db, IReadOnlyList<Seen<TObservation>> seen, CancellationToken cancellationToken,
        Func<Seen<TObservation>, TRow?, Guid?>? parentOf = null)
    {
        var first = new Dictionary<string, Seen<TObservation>>(StringComparer.Ordinal);
        foreach (var one in seen)
        {
            first.TryAdd(Clean.Key(one.Observation.NaturalKey, 400), one);
        }

        if (first.Count == 0)
        {
            return;
        }

        var known = await KnownAsync(db, first.Keys.ToArray(), cancellationToken);
        var rewrite = new List<(Seen<TObservation> Seen, KnownRow Row, byte[] Hash)>();
        foreach (var (key, one) in first)
        {
            var hash = Hash(one.Observation);
            if (!known.TryGetValue(key, out var row))
            {
                Add(key, one, hash, parentOf);
                continue;
            }

            Ids[key] = row.Id;
            if (!row.Sighted)
            {
                Seen.Add(row.Id);
                if (row.Presence != shape.PresenceOf(one.Observation) || row.ScopeId != one.ScopeId || !row.Hash.AsSpan().SequenceEqual(hash))
                {
                    rewrite.Add((one, row, hash));
                }
                else
                {
                    Unchanged.Add(row.Id);
                }
            }
        }

        await RewriteAsync(db, rewrite, parentOf, cancellationToken);
    }

    public async Task WriteAsync(GovernanceDb db, Bulk bulk, Written written, CancellationToken cancellationToken)
    {
        await bulk.LoadAsync(Added, cancellationToken);
        var columns = RowMap.Of<TRow>(db).Names.Where(n => !shape.Kept.Contains(n)).ToArray();
        await bulk.MergeAsync(Changed, ["id"], columns, cancellationToken);
        written.Add("added", Added.Select(r => r.Id));
        written.Add("changed", Changed.Select(r => r.Id));
    }

    private void Add(string key, Seen<TObservation> one, byte[] hash, Func<Seen<TObservation>, TRow?, Guid?>? parentOf)
    {
        var parent = parentOf?.Invoke(one, null);
        if (parentOf is null || parent is not null)
        {
            var row = shape.Make(one.Observation, Context(one, hash, Data.Ids.New(clock), null, parent));
            Ids[key] = row.Id;
            Seen.Add(row.Id);
            Added.Add(row);
        }
    }

    private async Task RewriteAsync(
        GovernanceDb db, List<(Seen<TObservation> Seen, KnownRow Row, byte[] Hash)> rewrite, Func<Seen<TObservation>, TRow?, Guid?>? parentOf,
        CancellationToken cancellationToken)
    {
        if (rewrite.Count == 0)
        {
            return;
        }

        var ids = rewrite.Select(r => r.Row.Id).ToArray();
        var olds = await db.Set<TRow>().AsNoTracking().Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, cancellationToken);
        var rows = new List<(TRow Old, TRow New)>(rewrite.Count);
        foreach (var (one, known, hash) in rewrite)
        {
            var old = olds[known.Id];
            rows.Add((old, shape.Make(one.Observation, Context(one, hash, old.Id, old, parentOf?.Invoke(one, old)))));
        }

        var paths = await PathsAsync(db, rows, cancellationToken);
        foreach (var (old, row) in rows)
        {
            Changed.Add(row);
            if (shape.IdentityOf(old) is { } was && was != shape.IdentityOf(row))
            {
                Left.Add(was);
            }

            string? left = null, entered = null;
            if (Moved(old, row) is { } move)
            {
                (left, entered) = (paths.GetValueOrDefault(move.From), paths.GetValueOrDefault(move.To));
            }

            Changes.AddRange(Diff.Between(shape.View(old, left), shape.View(row, entered)).Select(d => Change(d, row)));
        }
    }

    /// <summary>Of the places that rows left, and of those that they are in now. Most batches have none, and then nothing is asked.</summary>
    private static async Task<Dictionary<Guid, string>> PathsAsync(GovernanceDb db, List<(TRow Old, TRow New)> rows, CancellationToken cancellationToken)
    {
        var ids = new HashSet<Guid>();
        foreach (var (old, row) in rows)
        {
            if (Moved(old, row) is { } move)
            {
                ids.Add(move.From);
                ids.Add(move.To);
            }
        }

        return ids.Count == 0 ? [] : await PlaceBook.PathsAsync(db, [.. ids], cancellationToken);
    }

    /// <summary>From where to where; null for what did not move, and for what has no place.</summary>
    private static (Guid From, Guid To)? Moved(TRow old, TRow row) =>
        old is IPlaced was && row is IPlaced stands && was.PlaceId != stands.PlaceId ? (was.PlaceId, stands.PlaceId) : null;

    private async Task<Dictionary<string, KnownRow>> KnownAsync(GovernanceDb db, string[] keys, CancellationToken cancellationToken)
    {
        var (sourceId, runId) = (run.SourceId, run.RunId);
        var sightings = db.Set<RunSighting>();

        // Left to itself, the planner reads the whole source for each batch by any index that has the source in it, as long as
        // a new table has no statistics; and as EXISTS all that the run has seen so far, which makes a poll quadratic.
        return await dialect.LookUp<TRow>(db, "source_id", sourceId, "natural_key", keys).AsNoTracking()
            .Select(r => new KnownRow(
                r.Id, r.NaturalKey, r.ContentHash, r.ScopeId, r.Presence,
                r.ChangedRunId == runId || sightings.Where(s => s.RunId == runId && s.SubjectId == r.Id).Select(s => (Guid?)s.SubjectId).FirstOrDefault() != null))
            .ToDictionaryAsync(r => r.NaturalKey, StringComparer.Ordinal, cancellationToken);
    }

    private RowContext<TRow> Context(Seen<TObservation> one, byte[] hash, Guid id, TRow? old, Guid? parent) =>
        new(run, one.ScopeId, now, hash, id, old, places, parent ?? Guid.Empty);

    private byte[] Hash(TObservation observation)
    {
        shape.Hash(observation, _hash.Begin());
        return _hash.End();
    }

    private InventoryChange Change(Difference difference, TRow row) =>
        Changing.Of(Data.Ids.New(clock), shape.Kind, row.Id, shape.IdentityOf(row), difference, run.RunId, now);
}

internal static class Changing
{
    private const int MaxValue = 250;

    public static InventoryChange Of(
        Guid id, string subjectKind, Guid subjectId, Guid? identityId, Difference difference, Guid runId, DateTimeOffset at) => new()
        {
            Id = id,
            SubjectKind = subjectKind,
            SubjectId = subjectId,
            IdentityId = identityId,
            Kind = difference.Kind,
            Subject = Clean.Text(difference.Subject, 400),
            Before = Value(difference.Before),
            After = Value(difference.After),
            RunId = runId,
            At = at,
        };

    // Cut before it becomes JSON: escaping may make four characters and more of one, and the column holds 2,000.
    private static string? Value(KnownValue? value) => value is null
        ? null
        : InventoryJson.WriteValue(value with { Text = Cut(value.Text), Permission = Cut(value.Permission) });

    private static string? Cut(string? text) => text is null ? null : Clean.Text(text, MaxValue);
}
