using System.Runtime.CompilerServices;
using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Fakes;

/// <summary>A connector that reads what a test tells it to, at the moment a test tells it to.</summary>
public sealed class ScriptedConnector : IConnector
{
    public const string Key = "scripted";

    public Func<ConnectorContext, CancellationToken, IAsyncEnumerable<ReadEvent>> Script { get; set; } = OneScopeAsync;

    public Func<ConnectorContext, CancellationToken, IAsyncEnumerable<TestStep>>? Tests { get; set; }

    public ConnectorDescriptor Descriptor { get; } = new(
        Key, "Scripted", "Reads what a test says.",
        [
            new SettingField("url", "Address", SettingKind.Url, "Where it is.") { Required = true },
            new SettingField("account", "Account", SettingKind.Text, "Whose."),
            new SettingField("token", "Token", SettingKind.Secret, "To sign in.") { Required = true },
            new SettingField("webhookSecret", "Webhook secret", SettingKind.Secret, "To check deliveries."),
        ],
        [], TimeSpan.FromHours(1))
    {
        HostSetting = "url",
    };

    public IReadOnlyList<FieldFault> Validate(SourceSettings settings) => [];

    public IAsyncEnumerable<TestStep> TestAsync(ConnectorContext context, CancellationToken cancellationToken) =>
        Tests?.Invoke(context, cancellationToken) ?? Passes();

    public IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, CancellationToken cancellationToken) => Script(context, cancellationToken);

    public static Scope ScopeOf(string place) => new("keys", place);

    public static ScopePage Page(Scope scope, params string[] keys) => new(
        scope, [.. keys.Select(k => new IdentityObservation(k, IdentityKind.ServiceAccount, k, new PlaceReference("account", scope.Place)))]);

    /// <summary>One complete scope with two identities.</summary>
    public static async IAsyncEnumerable<ReadEvent> OneScopeAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var scope = ScopeOf("acme");
        yield return new ScopeStarted(scope, null);
        yield return Page(scope, "a", "b");
        yield return ScopeEnded.Complete(scope);
    }

    private static async IAsyncEnumerable<TestStep> Passes()
    {
        await Task.Yield();
        yield return new TestStep("Sign-in", TestOutcome.Pass, "Signed in.");
    }
}
