using Microsoft.EntityFrameworkCore;
using Npgsql;
using NhiGovernance.Web.Hosting.Database;
using Quartz;

namespace NhiGovernance.Web.Jobs;

/// <summary>Quartz's store: tables with their own prefix in the product's database.</summary>
internal static class QuartzStore
{
    public const string Prefix = "qrtz_";

    public static void Use(IQuartzBuilder quartz, DatabaseConnection database, string connectionString, bool provision) =>
        quartz.UsePersistentStore(store =>
        {
            store.ConfigureStore(options => options.TablePrefix = Prefix);
            switch (database.Provider)
            {
                case DatabaseProvider.PostgreSql:
                    store.UsePostgres(NpgsqlFactory.Instance, connectionString);
                    break;
                case DatabaseProvider.SqlServer:
                    store.UseSqlServer(connectionString);
                    break;
                default:
                    throw new InvalidOperationException($"No schedule store for {database.Provider}.");
            }

            if (provision)
            {
                store.ProvisionSchema();
            }
            else
            {
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = TimeSpan.FromSeconds(10);
                    cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(20);
                });
            }
        });
}

/// <summary>Makes the store's tables as the database's owner; the role that serves could not.</summary>
internal sealed class QuartzTables : IOwnerStep
{
    public async Task RunAsync(DatabaseConnection database, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsOwner();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await database.CreateDialect().LockAsync(db, "quartz-tables", cancellationToken);
        var there = await db.Database.SqlQueryRaw<int>(
            "SELECT COUNT(*) AS \"Value\" FROM information_schema.tables WHERE LOWER(table_name) = 'qrtz_locks'").SingleAsync(cancellationToken);
        if (there == 0)
        {
            // Under a name of its own, so that it takes up nobody's triggers.
            var scheduler = await QuartzSchedulerBuilder.Create(quartz =>
            {
                quartz.ConfigureScheduler(options => (options.InstanceName, options.InstanceId) = ("nhi-provision", "provision"));
                quartz.UseDefaultThreadPool(1);
                QuartzStore.Use(quartz, database, database.Owner, provision: true);
            }).BuildScheduler(cancellationToken);
            await scheduler.Start(cancellationToken);
            await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
