using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Audit;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Audit;

/// <summary>No audit record, no mutation: every command there is, found by reflection, with a request that would succeed.</summary>
public sealed class NoAuditNoMutationTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Dictionary<string, string?> Settings = new() { ["Access:PasswordIterations"] = "1000" };

    public static TheoryData<Type> Commands => [.. UseCases.All.Where(UseCases.IsCommand)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Run_AuditLogAway_LeavesTheDatabaseAsItWas(Type command)
    {
        var prepare = SampleSet.All.Find(command);
        prepare.ShouldNotBeNull($"{command.Name} has no sample. Add one in tests/NhiGovernance.Tests/Samples/<Slice>Samples.cs.");
        var failing = new FailingAuditTrail();
        await using var working = database.CreateEngine(Fakes, Settings);
        await using var db = await database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);

        // The preparation may run commands of its own; only the command itself meets the log that is away.
        working.Actor.BeSystem("test");
        var useCase = (IUseCase)working.Services.GetRequiredService(command);
        if (useCase.Permission.Roles != Role.None)
        {
            working.Actor.Be(Role.Anyone);
        }

        var request = await prepare(new SampleContext(working, db));
        await using var engine = database.CreateEngine(
            services =>
            {
                Fakes(services);
                services.Replace(ServiceDescriptor.Singleton<IAuditTrail>(failing));
                Share(services, working);
            },
            Settings);
        var before = await SnapshotAsync();

        NhiGovernance.Common.Error? refusal = null;
        var thrown = await Record.ExceptionAsync(async () => refusal = await UseCases.RunAsync(engine.Services.GetRequiredService(command), request));

        thrown.ShouldNotBeNull($"The sample was refused before the log was asked: {refusal?.Message}");
        thrown.Message.ShouldBe(FailingAuditTrail.Message);
        (await SnapshotAsync()).ShouldBe(before);

        // The same request does succeed when the log is there, and leaves an entry: else the first half proved nothing.
        var entries = await db.Set<AuditEntry>().CountAsync(TestContext.Current.CancellationToken);
        (await UseCases.RunAsync(working.Services.GetRequiredService(command), request)).ShouldBeNull();
        (await db.Set<AuditEntry>().CountAsync(TestContext.Current.CancellationToken)).ShouldBeGreaterThan(entries);
    }

    private static void Fakes(IServiceCollection services)
    {
        foreach (var slice in SampleSet.Slices)
        {
            slice.AddServices(services);
        }
    }

    /// <summary>The same keys, clock and actor as the engine that prepared.</summary>
    private static void Share(IServiceCollection services, TestEngine working)
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(working.Clock));
        services.Replace(ServiceDescriptor.Singleton<ICurrentActor>(working.Actor));
        services.Replace(ServiceDescriptor.Singleton<IActors>(working.Actor));
        services.Replace(ServiceDescriptor.Singleton(working.Get<IKeyRing>()));
    }

    /// <summary>Every row of every table, digested.</summary>
    private async Task<string> SnapshotAsync()
    {
        await using var db = database.OpenAsOwner();
        var tables = db.Model.GetEntityTypes().Select(e => e.GetTableName()!).Distinct().Order(StringComparer.Ordinal);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = string.Join(" UNION ALL ", tables.Select(t =>
            $"SELECT '{t} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {t} t"));
        await db.Database.OpenConnectionAsync();
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
