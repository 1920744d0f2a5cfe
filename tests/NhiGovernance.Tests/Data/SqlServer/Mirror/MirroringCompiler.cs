using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

#pragma warning disable EF1001 // See SqlServerMirror.

namespace NhiGovernance.Tests.Data.SqlServer.Mirror;

/// <summary>Shows every query to the mirror before it is run.</summary>
internal sealed class MirroringCompiler(
    IQueryContextFactory queryContextFactory, ICompiledQueryCache compiledQueryCache, ICompiledQueryCacheKeyGenerator compiledQueryCacheKeyGenerator,
    IDatabase database, IDiagnosticsLogger<Microsoft.EntityFrameworkCore.DbLoggerCategory.Query> logger, ICurrentDbContext currentContext,
    IEvaluatableExpressionFilter evaluatableExpressionFilter, IModel model)
    : QueryCompiler(queryContextFactory, compiledQueryCache, compiledQueryCacheKeyGenerator, database, logger, currentContext, evaluatableExpressionFilter, model)
{
    private readonly SqlServerMirror _mirror = currentContext.Context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()!
        .ApplicationServiceProvider!.GetRequiredService<SqlServerMirror>();

    public override TResult Execute<TResult>(Expression query)
    {
        _mirror.Send(query, typeof(TResult));
        return base.Execute<TResult>(query);
    }

    public override TResult ExecuteAsync<TResult>(Expression query, CancellationToken cancellationToken = default)
    {
        _mirror.Send(query, typeof(TResult));
        return base.ExecuteAsync<TResult>(query, cancellationToken);
    }
}
