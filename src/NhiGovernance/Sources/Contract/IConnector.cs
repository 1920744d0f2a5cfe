namespace NhiGovernance.Sources.Contract;

/// <summary>
/// One kind of source. A connector is one folder of <c>Sources/Connectors/</c>, found by scanning; it sees neither the
/// database nor other connectors. To add one, copy <c>Sources/Connectors/Template/</c> and its test.
/// </summary>
/// <remarks>
/// A connector must: yield pages of bounded size and keep no list of its own; end every scope it started, with the truth;
/// turn a missing permission into <see cref="ScopeOutcome.Denied"/>, never into an empty list; go out only through
/// <see cref="ConnectorContext.Http"/> (guarded) or a program that it starts with the same guard; honour cancellation between pages;
/// never emit, log or put into a message the value of a secret.
/// </remarks>
public interface IConnector
{
    ConnectorDescriptor Descriptor { get; }

    /// <summary>Checks the settings without going out. Returns all faults at once; empty when fine.</summary>
    IReadOnlyList<Common.FieldFault> Validate(SourceSettings settings);

    /// <summary>Ticks one step after another: name and address, TLS, sign-in, each permission, a sample. Stops where going on is senseless.</summary>
    IAsyncEnumerable<TestStep> TestAsync(ConnectorContext context, CancellationToken cancellationToken);

    /// <summary>Reads everything, page by page; or only <see cref="ConnectorContext.Only"/>.</summary>
    IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, CancellationToken cancellationToken);
}

/// <summary>What a connector is, asks for and needs. The form, the help and the permission list are made from it.</summary>
/// <param name="Key">Stable: "github". Stored with each source.</param>
/// <param name="Title">"GitHub".</param>
/// <param name="Summary">One sentence: what it reads.</param>
/// <param name="Settings">The form's fields, in order.</param>
/// <param name="Permissions">The least permissions, as a list to copy; each with what stays unknown without it.</param>
/// <param name="DefaultInterval">How often to poll unless told otherwise.</param>
public sealed record ConnectorDescriptor(
    string Key,
    string Title,
    string Summary,
    IReadOnlyList<SettingField> Settings,
    IReadOnlyList<NeededPermission> Permissions,
    TimeSpan DefaultInterval)
{
    /// <summary>Symbol of the icon sheet: "i-plug".</summary>
    public string Icon { get; init; } = "i-plug";

    /// <summary>The name of the setting that says which host the credentials belong to; null when there is no host.</summary>
    public string? HostSetting { get; init; }

    /// <summary>False for sources that the product makes itself and nobody adds by hand.</summary>
    public bool AddedByPeople { get; init; } = true;
}

public enum SettingKind
{
    Text,
    Url,
    Number,
    Toggle,
    Choice,
    LongText,

    /// <summary>Write-only: sealed, never shown again, cleared when the host changes.</summary>
    Secret,
}

/// <param name="Key">camelCase key in <see cref="SourceSettings"/>.</param>
/// <param name="Label">"Organization".</param>
/// <param name="Help">One sentence under the field.</param>
public sealed record SettingField(string Key, string Label, SettingKind Kind, string Help)
{
    public bool Required { get; init; }

    public string? Default { get; init; }

    public string? Placeholder { get; init; }

    public IReadOnlyList<SettingChoice> Choices { get; init; } = [];

    /// <summary>Shown only when this other setting has this value: ("auth", "app").</summary>
    public (string Key, string Value)? OnlyWhen { get; init; }
}

/// <param name="Value">What is sent.</param>
/// <param name="Label">As the form calls it.</param>
public sealed record SettingChoice(string Value, string Label);

/// <param name="Name">In the vendor's words: "Administration: read".</param>
/// <param name="Unlocks">What it lets us see.</param>
/// <param name="Without">What stays unknown without it.</param>
public sealed record NeededPermission(string Name, string Unlocks, string Without);

/// <summary>A source's settings without its secrets.</summary>
public sealed record SourceSettings(IReadOnlyDictionary<string, string> Values)
{
    public string Get(string key, string fallback = "") =>
        Values.TryGetValue(key, out var value) && value.Length > 0 ? value : fallback;

