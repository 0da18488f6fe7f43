using System.Globalization;
using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;

namespace Weir.DataPlaneTests.Fuzz;

/// <param name="Kind">How it was made, for the reader of a report.</param>
internal readonly record struct GeneratedFrame(string Kind, byte[] Frame);

/// <summary>Draws frames for a site: valid, hostile, and at every edge the rules have.</summary>
internal sealed class PacketGenerator(Draw draw, SitePlan plan, int index)
{
    private const int IcmpTypesPerSite = 16;

    private readonly Queue<byte[]> later = [];

    /// <summary>What frames with every type of ICMP are called.</summary>
    public static string IcmpKind(bool isV6, byte type) => string.Create(CultureInfo.InvariantCulture, $"{(isV6 ? "ICMPv6" : "ICMP")} type {type}");

    /// <summary>Frames that every site gets: one cut at every length, and its part of all ICMP types.</summary>
    public IEnumerable<GeneratedFrame> Systematic()
    {
        Target target = Target.Served(draw, plan);
        byte[] whole = (index % 3) switch
        {
            0 => Flow(target, HeaderChains.Add(draw, target.FromClient(draw))),
            1 => IcmpPackets.Error(draw, plan, target),
            _ => Flow(target, target.FromClient(draw)),
        };
        for (int length = Mutations.Shortest; length <= Math.Min(whole.Length, 160); length++)
        {
            yield return new GeneratedFrame("cut", whole[..length]);
        }

        foreach (Target one in plan.Vips.SelectMany(vip => vip.SampleAddresses).Select(address => target with { Address = address }).DistinctBy(at => at.IsV6))
        {
            for (int type = 0; type < IcmpTypesPerSite; type++)
            {
                byte number = (byte)((index * IcmpTypesPerSite) + type);
                yield return new GeneratedFrame(IcmpKind(one.IsV6, number), IcmpPackets.OfType(draw, one, number));
            }
        }
    }

    /// <summary>Any frame.</summary>
    public GeneratedFrame Next()
    {
        GeneratedFrame next = later.TryDequeue(out byte[]? frame) ? new GeneratedFrame("later fragment", frame) : Sound();
        next = draw.Chance(25) ? new GeneratedFrame(next.Kind + ", damaged", Mutations.Damage(draw, next.Frame)) : next;
        return next.Frame.Length > Frames.Largest(plan) ? next with { Frame = next.Frame[..Frames.Largest(plan)] } : next;
    }

    private GeneratedFrame Sound()
    {
        Target target = Target.Any(draw, plan);
        IpFields ip = target.FromClient(draw);
        switch (draw.Int(0, 99))
        {
            case < 30:
                return new GeneratedFrame("flow", Flow(target, ip));
            case < 42:
                return new GeneratedFrame("options", Flow(target, HeaderChains.Add(draw, ip, Frames.Largest(plan) > Frames.OneBuffer ? 256 : 12)));
            case < 54:
                return new GeneratedFrame("size", Sized(Target.Served(draw, plan)));
            case < 57:
                return draw.Chance(30) ? new GeneratedFrame("fragment", Flow(target, ip with { Fragment = draw.UShort() })) : Fragments(Target.Served(draw, plan));
            case < 63:
                return new GeneratedFrame("ICMP", IcmpPackets.OfType(draw, target, draw.Chance(50) ? (byte)(target.IsV6 ? 128 : 8) : draw.Byte()));
            case < 80:
                return new GeneratedFrame("ICMP error", IcmpPackets.Error(draw, plan, draw.Chance(85) ? Target.Served(draw, plan) : target));
            case < 86:
                return new GeneratedFrame("foreign", Flow(target, ip with { Destination = Foreign(target.Address) }));
            case < 91:
                return new GeneratedFrame("protocol", Frames.Around(draw, ip, draw.Chance(50) ? draw.Byte() : draw.Pick<byte>(0, 1, 6, 17, 43, 44, 58, 60), draw.Bytes(draw.Int(0, 60))));
            case < 95:
                return new GeneratedFrame("short transport", Frames.Around(draw, ip, target.Protocol, FrameWriter.Transport(ip, target.Protocol, draw.UShort(), target.Port, 0).AsSpan(0, draw.Int(0, 8))));
            case < 98:
                return new GeneratedFrame("other EtherType", FrameWriter.Frame(draw.Pick<ushort>(0x0806, 0x0800, 0x86dd, 0x8100, 0x8847, draw.UShort()), draw.Bytes(draw.Int(0, 100)), draw.Pick<ushort[]>([], [0x8100], [0x88a8, 0x8100])));
            default:
                return new GeneratedFrame("noise", draw.Bytes(draw.Int(Mutations.Shortest, 200)));
        }
    }

