using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weir.Applier.State;

/// <summary>One writer per state directory: flock(2) on its <c>lock</c>, which the kernel gives back when the process ends.</summary>
public sealed class StateLock : IDisposable
{
    private readonly SafeFileHandle file;

    private StateLock(SafeFileHandle file) => this.file = file;

    /// <exception cref="ApplierException">Held by another process (75), or the directory cannot be written (1).</exception>
    public static StateLock Take(string stateDirectory)
    {
        try
        {
            Directory.CreateDirectory(stateDirectory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ApplierException.Failed($"Cannot write the state directory {stateDirectory}: {exception.Message}", exception);
        }

        return LibC.OpenLocked(Path.Combine(stateDirectory, "lock"), out int error) is { } file
            ? new StateLock(file)
            : throw (error == LibC.WouldBlock
                ? ApplierException.Transient($"Another weir-applier is at work on {stateDirectory}. Try again when it is done.")
                : ApplierException.Failed($"Cannot lock the state directory {stateDirectory}: {Marshal.GetPInvokeErrorMessage(error)}."));
    }

    public void Dispose() => file.Dispose();
}
