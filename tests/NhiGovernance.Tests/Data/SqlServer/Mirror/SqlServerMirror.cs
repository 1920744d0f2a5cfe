using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Data;
using NhiGovernance.Web.Hosting.Database;

#pragma warning disable EF1001 // The compiler of queries is the one place that sees every query of a context before its provider does.

namespace NhiGovernance.Tests.Data.SqlServer.Mirror;

/// <summary>
/// An engine works on PostgreSQL, and whatever it asks or writes there goes through the SQL Server provider too, onto a connection
/// with no server behind it. So a poll or a job runs to its end on real rows, and each statement that SQL Server would have been sent
/// is kept, to be parsed. Parsed, never executed.
/// </summary>
internal sealed class SqlServerMirror
{
    private static readonly MethodInfo Execute = typeof(IQueryCompiler).GetMethod(nameof(IQueryCompiler.Execute))!;

    private readonly ConcurrentBag<string> _statements = [];
    private readonly ConcurrentDictionary<string, byte> _senders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _staged = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _untold = [];

    /// <summary>What SQL Server's dialect would have asked for, by the expression that PostgreSQL's made.</summary>
    public ConditionalWeakTable<Expression, Func<GovernanceDb, IQueryable>> LookUps { get; } = [];

    public IReadOnlySet<string> Statements => _statements.ToHashSet(StringComparer.Ordinal);

    /// <summary>The engine's methods that sent something, as <see cref="Senders"/> names them.</summary>
    public IReadOnlySet<string> SentBy => _senders.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>What SQL Server's provider could not say.</summary>
    public IReadOnlyCollection<string> Untold => _untold;

    /// <summary>Puts the mirror behind every context and the dialect of an engine.</summary>
    public void Use(IServiceCollection services)
    {
        services.RemoveAll<IDbContextFactory<GovernanceDb>>();
        services.AddSingleton(this);
        services.AddSingleton<IDbContextFactory<GovernanceDb>, Contexts>();
        var dialect = (IDialect)services.Last(s => s.ServiceType == typeof(IDialect)).ImplementationInstance!;
        services.Replace(ServiceDescriptor.Singleton<IDialect>(new MirroringDialect(dialect, this)));
    }

    public GovernanceDb Open() => new(new DbContextOptionsBuilder<GovernanceDb>()
        .UseSqlServer(new RecordingConnection(_statements), s => s.UseCompatibilityLevel(150)).Options);

    /// <summary>Sends a query of the other provider to SQL Server.</summary>
    public void Send(Expression query, Type result)
    {
        Note();
        using var db = Open();
        try
        {
            var told = new Rewriter(db, this).Visit(query);
            var answer = Execute.MakeGenericMethod(Sync(result)).Invoke(db.GetService<IQueryCompiler>(), [told]);
            foreach (var _ in answer is System.Collections.IEnumerable rows and not string ? rows : Array.Empty<object>())
            {
                throw new InvalidOperationException("A connection without a server had a row.");
            }
        }
        catch (TargetInvocationException thrown) when (thrown.InnerException is InvalidOperationException { Message: var message } && message.Contains("no elements", StringComparison.Ordinal))
        {
            // First and Single of nothing: the statement was sent.
        }
        catch (Exception error)
        {
            _untold.Add($"{Senders.Current()}: {(error.InnerException ?? error).Message}");
        }
    }

    /// <summary>SQL that the engine wrote itself, for both databases.</summary>
    public void Send(string sql)
    {
        Note();
        _statements.Add(_staged.Aggregate(sql, (text, names) => text.Replace(names.Key, names.Value, StringComparison.Ordinal)));
    }

    public void Note()
    {
        if (Senders.Current() is { } sender)
        {
            _senders.TryAdd(sender, 0);
        }
    }

    public void Staged(string here, string there) => _staged[here] = there;

    private static Type Sync(Type result) =>
        result is { IsGenericType: true } && result.GetGenericTypeDefinition() is var kind && kind == typeof(Task<>) ? result.GetGenericArguments()[0]
        : result is { IsGenericType: true } && result.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>) ? typeof(IEnumerable<>).MakeGenericType(result.GetGenericArguments())
        : result;

    private sealed class Contexts(DatabaseConnection database, SqlServerMirror mirror, IServiceProvider services) : IDbContextFactory<GovernanceDb>
    {
        private readonly DbContextOptions<GovernanceDb> _options = Options(database, mirror, services);

        public GovernanceDb CreateDbContext() => new(_options);

        private static DbContextOptions<GovernanceDb> Options(DatabaseConnection database, SqlServerMirror mirror, IServiceProvider services)
        {
            var options = new DbContextOptionsBuilder<GovernanceDb>();
            database.Use(options, database.Serving);
            options.UseApplicationServiceProvider(services);
            options.ReplaceService<IQueryCompiler, MirroringCompiler>();
            options.AddInterceptors(new MirroringSaves(mirror), new MirroringCommands(mirror));
            return options.Options;
        }
    }
}
