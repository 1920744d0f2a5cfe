using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Access;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>
/// Every use case runs against the SQL Server provider with no server behind it, and every statement that it sent is parsed as
/// T-SQL: bare, full and valid requests, with rows and without, seeing all and seeing one team. Parsed, never executed.
/// </summary>
public sealed class UseCaseStatementTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>These answer from memory or from the request alone.</summary>
    private static readonly Type[] WithoutStatements = [typeof(DescribeMyself), typeof(NhiGovernance.Sources.Manage.ListConnectors)];

    public static TheoryData<Type> All => [.. UseCases.All];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Run_AgainstSqlServer_SendsStatementsThatParse(Type useCase)
    {
        var statements = new ConcurrentBag<string>();
        var ends = new SortedSet<string>(StringComparer.Ordinal);
        var request = UseCases.RequestOf(useCase);
        List<object?> requests = [MadeUpRequest.Of(request, full: false), MadeUpRequest.Of(request, full: true)];
        if (useCase == typeof(PeekSignInLink))
        {
            requests.Add(new PeekSignInLinkRequest(OneTimeSecret.Make().Secret));
        }

        if (SampleSet.All.Find(useCase) is { } sample)
        {
            // One that is valid in every field, made as for the tests on PostgreSQL.
            await using var sampled = database.CreateEngine(SampleServices, Keys);
            await using var db = await database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
            requests.Add(await sample(new SampleContext(sampled, db)));
        }

        var real = new RealRows(database);
        foreach (var (answers, exists, rows) in ((bool, bool, RealRows?)[])[(false, false, null), (true, false, null), (true, true, null), (true, false, real), (true, true, real)])
        {
            await using var engine = database.CreateEngine(services => UseRecordings(services, statements, answers, exists, rows), Keys);
            foreach (var one in requests)
            {
                foreach (var role in (Role[])[Role.Anyone, Role.Owner, Role.Admin])
                {
                    engine.Actor.Be(role);
                    ends.Add(await RunAsync(engine, useCase, one));
                }

                engine.Actor.BeSystem("test");
                ends.Add(await RunAsync(engine, useCase, one));
            }
        }

        var distinct = statements.Distinct(StringComparer.Ordinal).ToList();
        TestContext.Current.TestOutputHelper!.WriteLine($"{useCase.Name}: {statements.Count} statements, {distinct.Count} different. Ended by: {string.Join("; ", ends)}");
        distinct.ShouldAllBe(s => Parses(s));
        ends.ShouldContain("result", $"It ended by: {string.Join("; ", ends)}. Give it a sample that carries it to its end.");
        if (WithoutStatements.Contains(useCase))
        {
            distinct.ShouldBeEmpty("It asks the database after all: take it off the list.");
        }
        else
        {
            distinct.Count.ShouldBeGreaterThan(0, $"No statement of {useCase.Name} was seen. It ended by: {string.Join("; ", ends)}");
        }
    }

    [Fact]
    public async Task Save_EveryEntity_SendsStatementsThatParse()
    {
        var statements = new ConcurrentBag<string>();
        await using var connection = new RecordingConnection(statements);
        var options = new DbContextOptionsBuilder<GovernanceDb>().UseSqlServer(connection, s => s.UseCompatibilityLevel(150)).Options;
        await using var model = new GovernanceDb(options);
        foreach (var entity in model.Model.GetEntityTypes().Select(e => e.ClrType).Distinct())
        {
            foreach (var state in (EntityState[])[EntityState.Added, EntityState.Modified, EntityState.Deleted])
            {
                await using var db = new GovernanceDb(options);
                var row = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(entity);
                Fill(row);
                db.Entry(row).State = state;
                try
                {
                    await db.SaveChangesAsync(TestContext.Current.CancellationToken);
                }
                catch (DbUpdateException)
                {
                    // No server, so no row was affected; the statement is what counts.
                }
            }
        }

        statements.Count.ShouldBeGreaterThan(40);
        statements.Distinct(StringComparer.Ordinal).ShouldAllBe(s => Parses(s));
    }

    /// <summary>What the sample sealed opens here too.</summary>
    private Dictionary<string, string?> Keys => new() { ["Keys:Folder"] = NhiGovernance.Tests.Sources.SourceWorld.KeysOf(database) };

    /// <summary>How the run ended: what it had sent by then is kept and parsed.</summary>
    private static async Task<string> RunAsync(TestEngine engine, Type useCase, object? request)
    {
        await using var scope = engine.Get<IServiceScopeFactory>().CreateAsyncScope();
        var instance = scope.ServiceProvider.GetRequiredService(useCase);
        try
        {
            return await UseCases.DrainAsync(instance, request) is { } error ? error.GetType().Name : "result";
        }
        catch (Exception error) when (!error.Message.Contains("could not be translated", StringComparison.Ordinal)
            && !error.Message.Contains(nameof(RelationalEventId.MultipleCollectionIncludeWarning), StringComparison.Ordinal))
        {
            return error.GetType().Name;
        }
    }

    private static void SampleServices(IServiceCollection services)
    {
        foreach (var slice in SampleSet.Slices)
        {
            slice.AddServices(services);
        }
    }

    private static void UseRecordings(IServiceCollection services, ConcurrentBag<string> statements, bool answers, bool exists, RealRows? real)
    {
        SampleServices(services);
        services.RemoveAll<IDbContextFactory<GovernanceDb>>();
        services.RemoveAll<IDialect>();
        services.AddSingleton<IDialect, UnloadedDialect>();
        services.AddSingleton<IDbContextFactory<GovernanceDb>>(new Recordings(statements, answers, exists, real));
    }

    private static void Fill(object row)
    {
        foreach (var property in row.GetType().GetProperties().Where(p => p.CanWrite && p.GetValue(row) is null))
        {
            if (property.PropertyType == typeof(string) || property.PropertyType == typeof(byte[]))
            {
                property.SetValue(row, property.PropertyType == typeof(string) ? "a" : new byte[1]);
            }
        }
    }

    private static bool Parses(string statement)
    {
        TransactSql.ShouldParse(statement);
        return true;
    }

    private sealed class Recordings(ConcurrentBag<string> statements, bool answers, bool exists, RealRows? real) : IDbContextFactory<GovernanceDb>
    {
        public GovernanceDb CreateDbContext() => new(new DbContextOptionsBuilder<GovernanceDb>()
            .UseSqlServer(new RecordingConnection(statements, answers, exists, real), s => s.UseCompatibilityLevel(150))
            .ConfigureWarnings(w => w.Throw(RelationalEventId.MultipleCollectionIncludeWarning)).Options);
    }
}
