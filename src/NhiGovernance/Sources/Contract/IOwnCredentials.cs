namespace NhiGovernance.Sources.Contract;

/// <summary>
/// A kind of credential that the product itself holds or hands out. Every slice that has one implements this, so that ours
/// are rows of the inventory under the same rules as everybody's.
/// </summary>
public interface IOwnCredentials
{
    /// <summary>The scope's kind: "api-tokens", "source-credentials", "encryption-keys".</summary>
    string Kind { get; }

    /// <summary>The tables whose secrets these rows stand for; a test asks that every table with a sealed or hashed secret is named.</summary>
    IReadOnlyCollection<Type> Stores => [];

    /// <summary>
    /// All that there are, read as a stream. A revoked one stays, marked <see cref="OwnCredential.Disabled"/>; one whose value was
    /// destroyed is left out, goes missing and is retired.
    /// </summary>
    IAsyncEnumerable<OwnCredential> ListAsync(CancellationToken cancellationToken);
}

/// <param name="Key">Stable and unique within the kind; the row's id.</param>
/// <param name="Name">What people call it: the token's name, "Webhook secret of GitHub acme".</param>
public sealed record OwnCredential(string Key, string Name, CredentialKind Kind)
{
    /// <summary>Ids of the key material, never the value: a token's public id, a hash, a key id.</summary>
    public IReadOnlyList<string> KeyIds { get; init; } = [];

    /// <summary>Ids by which other sources know the same credential's holder.</summary>
    public IReadOnlyList<string> JoinKeys { get; init; } = [];

    public IReadOnlyList<GrantObservation> Grants { get; init; } = [];

    public bool Disabled { get; init; }

    public KnownValue CreatedAt { get; init; } = KnownValue.NotExposed;

    public KnownValue LastUsedAt { get; init; } = KnownValue.NotExposed;

    public KnownValue ExpiresAt { get; init; } = KnownValue.NotExposed;

    public IReadOnlyDictionary<string, KnownValue> Facts { get; init; } = new Dictionary<string, KnownValue>();
}
