using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace NhiGovernance.Web.Hosting.Database;

/// <summary>Brings a database to the newest schema and gives the serving role what it needs, and no more.</summary>
public static class DatabaseSetup
{
    /// <summary>Safe to run on several machines at once: the provider takes a lock. Returns the migrations that were applied.</summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(DatabaseConnection database, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsOwner();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(30));
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            await db.Database.MigrateAsync(cancellationToken);
        }

        foreach (var step in Composition.Find<IOwnerStep>(typeof(DatabaseSetup).Assembly))
        {
            await step.RunAsync(database, cancellationToken);
        }

        if (database.ServingRole is { } role)
        {
            // One at a time: grants on the same tables from two machines fail each other.
            var dialect = database.CreateDialect();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await dialect.LockAsync(db, "grant-serving-role", cancellationToken);
            if (database.Provider == DatabaseProvider.SqlServer && new SqlConnectionStringBuilder(database.Serving).UserID is { Length: > 0 } login)
            {
                await SqlServerUser.GrantAsync(dialect, db, login, role, cancellationToken);
            }
            else
            {
                await dialect.GrantServingRoleAsync(db, role, database.ServingPassword, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        return pending;
    }

    /// <summary>
    /// As <see cref="MigrateAsync"/>, unless the setting says that somebody runs the verb <c>migrate</c>. Then, once, what the serving login
    /// could do to the audit log.
    /// </summary>
    internal static async Task MigrateIfAskedAsync(DatabaseConnection database, IConfiguration configuration, CancellationToken cancellationToken)
    {
        if (DatabaseSettings.MigratesOnStart(configuration))
        {
            await MigrateAsync(database, cancellationToken);
        }

        await database.AskAuditGuardAsync(cancellationToken);
    }
}
