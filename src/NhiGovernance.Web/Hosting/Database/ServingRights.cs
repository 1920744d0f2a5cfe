using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace NhiGovernance.Web.Hosting.Database;

/// <summary>What the login that serves could do to the audit log. The database says it, in a session of that login; names of logins do not.</summary>
internal static class ServingRights
{
    /// <summary>Counts as soft: it was not asked, did not answer, or has no audit log yet.</summary>
    public const string Unknown =
        "The database could not be asked what the login that serves may do to the audit log, so the guard counts as soft. /readyz asks again.";

    /// <summary>
    /// One role that can change the log or take its guard away, of those that the login is or is a member of: it can become each of them,
    /// and come back from the role that it took. Before PostgreSQL 16 CREATEROLE makes a member of whatever it likes. No row: there is none.
    /// </summary>
    internal const string OfPostgreSql = """
        SELECT r.rolname::text
        FROM pg_roles r CROSS JOIN pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE t.oid = 'audit_entries'::regclass AND pg_has_role(session_user, r.oid, 'MEMBER')
          AND (r.rolsuper OR r.oid IN (t.relowner, n.nspowner)
            OR (r.rolcreaterole AND current_setting('server_version_num')::int < 160000)
            OR has_table_privilege(r.oid, t.oid, 'UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(r.oid, t.oid, 'UPDATE'))
        ORDER BY r.rolname <> session_user, r.rolname LIMIT 1
        """;

    /// <summary>
    /// The same of the login's user: ALTER switches triggers off, and db_securityadmin takes refusals back. An answer of NULL to any of
    /// the questions is no 0, and so counts as soft; no table, no text.
    /// </summary>
    internal const string OfSqlServer = """
        SELECT CASE
            WHEN OBJECT_ID('dbo.audit_entries') IS NULL THEN N''
            WHEN HAS_PERMS_BY_NAME('dbo.audit_entries', 'OBJECT', 'UPDATE') = 0
                AND HAS_PERMS_BY_NAME('dbo.audit_entries', 'OBJECT', 'DELETE') = 0
                AND HAS_PERMS_BY_NAME('dbo.audit_entries', 'OBJECT', 'ALTER') = 0
                AND IS_ROLEMEMBER('db_owner') = 0 AND IS_ROLEMEMBER('db_securityadmin') = 0 THEN NULL
            ELSE USER_NAME() END
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Null when it can add entries and change none; otherwise why not, and what to do.</summary>
    public static async Task<string?> WhySoftAsync(DatabaseConnection database, CancellationToken cancellationToken)
    {
        // A database that is away must not hold up a start that can do without it.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var db = database.OpenAsServing();
            await db.Database.OpenConnectionAsync(patience.Token);
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = database.Provider switch
            {
                DatabaseProvider.PostgreSql => OfPostgreSql,
                DatabaseProvider.SqlServer => OfSqlServer,
                _ => throw new InvalidOperationException($"No provider {database.Provider}."),
            };
            return await command.ExecuteScalarAsync(patience.Token) switch
            {
                null or DBNull => null,
                string { Length: > 0 } role => Why(role),
                _ => Unknown,
            };
        }
        catch (Exception error) when (error is DbException or InvalidOperationException or TimeoutException)
        {
            return Unknown;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unknown;
        }
    }

    private static string Why(string role) =>
        $"The login that serves is, or can become, \"{role}\", which could change the audit log or switch its guard off. Take that from it, or "
        + "name a login of its own for serving: ConnectionStrings:NhiGovernance, and the owner in ConnectionStrings:NhiGovernanceOwner.";
}
