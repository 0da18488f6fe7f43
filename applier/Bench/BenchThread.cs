using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Weir.Applier.Bench;

/// <summary>A thread of its own for measuring: bound to one CPU, and in a network namespace that nobody else sees and that goes
/// with it, so scratch interfaces need no cleaning up even after a kill.</summary>
public static partial class BenchThread
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>Runs <paramref name="work"/> there and gives back its result or its exception.</summary>
    /// <exception cref="Win32Exception">The namespace was refused: CAP_SYS_ADMIN is missing.</exception>
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Enter();
                result = work();
            }
            catch (Exception caught)
            {
                failure = ExceptionDispatchInfo.Capture(caught);
            }
        })
        {
            IsBackground = true,
            Name = "weir bench",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    private static void Enter()
    {
        Check(Unshare(CloneNewNet), "A network namespace for measuring");

        // The last CPU we may use: interrupts and short-lived work tend to land on the first.
        ulong[] mask = new ulong[16];
        Check(SchedGetAffinity(0, mask.Length * sizeof(ulong), mask), "Reading the CPU affinity");
        int word = Array.FindLastIndex(mask, bits => bits != 0);
        ulong last = 1UL << (63 - (int)ulong.LeadingZeroCount(mask[word]));
        Array.Clear(mask);
        mask[word] = last;
        Check(SchedSetAffinity(0, mask.Length * sizeof(ulong), mask), "Binding to one CPU");
    }

    private static void Check(int result, string what)
    {
        if (result < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new Win32Exception(errno, $"{what} was refused: {Marshal.GetPInvokeErrorMessage(errno)}. Measuring needs root.");
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int SchedGetAffinity(int thread, nint bytes, [Out] ulong[] mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int thread, nint bytes, ulong[] mask);
}