    /// <summary>The first fragment of a datagram; one or two later ones come next, mostly.</summary>
    private GeneratedFrame Fragments(Target target)
    {
        IpFields ip = target.FromClient(draw) with { Id = draw.UShort() };
        byte[] id = draw.Bytes(4);
        byte[] bytes = FrameWriter.Transport(ip, target.Protocol, draw.UShort(), target.Port, 60);
        for (int count = draw.Int(0, 2), at = 24; count > 0; count--, at += 24)
        {
            later.Enqueue(Piece(at, at + 24, more: count > 1));
        }

        return new GeneratedFrame("first fragment", Piece(0, 24, more: true));

        byte[] Piece(int from, int to, bool more) => ip.IsV6
            ? FrameWriter.Frame(ip with { Extensions = [new Extension(44, [0, 0, 0, (byte)(from | (more ? 1 : 0)), .. id])] }, target.Protocol, bytes.AsSpan(from, Math.Min(to, bytes.Length) - from))
            : FrameWriter.Frame(ip with { Fragment = (ushort)((more ? 0x2000 : 0) | (from / 8)) }, target.Protocol, bytes.AsSpan(from, Math.Min(to, bytes.Length) - from));
    }

    private byte[] Flow(Target target, IpFields ip) =>
        Frames.Around(draw, ip, target.Protocol, ServerIdTransport.For(draw, plan, target, ip) ?? FrameWriter.Transport(ip, target.Protocol, draw.UShort(), target.Port, draw.Int(0, 120)));

    /// <summary>A packet whose length is at an edge of the MTU, or anything up to more than the MTU.</summary>
    private byte[] Sized(Target target)
    {
        IpFields ip = target.FromClient(draw);
        ip = draw.Chance(15) ? HeaderChains.Add(draw, ip) : ip;
        int headers = FrameWriter.Packet(ip, target.Protocol, FrameWriter.Transport(ip, target.Protocol, 0, 0, 0)).Length;
        int most = Frames.Largest(plan) - 22 - 46;
        int length = draw.Weighted(
            (4, plan.Mtu - 40 + draw.Int(-2, 2)),
            (4, plan.Mtu - 20 + draw.Int(-2, 2)),
            (2, plan.Mtu + draw.Int(-2, 2)),
            (3, draw.Int(64, 1600)),
            (1, draw.Int(64, most)));
        int payload = Math.Max(0, Math.Min(length, most) - headers);
        return Frames.Around(draw, ip, target.Protocol, FrameWriter.Transport(ip, target.Protocol, draw.UShort(), target.Port, payload));
    }

    /// <summary>Anybody, or a neighbour of the VIP's by one bit.</summary>
    private IPAddress Foreign(IPAddress vip)
    {
        byte[] bytes = draw.Chance(60) ? vip.GetAddressBytes() : draw.Bytes(vip.GetAddressBytes().Length);
        bytes[draw.Int(0, bytes.Length - 1)] ^= (byte)(1 << draw.Int(0, 7));
        return new IPAddress(bytes);
    }
}
