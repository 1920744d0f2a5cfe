using System.Diagnostics;

namespace NhiGovernance.Benchmarks;

/// <summary>The process's largest resident memory while it is watched, over what it was at the start, and in all.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _watch;
    private long _peak;

    public PeakMemory()
    {
        GC.Collect();
        Start = Resident();
        _watch = new Thread(Watch) { IsBackground = true };
        _watch.Start();
    }

    public long Start { get; }

    public long Peak => Math.Max(_peak, Resident());

    public void Dispose()
    {
        _stop.Cancel();
        _watch.Join();
        _stop.Dispose();
    }

    public override string ToString() => $"peak {Peak >> 20} MB resident ({Start >> 20} MB before)";

    private void Watch()
    {
        while (!_stop.Token.WaitHandle.WaitOne(20))
        {
            _peak = Math.Max(_peak, Resident());
        }
    }

    private static long Resident()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
