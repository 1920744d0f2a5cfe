using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <param name="IdentityId">Only those of one identity.</param>
/// <param name="Kinds">Of <see cref="CredentialKind"/>.</param>
/// <param name="Expires">As in <see cref="IdentityFilter.Expires"/>.</param>
/// <param name="LastUsed">As in <see cref="IdentityFilter.LastUsed"/>, of the credential itself.</param>
/// <param name="States">Of <see cref="Presence"/>; any leaves out retired ones, unless one identity is asked for.</param>
/// <param name="Of">
/// Whose they are: source, team, product, service and environment of the identity. Its other parts are not asked for.
/// </param>
public sealed record ListCredentialsRequest(
    Guid? IdentityId = null, IReadOnlyList<CredentialKind>? Kinds = null, TimeFilter Expires = default, string? Text = null,
    string? Cursor = null, int Limit = 50, TimeFilter LastUsed = default, Choice? States = null, IdentityFilter? Of = null);

/// <summary>
/// Credentials of the identities that the actor may see, soonest to expire first; those with no known end last. Retired ones are
/// left out unless one identity is asked for.
/// </summary>
public sealed class ListCredentials(QueryDoor door, IDialect dialect) : Query<ListCredentialsRequest, Page<CredentialRow>>(door)
{
    private const string Order = "credentials";

    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<Page<CredentialRow>>> ReadAsync(
        ListCredentialsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var rows = await MatchingAsync(request, context, cancellationToken);
        var limit = Math.Clamp(request.Limit, 1, ListIdentities.MaxLimit);
        var count = await Counting.BoundedAsync(rows, cancellationToken);
        var after = Cursor.Parse(request.Cursor, Order);
        var page = new List<Credential>(limit + 1);
        if (after is null or { Segment: "dated" })
        {
            var dated = Keyset.Page(rows.Where(c => c.ExpiresAt != null), c => c.ExpiresAt, c => c.Id, descending: false, From(after));
            page.AddRange(await dated.Take(limit + 1).ToListAsync(cancellationToken));
        }

        if (page.Count <= limit)
        {
            var rest = rows.Where(c => c.ExpiresAt == null);
            rest = after is { Segment: "rest" } ? rest.Where(c => c.Id > after.Id) : rest;
            page.AddRange(await rest.OrderBy(c => c.Id).Take(limit + 1 - page.Count).ToListAsync(cancellationToken));
        }

        string? next = null;
        if (page.Count > limit)
        {
            page.RemoveAt(limit);
            var last = page[^1];
            next = new Cursor(
                Order, last.ExpiresAt is null ? "rest" : "dated", last.ExpiresAt?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? string.Empty, last.Id).ToString();
        }

        return new Page<CredentialRow>(await CredentialRowReader.ReadAsync(context.Db, page, cancellationToken), next, count);
    }

    internal static IQueryable<Credential> Visible(QueryContext context)
    {
        var rows = context.Db.Set<Credential>().AsNoTracking();
        if (context.Actor.SeesAll)
        {
            return rows;
        }

        var visible = IdentityRows.Visible(context.Db, context.Actor);
        return rows.Where(c => visible.Any(i => i.Id == c.IdentityId));
    }

    private async Task<IQueryable<Credential>> MatchingAsync(ListCredentialsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var rows = Visible(context);
        if (request.IdentityId is { } identity)
        {
            rows = rows.Where(c => c.IdentityId == identity);
        }

        if (request.IdentityId is null || request.States is { IsAny: false })
        {
            var states = request.States ?? Choice.Any;
            var admitted = Enum.GetValues<Presence>()
                .Where(p => states.Admits(p.ToString()) && (p != Presence.Retired || states.Only.Contains(p.ToString()))).ToArray();
            rows = rows.Where(c => admitted.Contains(c.Presence));
        }

        var of = request.Of is { } filter ? filter.Belonging() with { Sources = filter.Sources } : IdentityFilter.All;
        if (!of.IsAll)
        {
            var owners = await IdentityRows.MatchingAsync(
                context.Db, context.Actor, of with { States = Choice.Of(Enum.GetNames<Presence>()) }, context.Now, dialect, cancellationToken);
            rows = rows.Where(c => owners.Any(i => i.Id == c.IdentityId));
        }

        rows = LastUsed(rows, request.LastUsed, context.Now);
        if (request.Kinds is { Count: > 0 } kinds)
        {
            rows = rows.Where(c => kinds.Contains(c.Kind));
        }

        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var text = request.Text.Trim().Replace("\0", string.Empty, StringComparison.Ordinal);
#pragma warning disable CA1304, CA1311 // Translated to SQL; the text index is over these lower-case names.
            rows = dialect.WhereContains(rows, c => c.Name.ToLower(), text);
#pragma warning restore CA1304, CA1311
        }

        var (now, until) = (context.Now, context.Now.AddDays(request.Expires.Days));
        var date = new DateTimeOffset((request.Expires.Date ?? DateOnly.MinValue).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return request.Expires.Test switch
        {
            TimeTest.Before => rows.Where(c => c.ExpiresAt < date),
            TimeTest.After => rows.Where(c => c.ExpiresAt >= date),
            TimeTest.Within => rows.Where(c => c.ExpiresAt >= now && c.ExpiresAt < until),
            TimeTest.NotWithin => rows.Where(c => c.ExpiresAt >= until),
            TimeTest.Past => rows.Where(c => c.ExpiresAt < now),
            TimeTest.Never => rows.Where(c => c.ExpiresState == Knowledge.Never),
            TimeTest.Unknown => rows.Where(c => c.ExpiresAt == null && c.ExpiresState != Knowledge.Never),
            _ => rows,
        };
    }

    private static IQueryable<Credential> LastUsed(IQueryable<Credential> rows, TimeFilter filter, DateTimeOffset now)
    {
        var (date, since) = (new DateTimeOffset((filter.Date ?? DateOnly.MinValue).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), now.AddDays(-filter.Days));
        return filter.Test switch
        {
            TimeTest.Before => rows.Where(c => c.LastUsedAt < date),
            TimeTest.After => rows.Where(c => c.LastUsedAt >= date),
            TimeTest.Within => rows.Where(c => c.LastUsedAt >= since),
            TimeTest.NotWithin => rows.Where(c => c.LastUsedAt < since || c.LastUsedState == Knowledge.Never),
            TimeTest.Past => rows.Where(c => c.LastUsedAt != null),
            TimeTest.Never => rows.Where(c => c.LastUsedState == Knowledge.Never),
            TimeTest.Unknown => rows.Where(c => c.LastUsedAt == null && c.LastUsedState != Knowledge.Never),
            _ => rows,
        };
    }

    private static (DateTimeOffset? Key, Guid Id)? From(Cursor? after) =>
        after is not null && long.TryParse(after.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), after.Id)
            : null;
}
