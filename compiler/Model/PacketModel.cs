using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Weir.Compiler.Model.Nat;
using Weir.Compiler.Model.Strips;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>The reference model of the data plane: what <c>bpf/README.md</c> says of a packet, in the plainest form, over the
/// site plan as it stands. It shares nothing with the program; proofs and tests compare the two byte for byte.</summary>
public sealed class PacketModel
{
    private const int Ipv6Header = 40;

    private readonly SitePlan plan;
    private readonly HostState host;
    private readonly FlowChooser flows;
    private readonly FragmentFollower fragments;
    private readonly (bool V4, bool V6) families;
    private readonly StripModel? handovers;
    private readonly NatDelivery nat;

    public PacketModel(SitePlan plan, HostState host)
    {
        this.plan = plan;
        this.host = host;
        flows = new FlowChooser(plan, host.Ciphers, host.Transitions);
        fragments = new FragmentFollower(plan, flows);
        handovers = Decapsulations.ModelOf(plan.Decapsulate);
        nat = new NatDelivery(plan, host);
        families = (flows.Uses(isV6: false) || nat.Uses(isV6: false), flows.Uses(isV6: true) || nat.Uses(isV6: true));
    }

    /// <summary>What NAT remembers of connections. This and <see cref="Fragments"/> are the only things that one packet leaves behind for another.</summary>
    public NatTable Connections => nat.Table;

    /// <summary>What the CPU remembers of first fragments. All packets come to one CPU.</summary>
    public FragmentTable Fragments => fragments.Table;

    /// <summary>What must become of an Ethernet frame of any length and content. The driver is taken to have room for the outer header.</summary>
    /// <param name="firstBuffer">Bytes of the frame that lie in the driver's first buffer; at least 62, so that every fixed header does.</param>
    public Verdict Process(ReadOnlySpan<byte> frame, int firstBuffer = int.MaxValue)
    {
        StripResult? handed = handovers?.Strip(frame, firstBuffer);
        return handed?.Outcome switch
        {
            null or StripOutcome.Not => Arrived(frame, firstBuffer),
            StripOutcome.Done => HandedOver(handed.Frame.AsSpan(), firstBuffer == int.MaxValue ? firstBuffer : firstBuffer - (frame.Length - handed.Frame.Length)),
            { } outcome => Drop(frame, Decapsulations.ReasonOf(outcome)),
        };
    }

    /// <summary>The frame without the outer headers of what another site handed over; any other as it is.</summary>
    internal ReadOnlySpan<byte> Inner(ReadOnlySpan<byte> frame) => handovers?.Strip(frame) is { Outcome: StripOutcome.Done } handed ? handed.Frame.AsSpan() : frame;

    /// <summary>Section 8: as if it had arrived so, but never on to another load balancer.</summary>
    private Verdict HandedOver(ReadOnlySpan<byte> frame, int firstBuffer)
    {
        Verdict verdict = Arrived(frame, firstBuffer);
        return verdict.Flow is { Backend: int number, Denied: false } flow && plan.Pools[flow.Pool].Backends[number].HandsOn
            ? Drop(frame, Reason.DropHandover) with { Flow = flow, Address = verdict.Address }
            : verdict;
    }

    private Verdict Arrived(ReadOnlySpan<byte> frame, int firstBuffer)
    {
        if (EthernetFrame.Read(frame) is not EthernetFrame link || !(link.IsV6 ? families.V6 : families.V4))
        {
            return Pass(frame, Reason.PassNotIp);
        }

        ReadOnlySpan<byte> packet = frame[link.PacketAt..];
        ReadOnlySpan<byte> destination = InternetHeader.Destination(packet, link.IsV6);
        bool reply = !flows.HasAddress(destination);
        if (reply && !nat.Holds(destination))
        {
            return Pass(frame, Reason.PassNoVip);
        }

        int readable = Math.Min(frame.Length, firstBuffer) - link.PacketAt;
        return Ours(frame, link, packet, readable, reply) with { Address = new IPAddress(destination) };
    }

