using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;

namespace Weir.Compiler.Explain;

/// <summary>What becomes of one packet of many, in short.</summary>
/// <param name="Packet">The packet's own flow, or what else it is.</param>
/// <param name="Quoted">The flow that an ICMP error is about, or null.</param>
/// <param name="Reason">Null when it is forwarded, as are the others when it is not.</param>
public sealed record PacketAnswer(string Packet, string? Quoted, Outcome Outcome, Reason? Reason, string? Vip, string? Pool, string? Backend, IPAddress? Address, int? Slot)
{
    internal static PacketAnswer Of(SitePlan plan, ReadOnlySpan<byte> frame, Verdict verdict)
    {
        FlowChoice? flow = verdict.Flow;
        BackendPlan? backend = verdict.ChargedBackend is var (pool, number) ? plan.Pools[pool].Backends[number] : null;
        return new PacketAnswer(
            Describe(frame),
            flow is { Quoted: true } ? PacketText.Of(flow.Flow.Protocol, flow.Flow.Source, flow.Flow.SourcePort, flow.Flow.Destination, flow.Flow.DestinationPort) : null,
            Explainer.OutcomeOf(verdict),
            verdict.Reason,
            flow is null ? null : plan.Vips[flow.Vip].Name,
            flow is null or { Denied: true } ? null : plan.Pools[flow.Pool].Name,
            backend?.Name,
            backend?.Address,
            flow is null or { Denied: true } ? null : flow.Slot);
    }

    private static string Describe(ReadOnlySpan<byte> frame)
    {
        if (EthernetFrame.Read(frame) is not { } link)
        {
            return frame.Length < EthernetFrame.HeaderLength
                ? "too short for Ethernet"
                : string.Create(CultureInfo.InvariantCulture, $"not IP, type 0x{BinaryPrimitives.ReadUInt16BigEndian(frame[12..]):x4}");
        }

        ReadOnlySpan<byte> packet = frame[link.PacketAt..];
        IPAddress source = new(InternetHeader.Source(packet, link.IsV6));
        IPAddress destination = new(InternetHeader.Destination(packet, link.IsV6));
        if (InternetHeader.Read(packet, link.IsV6, packet.Length, out InternetHeader header) is not null || header.Protocol is not { } protocol)
        {
            return $"ip {source} -> {destination}";
        }

        ReadOnlySpan<byte> transport = packet[header.TransportAt..];
        return protocol is InternetHeader.Tcp or InternetHeader.Udp
            ? PacketText.Of(protocol, source, BinaryPrimitives.ReadUInt16BigEndian(transport), destination, BinaryPrimitives.ReadUInt16BigEndian(transport[2..]))
            : PacketText.Of(protocol, source, 0, destination, 0);
    }
}

/// <summary>Counts over many packets; as large as the site has VIPs and backends, however many packets come.</summary>
public sealed class PacketTally
{
    private readonly SortedDictionary<string, long> vips = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> backends = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Reason, long> reasons = [];

    public long Packets { get; private set; }

    public long Forwarded { get; private set; }

    /// <summary>Packets that the capture cut short.</summary>
    public long Cut { get; private set; }

    /// <summary>Forwarded packets by VIP, sorted by name.</summary>
    public IReadOnlyDictionary<string, long> Vips => vips;

    /// <summary>Forwarded packets by <c>POOL/NAME</c>, sorted.</summary>
    public IReadOnlyDictionary<string, long> Backends => backends;

    /// <summary>All others by reason.</summary>
    public IReadOnlyDictionary<Reason, long> Reasons => reasons;

    public void Add(PacketAnswer answer, bool cut)
    {
        Packets++;
        Cut += cut ? 1 : 0;
        if (answer.Reason is { } reason)
        {
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            return;
        }

        Forwarded++;
        string backend = $"{answer.Pool}/{answer.Backend}";
        vips[answer.Vip!] = vips.GetValueOrDefault(answer.Vip!) + 1;
        backends[backend] = backends.GetValueOrDefault(backend) + 1;
    }
}
