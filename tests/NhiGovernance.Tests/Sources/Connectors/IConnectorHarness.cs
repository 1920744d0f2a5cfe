using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors;

/// <summary>
/// Gives the shared contract test something for a connector to read. One class a connector, found by scanning, with a
/// parameterless constructor; <c>Template/TemplateHarness.cs</c> is the one to copy.
/// </summary>
public interface IConnectorHarness
{
    /// <summary>The key of the connector's descriptor.</summary>
    string Key { get; }

    /// <summary>
    /// Starts a scripted server or lays out a fixture, with at least two pages or scopes that hold observations. Every
    /// secret has the value that <paramref name="secret"/> gives for its key, and the connector must sign in with it where it signs in.
    /// </summary>
    Task<ConnectorCase> StartAsync(IServiceProvider services, Func<string, string> secret, CancellationToken cancellationToken);
}

/// <summary>What there is to read.</summary>
/// <param name="Settings">Valid settings without secrets.</param>
/// <param name="Secrets">Keys of the secrets that the connector opens.</param>
/// <param name="Http">The way to the scripted server (see <see cref="Fakes.ScriptedHttp"/>); null when the connector uses none.</param>
public sealed record ConnectorCase(IConnector Connector, SourceSettings Settings, IReadOnlyList<string> Secrets, IGuardedHttp? Http) : IAsyncDisposable
{
    public string? Folder { get; init; }

    public ISourceDocuments Documents { get; init; } = NoDocuments.Instance;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Takes the server or the fixture down.</summary>
    public Func<ValueTask> End { get; init; } = () => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => End();
}
