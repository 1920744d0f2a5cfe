using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Mapping;

/// <summary>All rules of this moment, with those of one service or environment replaced by a draft.</summary>
internal sealed record MappingDraft(
    PlaceMapping Mapping, Guid Id, bool IsService, IReadOnlyList<string> Kinds, IReadOnlySet<Guid> Now, IReadOnlyDictionary<Guid, string> Services)
{
    public static async Task<Result<MappingDraft>> OfServiceAsync(
        GovernanceDb db, string? key, IReadOnlyList<RuleInput> rules, CancellationToken cancellationToken)
    {
        var all = await db.Set<Service>().Select(s => new MappedService(s.Id, s.Key, s.Name, s.TeamId)).ToListAsync(cancellationToken);
        var mine = all.Find(s => s.Key == key);
        if (key is not null && mine is null)
        {
            return new Error.NotFound($"Service {key}");
        }

        // One that is not made yet stands after all others: what it would take over depends on its key, so nothing is promised.
        mine ??= new MappedService(Guid.Empty, "~", "this service", null);
        var saved = await db.Set<MappingRule>().Where(r => r.ServiceId != null && r.ServiceId != mine.Id)
            .Select(r => new { r.ServiceId, r.PlaceKind, r.Pattern }).ToListAsync(cancellationToken);
        var byId = all.ToDictionary(s => s.Id);
        var mapping = new PlaceMapping(
            saved.Select(r => (byId[r.ServiceId!.Value], new RuleInput(r.PlaceKind, r.Pattern))).Concat(rules.Select(r => (mine, r))), []);
        var now = (await db.Set<Place>().Where(p => p.ServiceId == mine.Id).Select(p => new { p.Id, p.Kind }).ToListAsync(cancellationToken));
        return new MappingDraft(
            mapping, mine.Id, true, [.. rules.Select(r => r.Kind).Concat(now.Select(p => p.Kind)).Distinct()],
            now.Select(p => p.Id).ToHashSet(), all.ToDictionary(s => s.Id, s => s.Name));
    }

    public static async Task<Result<MappingDraft>> OfEnvironmentAsync(
        GovernanceDb db, string? key, IReadOnlyList<RuleInput> rules, CancellationToken cancellationToken)
    {
        var id = await db.Set<ReleaseEnvironment>().Where(e => e.Key == key).Select(e => (Guid?)e.Id).FirstOrDefaultAsync(cancellationToken);
        if (key is not null && id is null)
        {
            return new Error.NotFound($"Environment {key}");
        }

        var mine = id ?? Guid.Empty;
        var now = await db.Set<PlaceEnvironment>().Where(e => e.EnvironmentId == mine)
            .Join(db.Set<Place>(), e => e.PlaceId, p => p.Id, (e, p) => new { p.Id, p.Kind }).ToListAsync(cancellationToken);
        return new MappingDraft(
            new PlaceMapping([], rules.Select(r => (mine, r))), mine, false,
            [.. rules.Select(r => r.Kind).Concat(now.Select(p => p.Kind)).Distinct()],
            now.Select(p => p.Id).ToHashSet(), new Dictionary<Guid, string>());
    }
}
