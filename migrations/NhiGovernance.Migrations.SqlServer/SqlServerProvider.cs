using Microsoft.EntityFrameworkCore;

namespace NhiGovernance.Migrations.SqlServer;

/// <summary>How a context is pointed at SQL Server 2019 or newer.</summary>
public static class SqlServerProvider
{
    public static DbContextOptionsBuilder UseSqlServerDatabase(this DbContextOptionsBuilder options, string connectionString) =>
        options.UseSqlServer(connectionString, server => server
            .MigrationsAssembly(typeof(SqlServerProvider).Assembly.GetName().Name)
            .MigrationsHistoryTable("schema_migrations")
            .UseCompatibilityLevel(150));
}
