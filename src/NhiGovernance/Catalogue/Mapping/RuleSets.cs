using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Mapping;

/// <summary>Replaces the rules of one service or environment and maps the places of the kinds concerned.</summary>
internal static class RuleSets
{
    public static async Task<(MappingEffect Effect, List<string> Before, List<string> After)> ReplaceAsync(
        CommandContext context, IPlaceMapper mapper, Guid? service, Guid? environment, IReadOnlyList<RuleInput> rules, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var old = await db.Set<MappingRule>().Where(r => r.ServiceId == service && r.EnvironmentId == environment).ToListAsync(cancellationToken);
        var kept = old.Where(r => rules.Contains(new RuleInput(r.PlaceKind, r.Pattern))).ToList();
        db.RemoveRange(old.Except(kept));
        var added = rules.Where(r => !kept.Exists(k => k.PlaceKind == r.Kind && k.Pattern == r.Pattern))
            .Select(r => new MappingRule
            {
                Id = context.NewId(), ServiceId = service, EnvironmentId = environment, PlaceKind = r.Kind, Pattern = r.Pattern,
            }).ToList();
        db.AddRange(added);
        await db.SaveChangesAsync(cancellationToken);
        var effect = await mapper.MapAllAsync(db, Kinds(old.Except(kept).Concat(added)), cancellationToken);
        return (effect, Picture(old), Picture(kept.Concat(added)));
    }

    /// <summary>True when these are the rules of this moment.</summary>
    public static async Task<bool> AreAsync(
        GovernanceDb db, Guid? service, Guid? environment, IReadOnlyList<RuleInput> seen, CancellationToken cancellationToken)
    {
        var now = await db.Set<MappingRule>().AsNoTracking().Where(r => r.ServiceId == service && r.EnvironmentId == environment)
            .Select(r => new RuleInput(r.PlaceKind, r.Pattern)).ToListAsync(cancellationToken);
        return seen.ToHashSet().SetEquals(now);
    }

    public static List<string> Kinds(IEnumerable<MappingRule> rules) => [.. rules.Select(r => r.PlaceKind).Distinct()];

    public static List<string> Picture(IEnumerable<MappingRule> rules) =>
        [.. rules.Select(r => $"{r.PlaceKind} {r.Pattern}").Order(StringComparer.Ordinal)];
}
