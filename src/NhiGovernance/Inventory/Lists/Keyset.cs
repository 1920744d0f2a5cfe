using System.Linq.Expressions;

namespace NhiGovernance.Inventory.Lists;

/// <summary>Pages by "after this key and id", which an index on (key, id) answers at any depth.</summary>
internal static class Keyset
{
    /// <summary>Orders by key, then id, and starts after the given pair (null: at the start).</summary>
    public static IQueryable<T> Page<T, TKey>(
        IQueryable<T> rows, Expression<Func<T, TKey>> key, Expression<Func<T, Guid>> id, bool descending, (TKey Key, Guid Id)? after)
    {
        if (after is { } from)
        {
            rows = rows.Where(After(key, id, descending, from.Key, from.Id));
        }

        return descending ? rows.OrderByDescending(key).ThenByDescending(id) : rows.OrderBy(key).ThenBy(id);
    }

    // "key >= k AND (key > k OR id > i)": the first half is what an index range can use on every database.
    private static Expression<Func<T, bool>> After<T, TKey>(
        Expression<Func<T, TKey>> key, Expression<Func<T, Guid>> id, bool descending, TKey fromKey, Guid fromId)
    {
        var row = key.Parameters[0];
        var idBody = new Swap(id.Parameters[0], row).Visit(id.Body);
        var (k, i) = (Parameter(fromKey), Parameter(fromId));
        var reaches = Compare(key.Body, k, descending, orEqual: true);
        var passes = Compare(key.Body, k, descending, orEqual: false);
        var beyond = descending ? Expression.LessThan(idBody, i) : Expression.GreaterThan(idBody, i);
        return Expression.Lambda<Func<T, bool>>(Expression.AndAlso(reaches, Expression.OrElse(passes, beyond)), row);
    }

    private static BinaryExpression Compare(Expression left, Expression right, bool descending, bool orEqual)
    {
        if (left.Type == typeof(string))
        {
            var compare = typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!;
            (left, right) = (Expression.Call(compare, left, right), Expression.Constant(0));
        }

        return (descending, orEqual) switch
        {
            (false, false) => Expression.GreaterThan(left, right),
            (false, true) => Expression.GreaterThanOrEqual(left, right),
            (true, false) => Expression.LessThan(left, right),
            (true, true) => Expression.LessThanOrEqual(left, right),
        };
    }

    // A captured field becomes a SQL parameter, so that one plan serves every page.
    private static MemberExpression Parameter<TValue>(TValue value) =>
        Expression.Property(Expression.Constant(new Box<TValue>(value)), nameof(Box<TValue>.Value));

    private sealed record Box<TValue>(TValue Value);

    private sealed class Swap(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