    /// <summary>Section 2, from a VIP's address on.</summary>
    /// <param name="reply">Whether the address is one that NAT takes as a source.</param>
    private Verdict Ours(ReadOnlySpan<byte> frame, EthernetFrame link, ReadOnlySpan<byte> packet, int readable, bool reply)
    {
        if (InternetHeader.Read(packet, link.IsV6, readable, out InternetHeader header) is Reason reason)
        {
            return !reply && reason == Reason.DropFragment && fragments.Follows(link.IsV6) ? Fragment(frame, link, packet, header, readable) : Drop(frame, reason);
        }

        ReadOnlySpan<byte> transport = packet[header.TransportAt..header.Length];
        if (header.IsIcmp)
        {
            return Icmp(frame, link, header, transport, readable, reply);
        }

        if (header.Protocol is not (InternetHeader.Tcp or InternetHeader.Udp))
        {
            return Unmatched(frame);
        }

        Flow flow = new(
            new IPAddress(InternetHeader.Source(packet, link.IsV6)),
            new IPAddress(InternetHeader.Destination(packet, link.IsV6)),
            header.Protocol.Value,
            BinaryPrimitives.ReadUInt16BigEndian(transport),
            BinaryPrimitives.ReadUInt16BigEndian(transport[2..]));
        if (reply)
        {
            return Reply(frame, link, header, flow, quoted: false, readable);
        }

        return flows.Choose(flow, quoted: false, transport, readable - header.TransportAt, extended: link.IsV6 && header.TransportAt != Ipv6Header) is FlowChoice choice
            ? Balance(frame, link, header, choice, readable)
            : Unmatched(frame);
    }

    /// <summary>Section 2, rules 2 and 3, where fragments are followed.</summary>
    private Verdict Fragment(ReadOnlySpan<byte> frame, EthernetFrame link, ReadOnlySpan<byte> packet, InternetHeader header, int readable)
    {
        (Flow? flow, Reason reason) = fragments.Place(packet, header, readable);
        return flow is null || flows.Choose(flow, quoted: false, extended: link.IsV6) is not FlowChoice choice ? Drop(frame, reason) : Balance(frame, link, header, choice, readable);
    }

    /// <summary>Section 4.</summary>
    private Verdict Icmp(ReadOnlySpan<byte> frame, EthernetFrame link, InternetHeader header, ReadOnlySpan<byte> icmp, int readable, bool reply)
    {
        byte type = icmp[0];
        if (IcmpAnswers.IsEchoRequest(type, icmp[1], link.IsV6))
        {
            return header.HasOptions
                ? Drop(frame, Reason.DropMalformed)
                : Decide(PacketAction.Tx, IcmpAnswers.EchoReply(frame, link), Reason.TxEchoReply);
        }

        if (IcmpQuote.IsError(type, link.IsV6))
        {
            ReadOnlySpan<byte> vipAddress = InternetHeader.Destination(frame[link.PacketAt..], link.IsV6);
            if (IcmpQuote.Read(icmp, link.IsV6, readable - header.TransportAt, vipAddress) is not Flow flow)
            {
                return Drop(frame, Reason.DropIcmpInner);
            }

            if (reply)
            {
                return Reply(frame, link, header, flow, quoted: true, readable);
            }

            return flows.Choose(flow, quoted: true) is FlowChoice choice ? Balance(frame, link, header, choice, readable) : Drop(frame, Reason.DropIcmpInner);
        }

        // Multicast listener and neighbour discovery belong to the host (RFC 2710, RFC 4861).
        return link.IsV6 && type is >= 130 and <= 137 ? Pass(frame, Reason.PassNoService) : Unmatched(frame);
    }

    /// <summary>Section 3, rules 2 to 6.</summary>
    private Verdict Balance(ReadOnlySpan<byte> frame, EthernetFrame link, InternetHeader header, FlowChoice choice, int readable)
    {
        if (choice.Denied)
        {
            return Drop(frame, Reason.DropSourceDenied) with { Flow = choice };
        }

        if (choice.Backend is not int number)
        {
            return Drop(frame, Reason.DropNoBackend) with { Flow = choice };
        }

        BackendPlan backend = plan.Pools[choice.Pool].Backends[number];
        if (NatDelivery.Is(plan, backend))
        {
            return Translated(frame, link, header, choice, nat.Send(frame, link, header, choice, readable));
        }

        bool outerV6 = backend.Address.AddressFamily == AddressFamily.InterNetworkV6;
        EncapsulationPlan encapsulation = plan.Encapsulations[backend.Encapsulation];
        bool bare = LinkDelivery.Is(encapsulation);
        int fits = bare ? plan.Mtu : plan.Mtu - OuterHeader.Overhead(encapsulation, outerV6);
        if (header.Length > fits && encapsulation.Type != EncapsulationType.Local)
        {
            return TooBig(frame, link, answer: header.DontFragment && !choice.Quoted, fits) with { Flow = choice };
        }

        if (bare)
        {
            return LinkDelivery.Of(frame, encapsulation, backend, host) is var (action, bytes)
                ? new Verdict(action, [.. bytes], null, header.Length, null, choice)
                : Drop(frame, Reason.DropNoLink) with { Flow = choice };
        }

        if ((outerV6 ? host.NextHopV6 : host.NextHopV4) is not PhysicalAddress nextHop)
        {
            return Drop(frame, Reason.DropNoNextHop) with { Flow = choice };
        }

        byte[] output = Encapsulate(frame, link, header, outerV6, backend, nextHop, choice.Hash.H2);
        return new Verdict(PacketAction.Tx, [.. output], null, header.Length, null, choice);
    }

