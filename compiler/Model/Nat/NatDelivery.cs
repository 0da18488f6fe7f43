using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model.Nat;

/// <summary>What NAT makes of a packet.</summary>
/// <param name="Frame">The frame as it is sent; null where it is not.</param>
/// <param name="Reason">Why not, or what is counted beside.</param>
/// <param name="Fits">Where the reason is that it is too big: how long it may be.</param>
/// <param name="Backend">Dense number of the backend that it goes to, where it comes from a client and is sent.</param>
internal sealed record NatOutcome(byte[]? Frame, Reason? Reason, int Fits = 0, int? Backend = null);

/// <summary>Delivery by NAT, both ways: <c>bpf/README.md</c>, section 10.</summary>
internal sealed class NatDelivery(SitePlan plan, HostState host)
{
    private const int TcpLength = 20;

    private readonly NatAddresses addresses = new(host.NatSources);

    private readonly (bool V4, bool V6) families = (Any(plan, AddressFamily.InterNetwork), Any(plan, AddressFamily.InterNetworkV6));

    public NatTable Table { get; } = new();

    /// <summary>Whether replies come in the family: a backend of it is reached by NAT.</summary>
    public bool Uses(bool isV6) => isV6 ? families.V6 : families.V4;

    public static bool Is(SitePlan plan, BackendPlan backend) => plan.Encapsulations[backend.Encapsulation].Type == EncapsulationType.Nat;

    /// <summary>Whether packets to the address are replies.</summary>
    public bool Holds(ReadOnlySpan<byte> address) => Uses(address.Length == 16) && addresses.Holds(new IPAddress(address));

    /// <summary>A packet for a VIP whose flow has a backend that is reached by NAT.</summary>
    /// <param name="readable">Bytes of the IP packet in the first buffer.</param>
    public NatOutcome Send(ReadOnlySpan<byte> frame, EthernetFrame link, InternetHeader header, FlowChoice choice, int readable)
    {
        ReadOnlySpan<byte> packet = frame.Slice(link.PacketAt, header.Length);
        NatFlow flow = new(choice.Flow.Protocol == InternetHeader.Udp, choice.Flow.Source, choice.Flow.SourcePort, choice.Flow.Destination, choice.Flow.DestinationPort);
        if (!choice.Quoted && TcpIsCut(header, readable))
        {
            return new(null, Reason.DropMalformed);
        }

        TcpFlags flags = choice.Quoted ? TcpFlags.None : Flags(packet, header);
        ulong hash = flow.Hash(choice.Hash);
        int? at = Table.Find(hash, addresses.Rows, flow);
        NatRow? bound = at is int found ? Table.Row(found) : null;
        bool known = bound is not null && Stays(bound, choice.Pool) && (!flags.HasFlag(TcpFlags.Syn) || bound.IsSettled);
        if (choice.Quoted && !known)
        {
            return new(null, Reason.DropIcmpInner);
        }

        int id = known ? bound!.Id : choice.Backend!.Value;
        BackendPlan backend = plan.Pools[choice.Pool].Backends[id];
        ushort port = known ? bound!.Port : backend.Port == 0 ? flow.VipPort : backend.Port;
        if (Refused(packet, link.IsV6, header, backend.Address) is { } refused)
        {
            return refused;
        }

        NatSaid said = (flags.HasFlag(TcpFlags.Fin) ? NatSaid.ClientEnds : 0) | (flags.HasFlag(TcpFlags.Rst) ? NatSaid.Reset : 0);
        if (known && !choice.Quoted)
        {
            said |= bound!.Said | (bound.Said.HasFlag(NatSaid.Answered) && !flags.HasFlag(TcpFlags.Syn) ? NatSaid.Settled : 0);
            Table.Write(at!.Value, bound with { Seen = Table.Now, Said = said });
        }
        else if (!known)
        {
            at ??= Table.Free(hash, addresses.Rows);
            if (at is null)
            {
                return new(null, Reason.DropNatFull);
            }

            Table.Write(at.Value, new NatRow(flow, backend.Address, port, id, Table.Now, said));
        }

        (IPAddress Address, ushort Port) source = addresses.SourceOf(at!.Value, backend.Address.AddressFamily == AddressFamily.InterNetworkV6);
        return Rewritten(frame, link, header, choice.Quoted, choice.Flow.Protocol, source, (backend.Address, port)) with { Backend = id };
    }

