using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NhiGovernance.Common.Sealing;

/// <summary>
/// A renamed file is on the disk only when its folder is (fsync(2): "calling fsync() does not necessarily ensure that the entry in the
/// directory containing the file has also reached disk"). The database may be on another machine and already hold what the new key wraps.
/// </summary>
internal static class FolderOnDisk
{
    // O_RDONLY | O_CLOEXEC of Linux; the framework opens no folders.
    private const int ReadOnlyAndClosedInChildren = 0x80000;

    /// <summary>Waits until the names in the folder are on the disk. Elsewhere than on Linux it does nothing: there a rename is not known to need it.</summary>
    /// <exception cref="IOException">The folder cannot be opened.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var handle = new SafeFileHandle(Open([.. Encoding.UTF8.GetBytes(folder), 0], ReadOnlyAndClosedInChildren), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException($"The folder {folder} cannot be opened.", new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        RandomAccess.FlushToDisk(handle);
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);
}
