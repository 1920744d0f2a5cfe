using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Fakes;

/// <summary>Opens, and then cannot keep a page: the database's disk is full.</summary>
public sealed class FailingSink : IObservationSink
{
    public Task<IObservationWriter> OpenAsync(RunTicket run, CancellationToken cancellationToken) => Task.FromResult<IObservationWriter>(new Writer());

    private sealed class Writer : IObservationWriter
    {
        public bool IsWriting => false;

        public RunSummary Soon => new(1, 0, 0, 0, 0, 0, 0, 0, 0);

        public Task TakeAsync(ReadEvent read, CancellationToken cancellationToken) =>
            read is ScopePage ? throw new IOException("No space left on the disk.") : Task.CompletedTask;

        public Task<RunSummary> FinishAsync(bool readToEnd, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nothing may be judged after a page that was not kept.");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
