using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using Npgsql;

namespace NhiGovernance.Benchmarks;

/// <summary>Forty teams, ten products and two hundred services, and 20,000 repositories that are mapped to them.</summary>
internal static class MadeCatalogue
{
    /// <summary>Returns the environment that every sixth place belongs to.</summary>
    public static async Task<Guid> AddAsync(GovernanceDb db)
    {
        var teams = Enumerable.Range(0, 40).Select(i => new Team { Id = Ids.New(TimeProvider.System), Key = $"team-{i}", Name = $"Team {i}" }).ToArray();
        var products = Enumerable.Range(0, 10).Select(i => new Product { Id = Ids.New(TimeProvider.System), Key = $"product-{i}", Name = $"Product {i}" }).ToArray();
        var services = Enumerable.Range(0, 200).Select(i => new Service
        {
            Id = Ids.New(TimeProvider.System), Key = $"service-{i}", Name = $"Service {i}", TeamId = teams[i % 40].Id, ProductId = products[i % 10].Id,
        }).ToArray();
        var environment = new ReleaseEnvironment
        {
            Id = Ids.New(TimeProvider.System), Key = "prod", Name = "Production", Kind = EnvironmentKind.Production, Tier = EnvironmentTier.Tier1, DataClass = DataClass.Confidential,
        };
        db.AddRange(teams);
        db.AddRange(products);
        db.AddRange(services);
        db.Add(environment);
        await db.SaveChangesAsync();
        return environment.Id;
    }

    /// <summary>Makes the places, and leaves them numbered from 1 in the temporary table p, each with its team.</summary>
    public static async Task MapPlacesAsync(NpgsqlConnection connection, Guid environment)
    {
        await ExecuteAsync(connection, "INSERT INTO places (id, kind, path, first_seen_at) SELECT uuidv7(), 'repository', 'seed/' || n, now() FROM generate_series(1, 20000) n");
        await ExecuteAsync(connection, """
            CREATE TEMP TABLE p AS
            SELECT numbered.id, numbered.n, s.id AS service_id, s.team_id
            FROM (SELECT id, row_number() OVER (ORDER BY path) AS n FROM places) numbered
            LEFT JOIN (SELECT id, team_id, row_number() OVER (ORDER BY key) AS n FROM services) s ON s.n = numbered.n % 260
            """);
        await ExecuteAsync(connection, "UPDATE places SET service_id = p.service_id, team_id = p.team_id FROM p WHERE p.id = places.id AND p.service_id IS NOT NULL");
        await ExecuteAsync(connection, $"INSERT INTO place_environments SELECT id, '{environment}' FROM p WHERE n % 6 = 0");
        await ExecuteAsync(connection, "ANALYZE p");
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 1_800 };
        await command.ExecuteNonQueryAsync();
    }
}