    public bool Is(string key) => string.Equals(Get(key), "true", StringComparison.OrdinalIgnoreCase);
}

public enum TestOutcome
{
    Pass,
    Warn,
    Fail,
    Skipped,
}

/// <param name="Name">"Sign in as app 1234".</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Detail">What was seen; for a failure, what to do.</param>
public sealed record TestStep(string Name, TestOutcome Outcome, string Detail);

/// <summary>What a connector works with during one test or read. Nothing of it outlives the call.</summary>
public sealed record ConnectorContext(Guid SourceId, SourceSettings Settings, ISourceSecrets Secrets, IGuardedHttp Http, TimeProvider Clock)
{
    /// <summary>What this connector kept from earlier runs: entity tags, budgets, positions. Never secrets.</summary>
    public IReadMemory Memory { get; init; } = NoMemory.Instance;

    /// <summary>
    /// What to read when it is not everything: somebody said that these lists changed. Empty: everything. Only connectors whose
    /// webhooks are taken are ever given some.
    /// </summary>
    public IReadOnlyList<ReadTarget> Only { get; init; } = [];

    /// <summary>Says what is being done, for the live progress of a run: "deploy keys of acme/ledger".</summary>
    public Action<string> Progress { get; init; } = static _ => { };

    /// <summary>A folder for this source that survives runs (a bare mirror). Null when the product has no data folder.</summary>
    public string? Folder { get; init; }

    /// <summary>What people uploaded for this source.</summary>
    public ISourceDocuments Documents { get; init; } = NoDocuments.Instance;

    /// <summary>Appends a plain note to the run: "read the newest 20,000 of 51,312 commits".</summary>
    public Action<string> Note { get; init; } = static _ => { };
}

/// <summary>Opens a source's sealed credentials for the length of one call. A value is used and forgotten, never kept or logged.</summary>
public interface ISourceSecrets
{
    /// <summary>Null when none is set, or when it belongs to another host than the source now has.</summary>
    ValueTask<string?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// The vendor said when the credential that was opened ends: its row of the inventory shows that. Says nothing of a credential that
    /// was replaced meanwhile, and nothing when the vendor is silent: that is not "never".
    /// </summary>
    ValueTask ExpiresAsync(string key, DateTimeOffset at, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>
/// Small values that a connector keeps between runs of one source. What is set is kept only together with the run that
/// yielded what came before it: a run that is cut off leaves the values of the one before. A run of some lists asks for a value
/// before it reads what that speaks of: only what it asked for is doubted if it is killed.
/// </summary>
public interface IReadMemory
{
    /// <summary>How the key of a value begins that outlives a change of the source's settings. All others go with the old settings.</summary>
    public const string Lasting = "lasting/";

    ValueTask<string?> GetAsync(string key, CancellationToken cancellationToken);

    ValueTask SetAsync(string key, string? value, CancellationToken cancellationToken);

    /// <summary>
    /// The same, and it is said which lists of this run the value speaks of, all of them: a run whose disappearances a person has to
    /// decide about then keeps the values of those where nothing disappeared. Of any other value it keeps nothing.
    /// </summary>
    ValueTask SetAsync(string key, string? value, IReadOnlyCollection<Scope> of, CancellationToken cancellationToken) => SetAsync(key, value, cancellationToken);

    /// <summary>
    /// False when a later run wrote some of what it read and did not come to an end that counts (held, cancelled, killed): the value
    /// is of an older state than the inventory, and an entity tag or a position in it must not prove "as last time".
    /// </summary>
    ValueTask<bool> IsCurrentAsync(string key, CancellationToken cancellationToken) => new(true);
}

/// <summary>For tests and for sources that keep nothing.</summary>
public sealed class NoMemory : IReadMemory
{
    public static readonly NoMemory Instance = new();

    public ValueTask<string?> GetAsync(string key, CancellationToken cancellationToken) => new((string?)null);

    public ValueTask SetAsync(string key, string? value, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
