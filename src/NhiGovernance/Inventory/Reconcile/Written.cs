using System.Globalization;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>
/// What one transaction of a run did to the things of its source, for its entry in the audit log: how many, and a digest of which.
/// What follows from them (totals, people, sightings, scopes) is not counted.
/// </summary>
internal sealed class Written
{
    public const string Action = "inventory.batch";

    // In one order, so that the log's words and digests do not hang on the order of the work.
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<Guid> _ids = [];

    /// <param name="what">"added", "changed", "missing".</param>
    public void Add(string what, IEnumerable<Guid> ids)
    {
        var before = _ids.Count;
        _ids.AddRange(ids);
        if (_ids.Count > before)
        {
            _counts[what] = _counts.GetValueOrDefault(what) + _ids.Count - before;
        }
    }

    /// <summary>One record, to be appended as the transaction's last statement; none when nothing was written.</summary>
    public void Report(List<AuditRecord> records, RunTicket run, long number)
    {
        if (_ids.Count > 0)
        {
            var ids = IdsDigest.Of(_ids);
            var said = string.Join(", ", _counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value:N0} {c.Key}")));
            records.Add(new AuditRecord(
                Action, "source", run.SourceId.ToString(), null, new { run.RunId, Number = number, run.Fence, Counts = _counts, Ids = ids },
                string.Create(CultureInfo.InvariantCulture, $"run {number}: {said}; ids sha256:{ids}")));
        }
    }
}
