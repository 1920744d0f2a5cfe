using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;
using NhiGovernance.Data;

#pragma warning disable EF1001 // See SqlServerMirror.

namespace NhiGovernance.Tests.Data.SqlServer.Mirror;

/// <summary>A query of one context as a query of another: the same expression with the other's tables as its roots.</summary>
internal sealed class Rewriter(GovernanceDb db, SqlServerMirror mirror) : ExpressionVisitor
{
    protected override Expression VisitExtension(Expression node) => node switch
    {
        FromSqlQueryRootExpression => mirror.LookUps.TryGetValue(node, out var ask)
            ? ask(db).Expression
            : throw new NotSupportedException("SQL of one provider in a query: put it behind the dialect."),
        EntityQueryRootExpression root => new EntityQueryRootExpression(Provider, db.Model.FindEntityType(root.EntityType.Name)!),
        _ => base.VisitExtension(node),
    };

    protected override Expression VisitConstant(ConstantExpression node) => node.Value is IQueryable rows ? Inline(rows, node) : base.VisitConstant(node);

    protected override Expression VisitMember(MemberExpression node) =>
        IsRows(node) && !HasParameters.In(node) ? Inline(Evaluate(node), node) : base.VisitMember(node);

    protected override Expression VisitMethodCall(MethodCallExpression node) =>
        IsRows(node) && node.Method.DeclaringType is { } type && type != typeof(Queryable) && type.Namespace != typeof(DbContext).Namespace && !HasParameters.In(node)
        || node.Method.Name == nameof(DbContext.Set) && IsRows(node)
            ? Inline(Evaluate(node), node)
            : base.VisitMethodCall(node);

    private IAsyncQueryProvider Provider => (IAsyncQueryProvider)((IQueryable)db.Set<NhiGovernance.Sources.Source>()).Provider;

    private static bool IsRows(Expression node) => typeof(IQueryable).IsAssignableFrom(node.Type);

    private Expression Inline(IQueryable rows, Expression node) => ReferenceEquals(rows.Expression, node) ? node : Visit(rows.Expression);

    private static IQueryable Evaluate(Expression node) => (IQueryable)Expression.Lambda(node).Compile(preferInterpretation: true).DynamicInvoke()!;

    private sealed class HasParameters : ExpressionVisitor
    {
        private bool _found;

        public static bool In(Expression node)
        {
            var visitor = new HasParameters();
            visitor.Visit(node);
            return visitor._found;
        }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            _found = true;
            return node;
        }

        protected override Expression VisitExtension(Expression node) => node;
    }
}
