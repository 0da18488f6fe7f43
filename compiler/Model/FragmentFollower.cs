using System.Buffers.Binary;
using System.Net;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>Finds the flow of an IP fragment: <c>bpf/README.md</c>, section 2, rules 2 and 3.</summary>
internal sealed class FragmentFollower(SitePlan plan, FlowChooser flows)
{
    private readonly bool v4 = Any(plan, isV6: false);
    private readonly bool v6 = Any(plan, isV6: true);

    public FragmentTable Table { get; } = new();

    /// <summary>Whether any VIP of the family has its fragments followed.</summary>
    public bool Follows(bool isV6) => isV6 ? v6 : v4;

    /// <summary>The flow of a fragment whose lengths have been checked (rule 1), or why it is dropped.</summary>
    /// <param name="header">What has been read of it, up to the fragment header.</param>
    /// <param name="readable">How many bytes of the packet lie in the first buffer.</param>
    public (Flow? Flow, Reason Reason) Place(ReadOnlySpan<byte> packet, InternetHeader header, int readable) =>
        header.IsV6 ? PlaceV6(packet[..header.Length], header.TransportAt, readable) : PlaceV4(packet[..header.Length], header.TransportAt, readable);

    private static bool Any(SitePlan plan, bool isV6) => plan.Vips.Any(vip => vip.Fragments == FragmentPolicy.Follow
        && vip.Addresses.Concat(vip.Ranges.Select(r => r.BaseAddress)).Any(a => a.GetAddressBytes().Length == (isV6 ? 16 : 4)));

    private (Flow? Flow, Reason Reason) PlaceV4(ReadOnlySpan<byte> packet, int transportAt, int readable)
    {
        byte protocol = packet[9];
        if (protocol is not (InternetHeader.Tcp or InternetHeader.Udp))
        {
            return (null, Reason.DropFragment);
        }

        FragmentKey key = FragmentKey.V4(packet);
        int offset = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1fff) * 8;
        if (offset == 0)
        {
            return First(packet, isV6: false, key, protocol, transportAt, readable);
        }

        return offset < Least(protocol) ? (null, Reason.DropMalformed) : Later(packet, isV6: false, key);
    }

    private (Flow? Flow, Reason Reason) PlaceV6(ReadOnlySpan<byte> packet, int headerAt, int readable)
    {
        FragmentKey key = FragmentKey.V6(packet, headerAt);
        if ((BinaryPrimitives.ReadUInt16BigEndian(packet[(headerAt + 2)..]) & 0xfff8) != 0)
        {
            return Later(packet, isV6: true, key);
        }

        ExtensionHeaders walk = ExtensionHeaders.Walk(packet, readable, firstFragments: true);
        return walk.End switch
        {
            WalkEnd.TooMany => (null, Reason.DropExtensions),
            WalkEnd.Truncated => (null, Reason.DropMalformed),
            WalkEnd.Protocol when walk.Protocol is InternetHeader.Tcp or InternetHeader.Udp => First(packet, isV6: true, key, walk.Protocol, walk.At, readable),
            _ => (null, Reason.DropFragment),
        };
    }

    private (Flow? Flow, Reason Reason) First(ReadOnlySpan<byte> packet, bool isV6, FragmentKey key, byte protocol, int transportAt, int readable)
    {
        if (packet.Length - transportAt < Least(protocol) || transportAt + InternetHeader.Begins > readable)
        {
            return (null, Reason.DropMalformed);
        }

        Flow flow = FlowOf(packet, isV6, protocol, BinaryPrimitives.ReadUInt16BigEndian(packet[transportAt..]), BinaryPrimitives.ReadUInt16BigEndian(packet[(transportAt + 2)..]));
        if (flows.VipOf(flow) is not int vip || plan.Vips[vip].Fragments != FragmentPolicy.Follow)
        {
            return (null, Reason.DropFragment);
        }

        Table.Remember(plan.HashKey.K0, key, protocol, flow.SourcePort, flow.DestinationPort);
        return (flow, default);
    }

    private (Flow? Flow, Reason Reason) Later(ReadOnlySpan<byte> packet, bool isV6, FragmentKey key) =>
        Table.Find(plan.HashKey.K0, key) is var (protocol, source, destination)
            ? (FlowOf(packet, isV6, protocol, source, destination), default)
            : (null, Reason.DropFragmentUnknown);

    private static Flow FlowOf(ReadOnlySpan<byte> packet, bool isV6, byte protocol, ushort source, ushort destination) =>
        new(new IPAddress(InternetHeader.Source(packet, isV6)), new IPAddress(InternetHeader.Destination(packet, isV6)), protocol, source, destination);

    private static int Least(byte protocol) => protocol == InternetHeader.Tcp ? 20 : 8;
}