    /// <summary>Section 10, from a client.</summary>
    private Verdict Translated(ReadOnlySpan<byte> frame, EthernetFrame link, InternetHeader header, FlowChoice choice, NatOutcome outcome)
    {
        FlowChoice bound = outcome.Backend is int backend ? choice with { Backend = backend } : choice;
        return outcome switch
        {
            { Frame: byte[] output } => new Verdict(PacketAction.Tx, [.. output], null, header.Length, null, bound),
            { Fits: > 0 and int fits } => TooBig(frame, link, answer: header.DontFragment && !choice.Quoted, fits) with { Flow = bound },
            _ => Drop(frame, outcome.Reason!.Value) with { Flow = bound },
        };
    }

    /// <summary>Section 10, from a backend.</summary>
    private Verdict Reply(ReadOnlySpan<byte> frame, EthernetFrame link, InternetHeader header, Flow flow, bool quoted, int readable) => nat.Reply(frame, link, header, flow, quoted, readable) switch
    {
        { Frame: byte[] output } => Decide(PacketAction.Tx, output, Reason.TxNatReply),
        { Fits: > 0 and int fits } => TooBig(frame, link, answer: header.DontFragment && !quoted, fits),
        { Reason: Reason.PassNatUnknown } => Pass(frame, Reason.PassNatUnknown),
        { Reason: var reason } => Drop(frame, reason!.Value),
    };

    private Verdict TooBig(ReadOnlySpan<byte> frame, EthernetFrame link, bool answer, int fits)
    {
        if (!answer)
        {
            return Drop(frame, Reason.DropTooBig);
        }

        return host.AnswersTooBig
            ? Decide(PacketAction.Tx, IcmpAnswers.TooBig(frame, link, fits), Reason.TxTooBig)
            : Drop(frame, Reason.DropTooBigLimited);
    }

    /// <summary>Section 3, rule 5.</summary>
    private byte[] Encapsulate(ReadOnlySpan<byte> frame, EthernetFrame link, InternetHeader inner, bool outerV6, BackendPlan backend, PhysicalAddress nextHop, uint h2)
    {
        EncapsulationPlan encapsulation = plan.Encapsulations[backend.Encapsulation];
        int added = OuterHeader.Overhead(encapsulation, outerV6);
        byte[] output = new byte[frame.Length + added];
        frame[..link.PacketAt].CopyTo(output);
        frame[link.PacketAt..].CopyTo(output.AsSpan(link.PacketAt + added));
        nextHop.GetAddressBytes().CopyTo(output, 0);
        frame[..EthernetFrame.AddressLength].CopyTo(output.AsSpan(EthernetFrame.AddressLength));
        BinaryPrimitives.WriteUInt16BigEndian(output.AsSpan(link.TypeAt), outerV6 ? EthernetFrame.Ipv6 : EthernetFrame.Ipv4);

        Span<byte> outer = output.AsSpan(link.PacketAt);
        byte protocol = TunnelHeader.Protocol(encapsulation.Type, link.IsV6);
        OuterSource? configured = outerV6 ? encapsulation.SourceV6 : encapsulation.SourceV4;
        byte[] source = OuterHeader.Source(configured ?? throw new InvalidOperationException($"Backend {backend.Name} has no source address of its family."), h2);
        byte[] destination = backend.Address.GetAddressBytes();
        TunnelHeader.Write(encapsulation, outer[OuterHeader.Length(outerV6)..], inner.Length, link.IsV6, h2, source, destination);
        if (outerV6)
        {
            OuterHeader.WriteV6(outer, inner.TrafficClass, h2, inner.Length + TunnelHeader.Length(encapsulation), protocol, source, destination);
        }
        else
        {
            OuterHeader.WriteV4(outer, inner.TrafficClass, inner.Length + added, protocol, source, destination);
        }

        return output;
    }

    /// <summary>Section 2, rule 6.</summary>
    private Verdict Unmatched(ReadOnlySpan<byte> frame) => plan.Unmatched == Topologies.Unmatched.Pass
        ? Pass(frame, Reason.PassNoService)
        : Drop(frame, Reason.DropNoService);

    private static Verdict Pass(ReadOnlySpan<byte> frame, Reason reason) => Decide(PacketAction.Pass, frame, reason);

    private static Verdict Drop(ReadOnlySpan<byte> frame, Reason reason) => Decide(PacketAction.Drop, frame, reason);

    private static Verdict Decide(PacketAction action, ReadOnlySpan<byte> output, Reason reason) =>
        new(action, [.. output], reason, 0, null, null);
}
