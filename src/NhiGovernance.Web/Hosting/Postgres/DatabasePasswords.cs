using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Data.SqlClient;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Hosting.Database;
using Npgsql;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>
/// The passwords by which this product signs in to its database: those that it made for the embedded one's two roles, or those that its
/// connection strings hold. A login that needs none (a certificate, a socket) is no row.
/// </summary>
internal sealed class DatabasePasswords(IConfiguration configuration, DatabaseConnection connection, IFingerprinter fingerprinter) : IOwnCredentials
{
    private const string Owns = "owns and migrates";
    private const string Serves = "reads and writes; the audit log: appends";

    public string Kind => "database-passwords";

    public IAsyncEnumerable<OwnCredential> ListAsync(CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(configuration["ConnectionStrings:NhiGovernance"]) ? Embedded() : NamedAsync(cancellationToken);

    private async IAsyncEnumerable<OwnCredential> Embedded()
    {
        await Task.CompletedTask;
        var file = new FileInfo(new PostgresFolder(PostgresOptions.DataFolderOf(configuration)).Passwords);
        if (!file.Exists)
        {
            yield break;
        }

        foreach (var (role, permission) in new[] { ("nhi_owner", Owns), ("nhi_app", Serves) })
        {
            yield return new OwnCredential(role, $"Password of the database role {role}", CredentialKind.Password)
            {
                CreatedAt = KnownValue.Of(new DateTimeOffset(file.LastWriteTimeUtc)),
                ExpiresAt = KnownValue.Never(),
                Grants = [new GrantObservation(permission, "the embedded database", AltersRelease: false, Privileged: role == "nhi_owner")],
                Facts = new Dictionary<string, KnownValue> { ["rotation"] = KnownValue.Of("none: it never leaves this machine") },
            };
        }
    }

    // When they were set, and whether they end, is known to the server's administrators: nothing is guessed.
    private async IAsyncEnumerable<OwnCredential> NamedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (owner, serving) = (Login.Of(connection.Provider, connection.Owner), Login.Of(connection.Provider, connection.Serving));

        // One login: whether it owns anything was asked of the database at the start; what is not known counts as owning.
        var owns = connection.AuditGuardIsSoft is not null;
        var logins = owner.Name == serving.Name
            ? new[] { ("owner", owner, "ConnectionStrings:NhiGovernance", owns ? $"{Owns}; {Serves}" : Serves, owns) }
            : [("owner", owner, "ConnectionStrings:NhiGovernanceOwner", Owns, true), ("serving", serving, "ConnectionStrings:NhiGovernance", Serves, false)];
        foreach (var (key, login, setting, permission, privileged) in logins)
        {
            if (string.IsNullOrEmpty(login.Password))
            {
                continue;
            }

            yield return new OwnCredential(key, $"Password of the database login {login.Name}", CredentialKind.Password)
            {
                // A keyed fingerprint: a new value is a new id, and without our key it says nothing.
                KeyIds = [Convert.ToHexStringLower(await fingerprinter.ComputeAsync(Encoding.UTF8.GetBytes(login.Password), cancellationToken))[..16]],
                Grants = [new GrantObservation(permission, $"the database on {login.Host}", AltersRelease: false, privileged)],
                Facts = new Dictionary<string, KnownValue>
                {
                    ["host"] = KnownValue.Of(login.Host),
                    ["rotation"] = KnownValue.Of($"change it on the server and in the setting {setting}"),
                },
            };
        }
    }

    private sealed record Login(string Name, string? Password, string Host)
    {
        /// <summary>By the provider's own reading: each knows more words for the same thing than anybody remembers.</summary>
        public static Login Of(DatabaseProvider provider, string connectionString)
        {
            var (name, password, host) = provider switch
            {
                DatabaseProvider.PostgreSql when new NpgsqlConnectionStringBuilder(connectionString) is var read => (read.Username, read.Password, read.Host),
                DatabaseProvider.SqlServer when new SqlConnectionStringBuilder(connectionString) is var read => (read.UserID, read.Password, read.DataSource),
                _ => throw new InvalidOperationException($"No provider {provider}."),
            };
            return new(name is { Length: > 0 } ? name : "(none named)", password, host is { Length: > 0 } ? host : "(none named)");
        }

        /// <summary>It holds a password.</summary>
        public override string ToString() => Name;
    }
}
