using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Weir.Applier.Libbpf;

/// <summary>A thread of its own, bound to one CPU: for measuring, and for packets of which one leaves something behind for the next in a table of the CPU.</summary>
public static partial class BoundThread
{
    /// <summary>Runs <paramref name="work"/> there and gives back its result or its exception.</summary>
    /// <param name="turn">Which of the CPUs that we may use, counted round; without it the last: interrupts and short-lived work tend to land on the first.</param>
    public static T Run<T>(Func<T> work, int? turn = null)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Bind(turn);
                result = work();
            }
            catch (Exception caught)
            {
                failure = ExceptionDispatchInfo.Capture(caught);
            }
        })
        {
            IsBackground = true,
            Name = "weir bound",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    private static void Bind(int? turn)
    {
        ulong[] mask = new ulong[16];
        Check(SchedGetAffinity(0, mask.Length * sizeof(ulong), mask));
        int[] usable = [.. Enumerable.Range(0, mask.Length * 64).Where(cpu => (mask[cpu / 64] >> (cpu % 64) & 1) == 1)];
        int chosen = usable[(turn ?? usable.Length - 1) % usable.Length];
        Array.Clear(mask);
        mask[chosen / 64] = 1UL << (chosen % 64);
        Check(SchedSetAffinity(0, mask.Length * sizeof(ulong), mask));
    }

    private static void Check(int result)
    {
        if (result < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new Win32Exception(errno, $"Cannot bind a thread to one CPU: {Marshal.GetPInvokeErrorMessage(errno)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int SchedGetAffinity(int thread, nint bytes, [Out] ulong[] mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int thread, nint bytes, ulong[] mask);
}
