using Microsoft.EntityFrameworkCore;

namespace NhiGovernance.Migrations.PostgreSql;

/// <summary>How a context is pointed at PostgreSQL 15 or newer.</summary>
public static class PostgreSqlProvider
{
    public static DbContextOptionsBuilder UsePostgreSql(this DbContextOptionsBuilder options, string connectionString) =>
        options.UseNpgsql(connectionString, npgsql => npgsql
            .MigrationsAssembly(typeof(PostgreSqlProvider).Assembly.GetName().Name)
            .MigrationsHistoryTable("schema_migrations")
            .SetPostgresVersion(15, 0));
}
