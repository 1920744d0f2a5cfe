namespace NhiGovernance.Sources.Runs;

/// <summary>The inventory could not take what a connector read: our fault, not the source's, and no ground for any judgement.</summary>
internal sealed class NotStoredException(RunSummary soFar, Exception inner) : Exception("What was read could not be stored.", inner)
{
    public RunSummary SoFar => soFar;
}

/// <summary>Tells a failing database from a failing source: the two end a run in different ways.</summary>
internal static class Storing
{
    /// <exception cref="LeaseLostException">Another worker has the source.</exception>
    /// <exception cref="NotStoredException">Anything else.</exception>
    public static async Task TryAsync(IObservationWriter writer, Func<IObservationWriter, Task> work, CancellationToken lost)
    {
        try
        {
            await work(writer);
        }
        catch (Exception fault) when (fault is not LeaseLostException)
        {
            throw lost.IsCancellationRequested ? new LeaseLostException() : new NotStoredException(writer.Soon, fault);
        }
    }
}
