using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weir.Applier.Tests.Network;

/// <summary>Two network namespaces joined by a veth pair: ours with <c>near0</c> (10.9.0.1, fd09::1), the neighbour's with <c>far0</c> (10.9.0.2, fd09::2, 02:00:00:00:09:02).</summary>
internal sealed partial class TwoHosts : IDisposable
{
    private static int s_count;

    private readonly string _near;
    private readonly string _far;

    internal TwoHosts()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"weir{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        _near = name + "a";
        _far = name + "b";
        Ip($"netns add {_near}");
        Ip($"netns add {_far}");
        Ip($"-n {_near} link add near0 mtu 1400 address 02:00:00:00:09:01 type veth peer name far0 address 02:00:00:00:09:02 mtu 1400 netns {_far}");
        foreach ((string space, string device, string host) in new[] { (_near, "near0", "1"), (_far, "far0", "2") })
        {
            Ip($"-n {space} address add 10.9.0.{host}/24 dev {device}");
            Ip($"-n {space} address add fd09::{host}/64 dev {device} nodad");
            Ip($"-n {space} link set {device} up");
        }
    }

    internal void Ip(string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", arguments.Replace("NEAR", _near, StringComparison.Ordinal)) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {arguments}: {errors}");
        }
    }

    /// <summary>Runs something in our namespace, on a thread that ends with it.</summary>
    internal T Run<T>(Func<T> what)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                using SafeFileHandle space = File.OpenHandle($"/run/netns/{_near}");
                if (setns(space, 0) != 0)
                {
                    throw new InvalidOperationException("setns");
                }

                result = what();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    public void Dispose()
    {
        Ip($"netns delete {_near}");
        Ip($"netns delete {_far}");
    }

    [LibraryImport("libc")]
    private static partial int setns(SafeFileHandle descriptor, int type);
}
