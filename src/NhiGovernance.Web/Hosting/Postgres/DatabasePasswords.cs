using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>The passwords of the embedded database's two roles. With a server of your own its passwords are yours, and no rows here.</summary>
internal sealed class DatabasePasswords(IConfiguration configuration) : IOwnCredentials
{
    public string Kind => "database-passwords";

    public async IAsyncEnumerable<OwnCredential> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var file = new FileInfo(new PostgresFolder(PostgresOptions.DataFolderOf(configuration)).Passwords);
        if (!string.IsNullOrWhiteSpace(configuration["ConnectionStrings:NhiGovernance"]) || !file.Exists)
        {
            yield break;
        }

        foreach (var (role, permission) in new[] { ("nhi_owner", "owns and migrates"), ("nhi_app", "reads and writes; the audit log: appends") })
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
}
