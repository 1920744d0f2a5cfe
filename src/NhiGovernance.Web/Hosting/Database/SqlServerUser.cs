using NhiGovernance.Data;

namespace NhiGovernance.Web.Hosting.Database;

/// <summary>
/// SQL Server tells logins, which belong to the server, from users, which belong to a database. The login that serves is made by whoever
/// runs the server; its user is made here, and is a member of the role that the dialect grants to and denies.
/// </summary>
internal static class SqlServerUser
{
    /// <summary>Not <c>nhi_app</c>, which is what people call the login: no role can have the name of a user.</summary>
    public const string Role = "nhi_serving";

    private const string OwnerOfTheDatabase = "dbo";

    /// <summary>The login's own user, whatever it is called; else one of that name, as contained databases have it.</summary>
    private const string Find = """
        SELECT TOP (1) name FROM sys.database_principals
        WHERE type <> 'R' AND (sid = SUSER_SID(@login) OR name = @login)
        ORDER BY CASE WHEN sid = SUSER_SID(@login) THEN 0 ELSE 1 END
        """;

    /// <summary>Gives the login what serving needs, and no change of the audit log. In a transaction of the owner; safe to run again.</summary>
    public static async Task GrantAsync(IDialect dialect, GovernanceDb ownerDb, string login, string role, CancellationToken cancellationToken)
    {
        var user = await FindOrMakeAsync(ownerDb, login, cancellationToken);
        await dialect.GrantServingRoleAsync(ownerDb, role, password: null, cancellationToken);

        // Whoever owns the database is in no role of ours and is refused nothing: ServingRights says so.
        if (user == OwnerOfTheDatabase || string.Equals(user, role, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        await using var join = await ownerDb.CommandAsync(
            $"IF ISNULL(IS_ROLEMEMBER({Literal(role)}, {Literal(user)}), 0) = 0 ALTER ROLE {Quote(role)} ADD MEMBER {Quote(user)};",
            cancellationToken);
        await join.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<string> FindOrMakeAsync(GovernanceDb ownerDb, string login, CancellationToken cancellationToken)
    {
        await using (var find = await ownerDb.CommandAsync(Find, cancellationToken))
        {
            var parameter = find.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@login", login);
            find.Parameters.Add(parameter);
            if (await find.ExecuteScalarAsync(cancellationToken) is string user)
            {
                return user;
            }
        }

        await using var make = await ownerDb.CommandAsync($"CREATE USER {Quote(login)} FOR LOGIN {Quote(login)};", cancellationToken);
        await make.ExecuteNonQueryAsync(cancellationToken);
        return login;
    }

    // Logins are named by others, in any letters; a name can be no parameter here.
    private static string Quote(string name) => $"[{name.Replace("]", "]]", StringComparison.Ordinal)}]";

    private static string Literal(string text) => $"N'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
