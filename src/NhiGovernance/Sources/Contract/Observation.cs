namespace NhiGovernance.Sources.Contract;

/// <summary>
/// What a run saw of one thing. The natural key is the vendor's immutable id where there is one, unique for its type within
/// the source, and stable when the thing is renamed. One thing is listed by exactly one scope: where several lists show it,
/// the connector emits it from the authoritative one.
/// </summary>
public abstract record Observation(string NaturalKey);

/// <summary>Where a thing lives, in the vendor's own path: ("repository", "acme/ledger"). Mapping rules of the catalogue match it.</summary>
/// <param name="Kind">organization, repository, environment (path "acme/ledger/production"), account, namespace, image or system.</param>
public sealed record PlaceReference(string Kind, string Path);

/// <summary>A principal that is no person.</summary>
/// <param name="Name">What people call it; may change.</param>
public sealed record IdentityObservation(string NaturalKey, IdentityKind Kind, string Name, PlaceReference Place) : Observation(NaturalKey)
{
    /// <summary>The vendor's page about it, https only; null when there is none.</summary>
    public string? Url { get; init; }

    /// <summary>True when the vendor says it is switched off (a suspended installation, a disabled key).</summary>
    public bool Disabled { get; init; }

    public KnownValue CreatedAt { get; init; } = KnownValue.NotExposed;

    public KnownValue LastUsedAt { get; init; } = KnownValue.NotExposed;

    public KnownValue ExpiresAt { get; init; } = KnownValue.NotExposed;

    /// <summary>
    /// Ids by which other sources and evidence know the same principal: "github:app:1234", "ssh:SHA256:…",
    /// "oidc:https://token.actions.githubusercontent.com|repo:acme/ledger". Never a secret.
    /// </summary>
    public IReadOnlyList<string> JoinKeys { get; init; } = [];

    /// <summary>What it may do, where.</summary>
    public IReadOnlyList<GrantObservation> Grants { get; init; } = [];

    /// <summary>Further fields by camelCase name. A vendor's "updated_at" does not belong here: it is no material change.</summary>
    public IReadOnlyDictionary<string, KnownValue> Facts { get; init; } = new Dictionary<string, KnownValue>();
}

/// <summary>What an identity may do.</summary>
/// <param name="Permission">In the vendor's words: "contents:write", "push", "id-token:write".</param>
/// <param name="Resource">Where: "acme/ledger", "acme/*".</param>
/// <param name="AltersRelease">True when it can change what is shipped: code, tags, packages, images, workflows, deployments, signatures.</param>
/// <param name="Privileged">True when it administers: owner, admin, secrets or members.</param>
public sealed record GrantObservation(string Permission, string Resource, bool AltersRelease, bool Privileged = false);

/// <summary>What an identity proves itself with. Metadata only: a connector never holds, and never emits, the value.</summary>
/// <param name="IdentityKey">The natural key of the identity it belongs to, emitted before this observation: by this run, or by an earlier one whose scope is unchanged since.</param>
public sealed record CredentialObservation(string NaturalKey, string IdentityKey, CredentialKind Kind, string Name) : Observation(NaturalKey)
{
    /// <summary>
    /// The ids or fingerprints of the key material. A change of this set is a material change (a rotation happened);
    /// empty when the vendor exposes none.
    /// </summary>
    public IReadOnlyList<string> KeyIds { get; init; } = [];

    public bool Disabled { get; init; }

    public KnownValue CreatedAt { get; init; } = KnownValue.NotExposed;

    public KnownValue LastUsedAt { get; init; } = KnownValue.NotExposed;

    public KnownValue ExpiresAt { get; init; } = KnownValue.NotExposed;

    public IReadOnlyDictionary<string, KnownValue> Facts { get; init; } = new Dictionary<string, KnownValue>();
}

/// <summary>A thing that rules look at and that is no principal: a repository, a branch's protection, an environment, an alert.</summary>
public sealed record ResourceObservation(string NaturalKey, ResourceKind Kind, string Name, PlaceReference Place) : Observation(NaturalKey)
{
    /// <summary>True for a place that its list names and the source's settings leave out: it is kept, and not covered.</summary>
    public bool LeftOut { get; init; }

    public string? Url { get; init; }

    public IReadOnlyDictionary<string, KnownValue> Facts { get; init; } = new Dictionary<string, KnownValue>();
}

/// <summary>A person as a source knows them.</summary>
/// <param name="Login">The source's own handle.</param>
public sealed record PersonObservation(string NaturalKey, string Login) : Observation(NaturalKey)
{
    public KnownValue DisplayName { get; init; } = KnownValue.NotExposed;

    public KnownValue Email { get; init; } = KnownValue.NotExposed;

    public PersonStatus Status { get; init; } = PersonStatus.Unknown;

    public DateOnly? LeaveDate { get; init; }

    public IReadOnlyDictionary<string, KnownValue> Facts { get; init; } = new Dictionary<string, KnownValue>();
}
