using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Fakes;

/// <summary>Counts and forgets, for tests in which it does not matter what becomes of observations.</summary>
public sealed class CountingSink : IObservationSink
{
    public Task<IObservationWriter> OpenAsync(RunTicket run, CancellationToken cancellationToken) => Task.FromResult<IObservationWriter>(new Writer());

    private sealed class Writer : IObservationWriter
    {
        public bool IsWriting => false;

        public RunSummary Soon { get; private set; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0);

        public Task TakeAsync(ReadEvent read, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Soon = read switch
            {
                ScopeStarted => Soon with { ScopesStarted = Soon.ScopesStarted + 1 },
                ScopePage page => Soon with { Seen = Soon.Seen + page.Observations.Count },
                ScopeEnded { Outcome: ScopeOutcome.Complete or ScopeOutcome.Unchanged } => Soon with { ScopesComplete = Soon.ScopesComplete + 1 },
                ScopeEnded { Outcome: ScopeOutcome.Denied } => Soon with { ScopesDenied = Soon.ScopesDenied + 1 },
                ScopeEnded { Outcome: ScopeOutcome.Failed } => Soon with { ScopesFailed = Soon.ScopesFailed + 1 },
                _ => Soon,
            };
            return Task.CompletedTask;
        }

        public Task<RunSummary> FinishAsync(bool readToEnd, CancellationToken cancellationToken) => Task.FromResult(Soon);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
