using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Model;

namespace Weir.DataPlaneTests.Nat;

/// <summary>Random packets of clients, what backends answer to them, and errors about both; some are damaged.</summary>
internal sealed class NatTraffic(Random random, ImmutableArray<IPAddress> vips)
{
    private const byte Tcp = 6, Udp = 17;

    private static readonly byte[] Flags = [0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14, 0x01, 0x00];

    private readonly List<byte[]> sent = [], replied = [];

    /// <summary>Notes what a program sent: the answer to it may come next.</summary>
    public void Learn(byte[] frame, bool toBackend) => (toBackend ? sent : replied).Add(frame);

    public byte[] Next()
    {
        byte[] frame = random.Next(10) switch
        {
            < 4 => FromClient(),
            < 7 when sent.Count > 0 => Answer(Pick(sent)),
            7 when sent.Count > 0 => Error(Pick(sent)),
            8 when replied.Count > 0 => random.Next(2) == 0 ? Answer(Pick(replied)) : Error(Pick(replied)),
            _ => ToSource(),
        };
        if (random.Next(20) == 0)
        {
            frame[random.Next(14, frame.Length)] ^= (byte)(1 << random.Next(8));
        }

        return frame;
    }

    private byte[] FromClient()
    {
        IPAddress vip = Pick(vips);
        IPAddress client = vip.GetAddressBytes().Length == 4 ? IPAddress.Parse($"198.51.100.{random.Next(1, 4)}") : IPAddress.Parse($"2001:db8:c::{random.Next(1, 4)}");
        (byte protocol, ushort port) = Pick([(Tcp, (ushort)443), (Tcp, (ushort)8001), (Udp, (ushort)53), (Tcp, (ushort)7)]);
        return Packet(client, vip, protocol, (ushort)random.Next(40_000, 40_008), port);
    }

    /// <summary>Something that no connection has.</summary>
    private byte[] ToSource()
    {
        bool v6 = random.Next(2) == 0;
        IPAddress source = IPAddress.Parse(v6 ? "fd00:1::11" : "10.1.0.11"), destination = IPAddress.Parse(v6 ? $"2001:db8:a::{random.Next(0x1e, 0x26):x}" : $"10.10.0.{random.Next(30, 38)}");
        return Packet(source, destination, Pick([Tcp, Udp]), 8080, (ushort)random.Next(65536));
    }

    /// <summary>A packet the other way.</summary>
    private byte[] Answer(byte[] frame)
    {
        (bool v6, int at, int l4, byte protocol) = Parts(frame);
        if (protocol is not (Tcp or Udp))
        {
            return FromClient();
        }

        (IPAddress source, IPAddress destination) = Addresses(frame.AsSpan(at), v6);
        return Packet(destination, source, protocol, Port(frame, l4 + 2), Port(frame, l4));
    }

    /// <summary>An error about a packet, from its receiver or a router on the way.</summary>
    private byte[] Error(byte[] frame)
    {
        (bool v6, int at, _, _) = Parts(frame);
        (IPAddress source, IPAddress destination) = Addresses(frame.AsSpan(at), v6);
        IPAddress router = random.Next(2) == 0 ? destination : IPAddress.Parse(v6 ? "fd00:9::1" : "10.9.0.1");
        IpFields ip = new(router, source, (byte)random.Next(256), (byte)random.Next(1, 64), (ushort)(random.Next(2) * 0x4000)) { Options = Options(v6), Extensions = Extensions(v6) };
        (byte type, byte code) = v6
            ? Pick([((byte)1, (byte)random.Next(8)), ((byte)2, (byte)0), ((byte)3, (byte)random.Next(3)), ((byte)4, (byte)random.Next(3)), ((byte)128, (byte)0)])
            : Pick([((byte)3, (byte)random.Next(17)), ((byte)3, (byte)4), ((byte)11, (byte)random.Next(3)), ((byte)12, (byte)random.Next(3)), ((byte)5, (byte)0), ((byte)8, (byte)0)]);
        uint word = random.Next(4) switch
        {
            0 => 0,
            1 => (uint)random.Next(1, 48),
            2 => (uint)random.Next(40) << 24,
            _ => (uint)random.Next(500, 9001),
        };
        byte[] quote = frame[at..];
        quote = quote[..Math.Min(quote.Length, random.Next(3) == 0 ? random.Next(20, 90) : random.Next(100, 1500))];
        return FrameWriter.Frame(ip, v6 ? (byte)58 : (byte)1, FrameWriter.Icmp(ip, type, code, word, quote), Tags());
    }

    private byte[] Packet(IPAddress source, IPAddress destination, byte protocol, ushort from, ushort to)
    {
        bool v6 = destination.GetAddressBytes().Length == 16;
        IpFields ip = new(source, destination, (byte)random.Next(256), random.Next(30) == 0 ? (byte)random.Next(3) : (byte)64, (ushort)(random.Next(2) * 0x4000))
        {
            Id = (ushort)random.Next(65536),
            Options = Options(v6),
            Extensions = Extensions(v6),
        };
        byte[] transport = FrameWriter.Transport(ip, protocol, from, to, random.Next(8) == 0 ? random.Next(1380, 1500) : random.Next(60));
        if (protocol == Tcp)
        {
            transport[13] = Pick(Flags);
            FrameWriter.SetChecksum(ip, protocol, transport);
        }
        else if (random.Next(3) == 0)
        {
            transport[6] = transport[7] = 0;
        }

        byte[] frame = FrameWriter.Frame(ip, protocol, transport, Tags());
        return random.Next(10) == 0 ? [.. frame, .. new byte[random.Next(1, 20)]] : frame;
    }

    private ImmutableArray<byte> Options(bool v6) => v6 || random.Next(8) != 0 ? [] : [.. Enumerable.Repeat((byte)1, 4 * random.Next(1, 11))];

    private ImmutableArray<Extension> Extensions(bool v6)
    {
        if (!v6 || random.Next(8) != 0)
        {
            return [];
        }

        return [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(2))
            .Select(longer => new Extension(60, [0, (byte)longer, 1, (byte)(4 + (8 * longer)), .. new byte[4 + (8 * longer)]]))];
    }

    private ushort[] Tags() => random.Next(10) switch
    {
        0 => [0x8100],
        1 => [0x88a8, 0x8100],
        _ => [],
    };

    private static (bool V6, int At, int Transport, byte Protocol) Parts(byte[] frame)
    {
        int at = 14;
        while (frame[at - 2] != 0x08 && frame[at - 2] != 0x86)
        {
            at += 4;
        }

        if (frame[at] >> 4 == 4)
        {
            return (false, at, at + ((frame[at] & 15) * 4), frame[at + 9]);
        }

        (int l4, byte next) = (at + 40, frame[at + 6]);
        while (next == 60)
        {
            (l4, next) = (l4 + 8 + (8 * frame[l4 + 1]), frame[l4]);
        }

        return (true, at, l4, next);
    }

    private static (IPAddress Source, IPAddress Destination) Addresses(ReadOnlySpan<byte> packet, bool v6) =>
        v6 ? (new IPAddress(packet.Slice(8, 16)), new IPAddress(packet.Slice(24, 16))) : (new IPAddress(packet.Slice(12, 4)), new IPAddress(packet.Slice(16, 4)));

    private static ushort Port(byte[] frame, int at) => BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(at));

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
