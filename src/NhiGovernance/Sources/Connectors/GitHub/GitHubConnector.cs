using System.Runtime.CompilerServices;
using System.Threading.Channels;
using NhiGovernance.Common;
using NhiGovernance.Sources.Connectors.GitHub.Evidence;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>
/// Reads organizations and users of github.com or an Enterprise Server over the REST API. What it reads, with which
/// permission, and what GitHub never tells: <c>docs/connectors/github.md</c>.
/// </summary>
public sealed class GitHubConnector : IConnector, IChangeEvidence
{
    private readonly GitHubLimits _limits;

    public GitHubConnector()
        : this(new GitHubLimits())
    {
    }

    internal GitHubConnector(GitHubLimits limits) => _limits = limits;

    public ConnectorDescriptor Descriptor => GitHubDescriptor.Value;

    public IReadOnlyList<FieldFault> Validate(SourceSettings settings) => GitHubSettings.Read(settings).Faults;

    public IAsyncEnumerable<TestStep> TestAsync(ConnectorContext context, CancellationToken cancellationToken) =>
        new GitHubTest(context, _limits).RunAsync(cancellationToken);

    public IAsyncEnumerable<ReadEvent> ReadReviewsAsync(ConnectorContext context, string repository, string commit, CancellationToken cancellationToken) =>
        new GitHubReviews(_limits).ReadReviewsAsync(context, repository, commit, cancellationToken);

    public IAsyncEnumerable<ReadEvent> ReadApprovalsAsync(ConnectorContext context, string repository, long run, CancellationToken cancellationToken) =>
        new GitHubReviews(_limits).ReadApprovalsAsync(context, repository, run, cancellationToken);

    public async IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Readers of several repositories fill it, the caller empties it: at most so many pages are in memory.
        var channel = Channel.CreateBounded<Item>(new BoundedChannelOptions(8) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = FillAsync(context, channel.Writer, stop.Token);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
            {
                switch (item)
                {
                    case Item.Event { Read: var read }:
                        yield return read;
                        break;
                    case Item.Progress { Text: var text }:
                        context.Progress(text);
                        break;
                    case Item.Note { Text: var text }:
                        context.Note(text);
                        break;
                    case Item.Memory { Key: var key, Value: var value, Of: var of }:
                        // In line behind the events that it speaks of: they were taken before it is kept.
                        await context.Memory.SetAsync(key, value, of, cancellationToken);
                        break;
                }
            }

            await reading;
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FillAsync(ConnectorContext context, ChannelWriter<Item> items, CancellationToken cancellationToken)
    {
        try
        {
            await new GitHubReader(context, _limits, items).RunAsync(cancellationToken);
            items.Complete();
        }
        catch (Exception error)
        {
            items.Complete(error);
        }
    }
}

/// <summary>What a reader hands to the caller's thread, in order.</summary>
internal abstract record Item
{
    public sealed record Event(ReadEvent Read) : Item;

    public sealed record Progress(string Text) : Item;

    public sealed record Note(string Text) : Item;

    /// <param name="Of">The lists that it speaks of.</param>
    public sealed record Memory(string Key, string? Value, IReadOnlyCollection<Scope> Of) : Item;
}
