using System.Runtime.InteropServices;

namespace Weir.Applier.Generations;

/// <summary>Waits until no packet is in a program that it entered before.</summary>
internal static partial class Grace
{
    private const int Global = 1;

    /// <summary>membarrier(2), MEMBARRIER_CMD_GLOBAL (Linux 4.3) waits for an RCU grace period, and XDP programs run inside RCU read-side
    /// sections. Kernels with adaptive-tick CPUs refuse it: there, a long while for one packet is waited instead.</summary>
    public static void Wait()
    {
        nint number = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 324,
            Architecture.Arm64 => 283,
            _ => -1,
        };
        if (number < 0 || Call(number, Global, 0, 0) != 0)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(50));
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, int command, uint flags, int cpu);
}
