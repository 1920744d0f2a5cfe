using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Filtering;

/// <summary>The credentials that an actor may see and a filter asks for, as SQL.</summary>
internal static class CredentialRows
{
    public static IQueryable<Credential> Visible(QueryContext context)
    {
        var rows = context.Db.Set<Credential>().AsNoTracking();
        if (context.Actor.SeesAll)
        {
            return rows;
        }

        var visible = IdentityRows.Visible(context.Db, context.Actor);
        return rows.Where(c => visible.Any(i => i.Id == c.IdentityId));
    }

    public static async Task<IQueryable<Credential>> MatchingAsync(
        QueryContext context, CredentialFilter filter, IDialect dialect, CancellationToken cancellationToken)
    {
        var rows = Visible(context);
        if (filter.IdentityId is { } identity)
        {
            rows = rows.Where(c => c.IdentityId == identity);
        }

        if (filter.IdentityId is null || !filter.States.IsAny)
        {
            var admitted = Enum.GetValues<Presence>()
                .Where(p => filter.States.Admits(p.ToString()) && (p != Presence.Retired || filter.States.Only.Contains(p.ToString()))).ToArray();
            rows = rows.Where(c => admitted.Contains(c.Presence));
        }

        if (!filter.Of.IsAll)
        {
            var owners = await IdentityRows.MatchingAsync(
                context.Db, context.Actor, filter.Of with { States = Choice.Of(Enum.GetNames<Presence>()) }, context.Now, dialect, cancellationToken);
            rows = rows.Where(c => owners.Any(i => i.Id == c.IdentityId));
        }

        if (!filter.Kinds.IsAny)
        {
            var kinds = Enum.GetValues<CredentialKind>().Where(k => filter.Kinds.Admits(k.ToString())).ToArray();
            rows = rows.Where(c => kinds.Contains(c.Kind));
        }

        if (filter.Text.Length > 0)
        {
#pragma warning disable CA1304, CA1311 // Translated to SQL; the text index is over these lower-case names.
            rows = dialect.WhereContains(rows, c => c.Name.ToLower(), filter.Text);
#pragma warning restore CA1304, CA1311
        }

        return Expires(LastUsed(rows, filter.LastUsed, context.Now), filter.Expires, context.Now);
    }

    private static IQueryable<Credential> Expires(IQueryable<Credential> rows, TimeFilter filter, DateTimeOffset now)
    {
        var (date, until) = (Start(filter), now.AddDays(filter.Days));
        return filter.Test switch
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
        var (date, since) = (Start(filter), now.AddDays(-filter.Days));
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

    private static DateTimeOffset Start(TimeFilter filter) => new((filter.Date ?? DateOnly.MinValue).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
