using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>
/// Every use case runs against the SQL Server provider with no server behind it, and every statement that it sent is parsed as
/// T-SQL: bare and full requests, seeing all and seeing one team. Parsed, never executed.
/// </summary>
public sealed class UseCaseStatementTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public static TheoryData<Type> All => [.. UseCases.All];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Run_AgainstSqlServer_SendsStatementsThatParse(Type useCase)
    {
        var statements = new ConcurrentBag<string>();
        foreach (var answers in (bool[])[false, true])
        {
            await using var engine = database.CreateEngine(services => UseRecordings(services, statements, answers));
            foreach (var full in (bool[])[false, true])
            {
                foreach (var role in (Role[])[Role.Anyone, Role.Owner])
                {
                    engine.Actor.Be(role);
                    await RunAsync(engine, useCase, full);
                }
            }

            engine.Actor.BeSystem("test");
            await RunAsync(engine, useCase, full: true);
        }

        statements.Distinct(StringComparer.Ordinal).ShouldAllBe(s => Parses(s));
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

    private static async Task RunAsync(TestEngine engine, Type useCase, bool full)
    {
        await using var scope = engine.Get<IServiceScopeFactory>().CreateAsyncScope();
        var instance = scope.ServiceProvider.GetRequiredService(useCase);
        try
        {
            await UseCases.DrainAsync(instance, MadeUpRequest.Of(UseCases.RequestOf(useCase), full));
        }
        catch (Exception error) when (!error.Message.Contains("could not be translated", StringComparison.Ordinal))
        {
            // No rows, or a made-up one, end some use cases early. What they had sent by then is kept and parsed.
        }
    }

    private static void UseRecordings(IServiceCollection services, ConcurrentBag<string> statements, bool answers)
    {
        foreach (var slice in SampleSet.Slices)
        {
            slice.AddServices(services);
        }

        services.RemoveAll<IDbContextFactory<GovernanceDb>>();
        services.RemoveAll<IDialect>();
        services.AddSingleton<IDialect, UnloadedDialect>();
        services.AddSingleton<IDbContextFactory<GovernanceDb>>(new Recordings(statements, answers));
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

    private sealed class Recordings(ConcurrentBag<string> statements, bool answers) : IDbContextFactory<GovernanceDb>
    {
        public GovernanceDb CreateDbContext() => new(new DbContextOptionsBuilder<GovernanceDb>()
            .UseSqlServer(new RecordingConnection(statements, answers), s => s.UseCompatibilityLevel(150)).Options);
    }
}
