using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary>What tests of single rules share: the small plan, one client of either family, and a program to send packets through.</summary>
public abstract class PacketRules(RuleBench bench)
{
    protected const byte Tcp = 6;
    protected const byte Udp = 17;
    protected const ushort Client = 5555;

    protected static SitePlan Plan { get; } = ExamplePlans.Small();

    protected static SitePlan Strict { get; } = ExamplePlans.Small(Unmatched.Drop);

    /// <summary>From 198.51.100.7 or 2001:db8:c::7 to a VIP's address.</summary>
    protected static IpFields To(string vip)
    {
        IPAddress address = IPAddress.Parse(vip);
        return new IpFields(IPAddress.Parse(address.GetAddressBytes().Length == 4 ? "198.51.100.7" : "2001:db8:c::7"), address);
    }

    /// <summary>A TCP packet from port 5555.</summary>
    protected static byte[] TcpFrame(IpFields ip, ushort port, int payload = 10) =>
        FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, Client, port, payload));

    /// <summary>A TCP packet whose IP packet has a given length.</summary>
    protected static byte[] TcpFrameOf(int length, IpFields ip, ushort port) => TcpFrame(ip, port, length - (ip.IsV6 ? 60 : 40));

    internal async Task<Observation> Send(byte[] frame, SitePlan? plan = null, HostState? host = null) =>
        (await bench.Run(plan ?? Plan, frame, host)).Actual;

    internal Task<Observation> SendBehind(int metadata, byte[] frame) => bench.RunBehind(metadata, Plan, frame);

    /// <summary>The frame is passed on as it is, and one reason counted.</summary>
    internal async Task Passes(Reason reason, byte[] frame, SitePlan? plan = null)
    {
        Observation actual = await Send(frame, plan);
        Assert.Equal(PacketAction.Pass, actual.Action);
        Assert.Equal(frame, actual.Output);
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)reason, 1)], actual.Counted);
    }

    internal async Task Drops(Reason reason, byte[] frame, SitePlan? plan = null, HostState? host = null)
    {
        Observation actual = await Send(frame, plan, host);
        Assert.Equal(PacketAction.Drop, actual.Action);
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)reason, 1)], actual.Counted);
    }

    /// <summary>The frame goes to a backend, whole behind a new outer header. Gives back what the program sent.</summary>
    internal async Task<Observation> Forwards(byte[] frame, int outerLength = 20, SitePlan? plan = null, HostState? host = null)
    {
        Observation actual = await Send(frame, plan, host);
        Assert.Equal(PacketAction.Tx, actual.Action);
        Assert.DoesNotContain(actual.Counted, delta => delta.Kind == CounterKind.Reason);
        Assert.Equal(frame.Length + outerLength, actual.Output.Length);
        return actual;
    }
}
