using NhiGovernance.Sources.Connectors.Git.Signatures;
using NhiGovernance.Sources.Connectors.Git.Workflows;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git.Automation;

/// <summary>From the tally to observations: each key that signed, as principal and credential; each program that committed.</summary>
internal static class HistoryObservations
{
    /// <param name="whole">False when the budget cut the history: the first use seen may not be the first.</param>
    public static IEnumerable<Observation> Signer(SignerSum signer, GitAddress address, bool whole)
    {
        var key = NaturalKeys.Bound(signer.Key);
        var lastUsed = KnownValue.Or(signer.Last, KnownValue.NotExposed);
        var expires = signer.NotAfter is { } end ? KnownValue.Of(end)
            : signer.Format is SignatureFormat.Ssh or SignatureFormat.Keyless ? KnownValue.Never() : KnownValue.NotExposed;
        var facts = new Dictionary<string, KnownValue>
        {
            ["format"] = KnownValue.Of(signer.Format switch
            {
                SignatureFormat.OpenPgp => "OpenPGP", SignatureFormat.Ssh => "SSH", SignatureFormat.X509 => "X.509", _ => "keyless",
            }),
            ["firstUsed"] = KnownValue.Or(signer.First, KnownValue.NotExposed),
            ["wholeHistoryRead"] = KnownValue.Of(whole),
            ["signedCommits"] = KnownValue.Tally(signer.Commits),
            ["signedTags"] = KnownValue.Tally(signer.Tags),
            ["signedFor"] = Emit.List(signer.Emails.Select(Emit.Short)),
            ["signedForMore"] = KnownValue.Of(signer.MoreEmails),
            ["signaturesVerified"] = KnownValue.Of(false),
            ["platformKey"] = signer.Platform is { } platform ? KnownValue.Of(platform) : KnownValue.Never(),
            ["olderThanBudget"] = KnownValue.Of(signer.Remembered),
        };

        // A keyless signer has a new certificate for each signature.
        foreach (var (name, value) in signer.Details.Where(d => signer.Format != SignatureFormat.Keyless || d.Key != "serial"))
        {
            facts[name] = KnownValue.Of(Emit.Short(value));
        }

        var place = new PlaceReference("repository", address.Place);
        yield return new IdentityObservation(key, IdentityKind.SigningKey, NaturalKeys.Cut(signer.Platform is { } named ? $"{signer.Name} ({named})" : signer.Name, 300), place)
        {
            CreatedAt = KnownValue.NotExposed,
            LastUsedAt = lastUsed,
            ExpiresAt = expires,
            JoinKeys = JoinKeys(signer),
            Grants =
            [
                .. signer.SignsCommits ? [new GrantObservation("sign commits (seen)", address.Place, AltersRelease: true)] : Array.Empty<GrantObservation>(),
                .. signer.SignsTags ? [new GrantObservation("sign tags (seen)", address.Place, AltersRelease: true)] : Array.Empty<GrantObservation>(),
            ],
            Facts = facts,
        };
        yield return new CredentialObservation(key, key, Kind(signer.Format), NaturalKeys.Cut(signer.Name, 300))
        {
            KeyIds = signer.Format == SignatureFormat.Keyless ? [] : [key],
            CreatedAt = signer.NotBefore is { } start ? KnownValue.Of(start) : KnownValue.NotExposed,
            LastUsedAt = lastUsed,
            ExpiresAt = expires,
            Facts = new Dictionary<string, KnownValue> { ["firstUsed"] = facts["firstUsed"] },
        };
    }

    public static IdentityObservation Automaton(AutomatonSum automaton, GitAddress address) =>
        new($"automation:{NaturalKeys.Bound(automaton.Key)}", automaton.Kind, NaturalKeys.Cut(Emit.Short(automaton.Name), 300), new PlaceReference("repository", address.Place))
        {
            LastUsedAt = KnownValue.Or(automaton.Last, KnownValue.NotExposed),
            JoinKeys = automaton.Key.StartsWith("login:", StringComparison.Ordinal) ? [NaturalKeys.Bound(automaton.Key)] : [$"automation:{automaton.Key}"],
            Grants = [new GrantObservation(automaton.Authors ? "author commits (seen)" : "help with commits (seen)", address.Place, AltersRelease: automaton.Authors)],
            Facts = new Dictionary<string, KnownValue>
            {
                ["firstCommit"] = KnownValue.Or(automaton.First, KnownValue.NotExposed),
                ["authoredCommits"] = KnownValue.Tally(automaton.Authored),
                ["helpedCommits"] = KnownValue.Tally(automaton.Helped),
                ["signedCommits"] = KnownValue.Tally(automaton.Signed),
                ["selfDeclared"] = KnownValue.Of(true),
                ["recognisedBy"] = KnownValue.Of(automaton.Key.Split(':')[0] switch
                {
                    "own" => "this source's settings", "login" => "a login that ends in [bot]", "email" => "an address that takes no answers",
                    "trailer" => "a trailer", _ => "a known program's marks",
                }),
                ["olderThanBudget"] = KnownValue.Of(automaton.Remembered),
            },
        };

    private static CredentialKind Kind(SignatureFormat format) => format switch
    {
        SignatureFormat.OpenPgp => CredentialKind.GpgKey,
        SignatureFormat.Ssh => CredentialKind.SshKey,
        _ => CredentialKind.Certificate,
    };

    private static List<string> JoinKeys(SignerSum signer)
    {
        var keys = new List<string> { NaturalKeys.Bound(signer.Key) };
        if (signer.PgpKeyId is { } id && !signer.Key.StartsWith("gpg-id:", StringComparison.Ordinal))
        {
            keys.Add($"gpg-id:{id}");
        }

        return keys;
    }
}
