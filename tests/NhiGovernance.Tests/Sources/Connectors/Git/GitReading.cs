using NhiGovernance.Sources.Connectors.Git;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>One reading by the connector: what it yielded and noted.</summary>
internal sealed record GitReading(IReadOnlyList<ReadEvent> Events, IReadOnlyList<string> Notes)
{
    public IEnumerable<Observation> Seen => Events.OfType<ScopePage>().SelectMany(p => p.Observations);

    public IEnumerable<ScopeEnded> Ends => Events.OfType<ScopeEnded>();

    /// <summary>The end of a reading that did not come past its first scope.</summary>
    public ScopeEnded End => Ends.ShouldHaveSingleItem();

    /// <param name="allow">"host:port" of a server on this machine that the outbound guard lets pass.</param>
    public static async Task<GitReading> OfAsync(
        GitOptions options, string url, CancellationToken cancellationToken, string? token = null, string? allow = null, string? folder = null,
        params (string Key, string Value)[] more)
    {
        var guard = new OutboundGuard(new OutboundOptions { AllowPrivateHosts = allow is null ? [] : [allow] }, new SystemResolver());
        (string Key, string Value)[] settings = [.. token is null ? [] : new[] { ("signIn", "token") }, .. more];
        var notes = new List<string>();
        var events = new List<ReadEvent>();
        var context = Context(url, token, settings) with { Memory = new KeptMemory(), Folder = folder, Note = notes.Add };
        await foreach (var read in new GitConnector(options, guard).ReadAsync(context, cancellationToken))
        {
            events.Add(read);
        }

        return new GitReading(events, notes);
    }

    public static ConnectorContext Context(string url, string? secret, params (string Key, string Value)[] settings) =>
        new(Guid.CreateVersion7(), GitSandbox.Settings(url, settings), new OneSecret(secret), null!, TimeProvider.System);

    private sealed class OneSecret(string? value) : ISourceSecrets
    {
        public ValueTask<string?> OpenAsync(string key, CancellationToken cancellationToken) => new(value);
    }
}
