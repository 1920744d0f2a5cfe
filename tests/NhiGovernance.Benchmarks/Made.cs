using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Benchmarks;

/// <summary>Made-up observations like those of an organisation's repositories: the same for the same number.</summary>
internal static class Made
{
    private static readonly DateTimeOffset Base = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Words = ["ledger", "payments", "release", "deploy", "mirror", "backup", "scanner", "docs", "edge", "billing", "search", "auth"];
    private static readonly IdentityKind[] Kinds =
        [IdentityKind.DeployKey, IdentityKind.AppInstallation, IdentityKind.Pipeline, IdentityKind.WorkflowJob, IdentityKind.Runner, IdentityKind.Webhook, IdentityKind.MachineUser, IdentityKind.ServiceAccount];

    /// <summary>Pages of 100 identities with 150 credentials, one scope for every 1,000 identities.</summary>
    public static IEnumerable<ReadEvent> Read(int identities)
    {
        var root = new Scope("repositories", "acme");
        yield return new ScopeStarted(root, null);
        yield return ScopeEnded.Complete(root);
        for (var first = 0; first < identities; first += 1_000)
        {
            var scope = new Scope("deploy-keys", $"acme/repo-{first / 1_000}");
            yield return new ScopeStarted(scope, root);
            for (var page = first; page < Math.Min(first + 1_000, identities); page += 100)
            {
                yield return new ScopePage(scope, Enumerable.Range(page, 100).SelectMany(Things).ToArray());
            }

            yield return ScopeEnded.Complete(scope);
        }
    }

    public static string Word(int number, int step) => Words[(number / step) % Words.Length];

    private static IEnumerable<Observation> Things(int number)
    {
        yield return Identity(number);
        yield return Credential(number, 0);
        if (number % 2 == 0)
        {
            yield return Credential(number, 1);
        }
    }

    private static IdentityObservation Identity(int n) => new($"deploy-key/{n}", Kinds[n % Kinds.Length], $"{Word(n, 1)}-{Word(n, 12)}-key-{n}", new PlaceReference("repository", $"acme/{Word(n, 500)}-{n / 50}"))
    {
        Url = $"https://github.example/acme/{n / 50}/settings/keys/{n}",
        CreatedAt = KnownValue.Of(Base.AddMinutes(n)),
        LastUsedAt = n % 3 == 0 ? KnownValue.Never(Base) : KnownValue.Of(Base.AddHours(n % 8_000)),
        ExpiresAt = n % 5 == 0 ? KnownValue.Of(Base.AddDays(n % 900)) : KnownValue.Never(),
        JoinKeys = [$"ssh:SHA256:{n:x16}{n * 7919L:x16}"],
        Grants = [new("push", $"acme/{n / 50}", n % 4 == 0), new("read", $"acme/{n / 50}", false)],
        Facts = new Dictionary<string, KnownValue>
        {
            ["verified"] = KnownValue.Of(n % 2 == 0), ["addedBy"] = KnownValue.Of($"user-{n % 400}"), ["readOnly"] = KnownValue.Of(n % 4 != 0),
            ["recoveryMail"] = KnownValue.NotExposed, ["auditEvents"] = KnownValue.Denied("admin:org (read)"),
        },
    };

    private static CredentialObservation Credential(int n, int i) => new($"key/{n}/{i}", $"deploy-key/{n}", CredentialKind.SshKey, $"ssh key {n}/{i}")
    {
        KeyIds = [$"SHA256:{n:x16}{i:x2}"],
        CreatedAt = KnownValue.Of(Base.AddMinutes(n)),
        LastUsedAt = n % 3 == 0 ? KnownValue.Never(Base) : KnownValue.Of(Base.AddHours(n % 8_000)),
        ExpiresAt = KnownValue.Never(),
        Facts = new Dictionary<string, KnownValue> { ["algorithm"] = KnownValue.Of("ed25519") },
    };
}
