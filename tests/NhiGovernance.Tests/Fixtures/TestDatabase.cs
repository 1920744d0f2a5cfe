using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Data;
using NhiGovernance.Web.Hosting.Database;

namespace NhiGovernance.Tests.Fixtures;

/// <summary>
/// A real database for one test class. A class uses it like this:
/// <code>
/// public sealed class ListTeamsTests(TestDatabase database) : IClassFixture&lt;TestDatabase&gt;
/// {
///     [Fact]
///     public async Task Run_AsAdmin_ListsAll()
///     {
///         await using var engine = database.CreateEngine();       // every engine slice, on this database
///         engine.Actor.Be(Role.Admin);                            // or BeToken("teams:read"), BeSystem("poll"), BeNobody()
///         var result = await engine.Get&lt;ListTeams&gt;().RunAsync(new(...), TestContext.Current.CancellationToken);
///     }
/// }
/// </code>
/// The tests of a class run one after another and share the database; classes run side by side, each on its own.
/// </summary>
public sealed class TestDatabase(PostgresServer server) : IAsyncLifetime
{
    private ServiceProvider? _bare;

    public DatabaseConnection Connection { get; private set; } = null!;

    /// <summary>The key-encryption keys of everything that works on this database, as in an installation with several processes.</summary>
    public string KeyFolder { get; } = Directory.CreateTempSubdirectory("nhi-keys-").FullName;

    /// <summary>Contexts of the serving role, <c>nhi_app</c>.</summary>
    public IDbContextFactory<GovernanceDb> Contexts => _bare!.GetRequiredService<IDbContextFactory<GovernanceDb>>();

    public IDialect Dialect => _bare!.GetRequiredService<IDialect>();

    /// <summary>A context of the role that owns the tables, for what the serving role may not do.</summary>
    public GovernanceDb OpenAsOwner() => Connection.OpenAsOwner();

    /// <summary>The engine with all its slices. <paramref name="configure"/> replaces services; <paramref name="settings"/> are configuration.</summary>
    /// <param name="realActors">True: actors are loaded from the database, as in production; false: a test says who acts.</param>
    public TestEngine CreateEngine(
        Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string?>? settings = null, bool realActors = false) =>
        new(Connection, KeyFolder, configure, settings, realActors);

    public async ValueTask InitializeAsync()
    {
        Connection = await server.CreateDatabaseAsync();
        var services = new ServiceCollection();
        services.AddSingleton(Connection.CreateDialect());
        services.AddPooledDbContextFactory<GovernanceDb>(options => Connection.Use(options, Connection.Serving));
        _bare = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        if (_bare is not null)
        {
            await _bare.DisposeAsync();
            await server.DropDatabaseAsync(Connection);
        }

        Directory.Delete(KeyFolder, recursive: true);
    }
}
