using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Weir.Applier.Bench;

/// <summary>A thread of its own for measuring, bound to one CPU.</summary>
public static partial class BenchThread
{
    /// <summary>Runs <paramref name="work"/> there and gives back its result or its exception.</summary>
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Bind();
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

    // To the last CPU we may use: interrupts and short-lived work tend to land on the first.
    private static void Bind()
    {
        ulong[] mask = new ulong[16];
        Check(SchedGetAffinity(0, mask.Length * sizeof(ulong), mask));
        int word = Array.FindLastIndex(mask, bits => bits != 0);
        ulong last = 1UL << (63 - (int)ulong.LeadingZeroCount(mask[word]));
        Array.Clear(mask);
        mask[word] = last;
        Check(SchedSetAffinity(0, mask.Length * sizeof(ulong), mask));
    }

    private static void Check(int result)
    {
        if (result < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new Win32Exception(errno, $"Cannot bind to one CPU for measuring: {Marshal.GetPInvokeErrorMessage(errno)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int SchedGetAffinity(int thread, nint bytes, [Out] ulong[] mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int thread, nint bytes, ulong[] mask);
}
