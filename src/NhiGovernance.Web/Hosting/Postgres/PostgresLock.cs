using System.Diagnostics;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>Decides who answers for the server of a folder. The lock is the operating system's and ends with its process.</summary>
internal static class PostgresLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    /// <returns>The lock, or the server that a serving application runs. A verb in progress is waited for.</returns>
    public static async Task<(FileStream? Held, PostgresEndpoint? Running)> TakeOrFindAsync(
        PostgresFolder folder, PostgresUse use, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryTake(folder) is { } held)
            {
                File.Delete(folder.State);
                return (held, null);
            }

            if (await PostgresEndpoint.ReadAsync(folder, cancellationToken) is { Use: PostgresUse.Serve } running)
            {
                return use == PostgresUse.Verb
                    ? (null, running)
                    : throw new SettingException(
                        PostgresOptions.DataKey,
                        $"{Path.GetDirectoryName(folder.Root)} is in use by process {running.OwnerProcess}; stop it, or give another folder by --data");
            }

            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new SettingException(PostgresOptions.DataKey, $"{folder.Lock} is held by another process that does not end");
            }

            await Task.Delay(Beat, cancellationToken);
        }
    }

    private static FileStream? TryTake(PostgresFolder folder)
    {
        try
        {
            return new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