    /// <summary>A packet to a source address of NAT's: from a backend to its client.</summary>
    /// <param name="flow">As it comes; of an ICMP error the one quoted, the other way.</param>
    public NatOutcome Reply(ReadOnlySpan<byte> frame, EthernetFrame link, InternetHeader header, Flow flow, bool quoted, int readable)
    {
        if (addresses.RowOf(flow.Destination, flow.DestinationPort) is not int at || Table.Row(at) is not { } row
            || row.Flow.Udp != (flow.Protocol == InternetHeader.Udp) || !row.Backend.Equals(flow.Source) || row.Port != flow.SourcePort)
        {
            return new(null, Reason.PassNatUnknown);
        }

        if (!quoted && TcpIsCut(header, readable))
        {
            return new(null, Reason.DropMalformed);
        }

        ReadOnlySpan<byte> packet = frame.Slice(link.PacketAt, header.Length);
        if (Refused(packet, link.IsV6, header, row.Flow.Client) is { } refused)
        {
            return refused;
        }

        if (!quoted)
        {
            TcpFlags flags = Flags(packet, header);
            NatSaid said = (flags.HasFlag(TcpFlags.Fin) ? NatSaid.BackendEnds : 0) | (flags.HasFlag(TcpFlags.Rst) ? NatSaid.Reset : 0);
            Table.Write(at, row with { Seen = Table.Now, Said = row.Said | said | NatSaid.Answered });
        }

        return Rewritten(frame, link, header, quoted, flow.Protocol, (row.Flow.Vip, row.Flow.VipPort), (row.Flow.Client, row.Flow.ClientPort));
    }

    private static bool Any(SitePlan plan, AddressFamily family) => plan.Pools.Any(p => p.Backends.Any(b => b.Address.AddressFamily == family && Is(plan, b)));

    /// <summary>Whether a connection keeps its backend: it is there still, under the same number, and not down.</summary>
    private bool Stays(NatRow row, int pool) =>
        plan.Pools[pool].Backends.ElementAtOrDefault(row.Id) is { } backend && backend.Address.Equals(row.Backend) && (!Is(plan, backend) || backend.State != BackendState.Down);

    /// <summary>Hops, size and next hop, in this order.</summary>
    private NatOutcome? Refused(ReadOnlySpan<byte> packet, bool isV6, InternetHeader header, IPAddress to)
    {
        bool toV6 = to.AddressFamily == AddressFamily.InterNetworkV6;
        int fits = plan.Mtu - (toV6 && !isV6 ? IcmpErrorTypes.Difference : 0);
        return packet[isV6 ? 7 : 8] <= 1 ? new(null, Reason.DropNatHops)
            : header.Length > fits ? new(null, Reason.TxTooBig, fits)
            : NextHop(toV6) is null ? new(null, Reason.DropNoNextHop)
            : null;
    }

    private PhysicalAddress? NextHop(bool toV6) => toV6 ? host.NextHopV6 : host.NextHopV4;

    private NatOutcome Rewritten(
        ReadOnlySpan<byte> frame, EthernetFrame link, InternetHeader header, bool quoted, byte protocol, (IPAddress Address, ushort Port) source, (IPAddress Address, ushort Port) destination)
    {
        ReadOnlySpan<byte> packet = frame.Slice(link.PacketAt, header.Length);
        byte hops = (byte)(packet[link.IsV6 ? 7 : 8] - 1);
        (byte[]? result, Reason reason) = quoted
            ? NatError.Of(packet, header.TransportAt, protocol, source, destination, plan.Mtu)
            : (PacketRewrite.Of(packet, header.TransportAt, protocol, source.Address.GetAddressBytes(), source.Port, destination.Address.GetAddressBytes(), destination.Port, hops), default);
        if (result is null)
        {
            return new(null, reason);
        }

        bool toV6 = result[0] >> 4 == 6;
        byte[] type = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(type, toV6 ? EthernetFrame.Ipv6 : EthernetFrame.Ipv4);
        const int Macs = 2 * EthernetFrame.AddressLength;
        return new(
            [.. NextHop(toV6)!.GetAddressBytes(), .. frame[..EthernetFrame.AddressLength], .. frame[Macs..link.TypeAt], .. type, .. result, .. frame[(link.PacketAt + header.Length)..]],
            null);
    }

    private static bool TcpIsCut(InternetHeader header, int readable) => header.Protocol == InternetHeader.Tcp && header.TransportAt + TcpLength > readable;

    /// <summary>SYN counts as there only without ACK.</summary>
    private static TcpFlags Flags(ReadOnlySpan<byte> packet, InternetHeader header)
    {
        TcpFlags flags = header.Protocol == InternetHeader.Tcp ? (TcpFlags)packet[header.TransportAt + 13] : TcpFlags.None;
        return flags.HasFlag(TcpFlags.Ack) ? flags & ~TcpFlags.Syn : flags;
    }

    [Flags]
    private enum TcpFlags : byte
    {
        None = 0,
        Fin = 1,
        Syn = 2,
        Rst = 4,
        Ack = 16,
    }
}
