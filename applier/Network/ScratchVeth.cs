using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Weir.Applier.Libbpf;

namespace Weir.Applier.Network;

/// <summary>A pair of virtual interfaces in a network namespace of its own, for programs that must be
/// attached somewhere but see no traffic. The namespace belongs to one thread and has no name: when the thread ends, or the
/// process is killed, the kernel removes all of it. With a program attached here natively,
/// repeated runs of any program avoid the 16 ms that the kernel otherwise takes to prepare and to undo its dispatcher.</summary>
public sealed partial class ScratchVeth : IDisposable
{
    private const int NewNetworkNamespace = 0x40000000;
    private const ushort NewLink = 16;
    private const ushort NameAttribute = 3;
    private const ushort LinkInfoAttribute = 18;
    private const ushort KindAttribute = 1;
    private const ushort DataAttribute = 2;
    private const ushort PeerAttribute = 1;
    private const int LinkFixedBytes = 16;
    private const byte UpFlag = 1;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private bool _disposed;

    /// <summary>Makes the pair, both ends up.</summary>
    /// <exception cref="NetworkException">Without CAP_SYS_ADMIN and CAP_NET_ADMIN, or without the veth driver.</exception>
    public ScratchVeth()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "scratch network" };
        _thread.Start();
        try
        {
            (Interface, Peer) = Run(Make);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>One end.</summary>
    public HostInterface Interface { get; }

    /// <summary>The other end.</summary>
    public HostInterface Peer { get; }

    /// <summary>Attaches a program to one end, natively.</summary>
    public XdpLink Attach(BpfProgram program) => Run(() => XdpLink.Create(program, Interface.Index, XdpMode.Native));

    /// <summary>Runs something in the namespace and waits for it.</summary>
    public T Run<T>(Func<T> what)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        using ManualResetEventSlim done = new();
        _work.Add(() =>
        {
            try
            {
                result = what();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }

            done.Set();
        });
        done.Wait();
        failure?.Throw();
        return result;
    }

    /// <summary>Removes both ends and the namespace.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _work.CompleteAdding();
            _thread.Join();
            _work.Dispose();
        }
    }

    private static (HostInterface, HostInterface) Make()
    {
        if (unshare(NewNetworkNamespace) != 0)
        {
            throw new NetworkException("make a scratch network namespace", Marshal.GetLastPInvokeError(), "It needs root or CAP_SYS_ADMIN.");
        }

        byte[] link = new byte[LinkFixedBytes];
        using NetlinkSocket socket = new();
        (int error, _) = socket.Ask(new NetlinkMessage(NewLink, NetlinkMessage.FlagAck | NetlinkMessage.FlagCreate | NetlinkMessage.FlagExclusive, link)
            .Add(NameAttribute, "scratch0")
            .Nest(LinkInfoAttribute, info => info
                .Add(KindAttribute, "veth")
                .Nest(DataAttribute, data => data.Nest(PeerAttribute, peer => peer.Add(NameAttribute, "scratch1"), link))));
        if (error != 0)
        {
            throw new NetworkException("make a scratch veth pair", error, "The kernel needs the veth driver: modprobe veth.");
        }

        return (SwitchOn(socket, "scratch0"), SwitchOn(socket, "scratch1"));
    }

    // An end can be switched on only once the other exists.
    private static HostInterface SwitchOn(NetlinkSocket socket, string name)
    {
        // struct ifinfomsg: flags at 8, the mask of those to change at 12.
        byte[] up = new byte[LinkFixedBytes];
        up[8] = up[12] = UpFlag;
        (int error, _) = socket.Ask(new NetlinkMessage(NewLink, NetlinkMessage.FlagAck, up).Add(NameAttribute, name));
        return error == 0 ? HostInterface.Find(name)! : throw new NetworkException($"switch {name} on", error);
    }

    private void Work()
    {
        foreach (Action action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);
}
