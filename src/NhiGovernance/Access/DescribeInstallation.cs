using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using NhiGovernance.Common;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

public sealed record DescribeInstallationRequest;

/// <param name="For">What the key protects.</param>
/// <param name="MadeAt">Null where the key ring does not say.</param>
public sealed record InstallationKey(string Id, string For, DateTimeOffset? MadeAt);

/// <summary>How this product is set up, without secrets.</summary>
public sealed record Installation(
    string Version, string Runtime, string? DataFolder, string Database, string KeyPlace, IReadOnlyList<InstallationKey> Keys,
    int Accounts, int Tokens);

/// <summary>Says how this product is set up: versions, folders, which keys there are and how old they are.</summary>
public sealed class DescribeInstallation(QueryDoor door, IKeyRing ring, IDialect dialect, IConfiguration configuration)
    : Query<DescribeInstallationRequest, Installation>(door)
{
    public override Permission Permission => Permission.ReadAccounts;

    protected override async Task<Result<Installation>> ReadAsync(
        DescribeInstallationRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var keys = (await ring.ListAsync(cancellationToken))
            .Select(k => new InstallationKey(k.KeyId, k.State switch { KeyState.Current => "encrypts stored credentials", KeyState.Old => "opens older credentials", _ => "retired" }, k.CreatedAt)).ToList();
        keys.AddRange((await context.Db.Set<SealedKey>().OrderBy(k => k.Name).Select(k => new { k.Name, k.CreatedAt }).ToListAsync(cancellationToken))
            .Select(k => new InstallationKey(k.Name, "NhiGovernance's own use", k.CreatedAt)));
        keys.AddRange((await context.Db.Set<DataProtectionKey>().OrderByDescending(k => k.CreatedAt).Take(5)
                .Select(k => new { k.Name, k.CreatedAt }).ToListAsync(cancellationToken))
            .Select(k => new InstallationKey(k.Name, "signs sessions", k.CreatedAt)));
        return new Installation(
            typeof(Installation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown",
            RuntimeInformation.FrameworkDescription,
            configuration["Data"] is { Length: > 0 } folder ? Path.GetFullPath(folder) : null,
            dialect.Name, ring.Place, keys,
            await context.Db.Set<Account>().CountAsync(cancellationToken),
            await context.Db.Set<ApiToken>().CountAsync(t => t.RevokedAt == null && t.ExpiresAt > context.Now, cancellationToken));
    }
}
