using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>Polls a scripted GitHub through the real guard, and keeps what a source keeps between runs.</summary>
internal sealed class GitHubPolls
{
    private readonly Dictionary<string, string> _settings;

    public GitHubPolls(string address, TimeProvider clock, params (string Key, string Value)[] settings)
    {
        Clock = clock;
        _settings = new(StringComparer.Ordinal)
        {
            ["address"] = address, ["organization"] = ScriptedOrganization.Login, ["auth"] = "token", ["concurrency"] = "1",
        };
        Set(settings);
        var options = new OutboundOptions { AllowPrivateHosts = ["127.0.0.1", "localhost"], AllowHttpHosts = ["127.0.0.1", "localhost"] };
        var port = new Uri(address).Port;
        options = options with
        {
            AllowPrivateHosts = [.. options.AllowPrivateHosts, $"127.0.0.1:{port}"], AllowHttpHosts = [.. options.AllowHttpHosts, $"127.0.0.1:{port}"],
        };
        Http = new GuardedHttp(new OutboundGuard(options, new SystemResolver()), options, TimeProvider.System);
    }

    public static readonly GitHubLimits Quick = new()
    {
        Attempts = 2, RequestTime = TimeSpan.FromSeconds(10), MaxBody = 2 * 1024 * 1024, PageSize = 2, LimitWaits = 2,
    };

    public TimeProvider Clock { get; }

    public IGuardedHttp Http { get; set; }

    public GitHubLimits Limits { get; set; } = Quick;

    public Memory Kept { get; set; } = new();

    public List<string> Notes { get; } = [];

    public List<string> Said { get; } = [];

    public Dictionary<string, string?> Secrets { get; } = new(StringComparer.Ordinal) { ["token"] = ScriptedGitHub.Token };

    public GitHubConnector Connector => new(Limits);

    public void Set(params (string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            _settings[key] = value;
        }
    }

    public ConnectorContext Context(IReadMemory? memory = null) =>
        new(Guid.Empty, new SourceSettings(_settings), new Opened(Secrets), Http, Clock)
        {
            Memory = memory ?? Kept, Note = Notes.Add, Progress = Said.Add,
        };

    /// <summary>One run. What it wants kept is kept only when it came to its end, as the product does.</summary>
    public async Task<List<ReadEvent>> PollAsync(CancellationToken cancellationToken)
    {
        var memory = Kept.Copy();
        var events = new List<ReadEvent>();
        await foreach (var read in Connector.ReadAsync(Context(memory), cancellationToken))
        {
            events.Add(read);
        }

        Kept = memory;
        return events;
    }

    public async Task<List<TestStep>> TestAsync(CancellationToken cancellationToken)
    {
        var steps = new List<TestStep>();
        await foreach (var step in Connector.TestAsync(Context(), cancellationToken))
        {
            steps.Add(step);
        }

        return steps;
    }

    internal sealed class Memory : IReadMemory
    {
        public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

        public Memory Copy()
        {
            var copy = new Memory();
            foreach (var (key, value) in Values)
            {
                copy.Values[key] = value;
            }

            return copy;
        }

        public ValueTask<string?> GetAsync(string key, CancellationToken cancellationToken)
        {
            lock (Values)
            {
                return new(Values.GetValueOrDefault(key));
            }
        }

        public ValueTask SetAsync(string key, string? value, CancellationToken cancellationToken)
        {
            lock (Values)
            {
                if (value is null)
                {
                    Values.Remove(key);
                }
                else
                {
                    Values[key] = value;
                }
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class Opened(Dictionary<string, string?> secrets) : ISourceSecrets
    {
        public ValueTask<string?> OpenAsync(string key, CancellationToken cancellationToken) => new(secrets.GetValueOrDefault(key));
    }
}
