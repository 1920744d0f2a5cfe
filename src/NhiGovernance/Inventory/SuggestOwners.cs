using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>Whom CODEOWNERS names.</summary>
/// <param name="Owner">As it stands there: "@acme/payments".</param>
/// <param name="Team">The team here of that key or name; null when there is none.</param>
/// <param name="Reason">"CODEOWNERS of acme/shop names @acme/payments for everything".</param>
/// <param name="ResourceId">The line that says so.</param>
public sealed record OwnerSuggestion(string Owner, TeamRef? Team, string Reason, Guid ResourceId);

/// <param name="Selection">Identities that an owner is looked for; or null.</param>
/// <param name="ResourceId">A resource that an owner is looked for; or null.</param>
public sealed record SuggestOwnersRequest(IdentitySelection? Selection, Guid? ResourceId = null);

/// <summary>Who may own things by the CODEOWNERS of their repositories: a suggestion with its reason, never an assignment.</summary>
public sealed class SuggestOwners(QueryDoor door, IDialect dialect) : Query<SuggestOwnersRequest, IReadOnlyList<OwnerSuggestion>>(door)
{
    private const int MostPlaces = 200;
    private const int Most = 5;

    public override Permission Permission => Permission.ReadResources;

    protected override async Task<Result<IReadOnlyList<OwnerSuggestion>>> ReadAsync(
        SuggestOwnersRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        if (request.Selection?.Fault is { } fault)
        {
            return fault;
        }

        if (request.Selection is not null && context.Actor.Refuses(Permission.ReadIdentities, context.Now) is { } refusal)
        {
            return refusal;
        }

        var db = context.Db;
        var placeIds = request.Selection is { } selection
            ? (await selection.RowsAsync(db, context.Actor, context.Now, dialect, cancellationToken)).Select(i => i.PlaceId)
            : ResourceRows.Visible(db, context.Actor).Where(r => r.Id == request.ResourceId).Select(r => r.PlaceId);
        var paths = await db.Set<Place>().Where(p => placeIds.Contains(p.Id)).OrderBy(p => p.Path).Select(p => p.Path).Take(MostPlaces).ToListAsync(cancellationToken);

        // What lives in an environment of a repository is owned by whoever owns the repository.
        var repositories = paths.Select(p => ResourceLinks.Split(p)?.Repository ?? p).Distinct(StringComparer.Ordinal).ToArray();
        var lines = await (
            from line in ResourceRows.Visible(db, context.Actor)
            where line.Kind == ResourceKind.OwnerSuggestion && line.Presence == Presence.Present
            join place in db.Set<Place>() on line.PlaceId equals place.Id
            where place.Kind == "repository" && repositories.Contains(place.Path)
            orderby line.SortName, line.Id
            select new { line.Id, line.Facts, place.Path }).Take(2_000).ToListAsync(cancellationToken);
        var teams = await db.Set<Team>().AsNoTracking().Select(t => new TeamRef(t.Id, t.Key, t.Name)).ToListAsync(cancellationToken);
        var named = lines.SelectMany(l =>
        {
            var facts = InventoryJson.ReadFacts(l.Facts);
            return FactList.Read(facts.GetValueOrDefault("owners")).Texts().Select(owner => new Named(
                owner, l.Path, ReleaseRisks.Is(facts, "everything", "true") ? null : ReleaseRisks.Text(facts, "pattern") ?? "some files", l.Id));
        });
        return named.GroupBy(n => n.Owner, StringComparer.OrdinalIgnoreCase)
            .Select(g => (Best: g.OrderBy(n => n.Pattern is null ? 0 : 1).ThenBy(n => n.Path, StringComparer.Ordinal).First(), Places: g.Select(n => n.Path).Distinct(StringComparer.Ordinal).Count()))
            .OrderBy(s => s.Best.Pattern is null ? 0 : 1).ThenByDescending(s => s.Places).ThenBy(s => s.Best.Owner, StringComparer.Ordinal).Take(Most)
            .Select(s => new OwnerSuggestion(s.Best.Owner, TeamOf(s.Best.Owner, teams), Reason(s.Best, s.Places), s.Best.Line)).ToList();
    }

    /// <summary>"@acme/payments" is the team whose key, or whose name in the same form, is "payments". A person's handle is no team.</summary>
    internal static TeamRef? TeamOf(string owner, IReadOnlyList<TeamRef> teams) =>
        owner.StartsWith('@') && owner.IndexOf('/', StringComparison.Ordinal) is > 1 and var slash && Slug(owner[(slash + 1)..]) is { Length: > 0 } slug
            ? teams.FirstOrDefault(t => t.Key == slug) ?? teams.FirstOrDefault(t => Slug(t.Name) == slug)
            : null;

    private static string Reason(Named best, int places) => string.Create(
        CultureInfo.InvariantCulture,
        $"CODEOWNERS of {best.Path}{(places > 1 ? $" and {places - 1} more" : string.Empty)} names {best.Owner} for {best.Pattern ?? "everything"}");

    private static string Slug(string text) =>
        string.Join('-', new string([.. text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private sealed record Named(string Owner, string Path, string? Pattern, Guid Line);
}
