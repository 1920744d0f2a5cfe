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

        if (database.ServingRole is { } role)
        {
            await database.CreateDialect().GrantServingRoleAsync(db, role, database.ServingPassword, cancellationToken);
        }

        return pending;
    }
}
