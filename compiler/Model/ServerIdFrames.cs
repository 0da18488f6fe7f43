using System.Buffers.Binary;
using Weir.Compiler.Model.ConnectionIds;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>Writes packets that carry server ids, for proofs and tests.</summary>
public static class ServerIdFrames
{
    private const int UdpHeader = 8;
    private const int TcpHeader = 20;

    /// <summary>A connection id; what is not the server id is made up.</summary>
    /// <param name="config">Of the scheme; Katran's version for <see cref="QuicScheme.Katran"/>.</param>
    /// <param name="cipher">Where the config is encrypted.</param>
    public static byte[] ConnectionId(QuicConfig config, UInt128 server, IdCipher? cipher = null)
    {
        byte[] id = new byte[1 + config.ServerIdLength + config.NonceLength];
        id.AsSpan().Fill(0xc5);
        id[0] = (byte)((config.Id << 5) | (id.Length - 1));
        ServerNumber.Bytes(server, config.ServerIdLength).CopyTo(id, 1);
        cipher?.Encrypt(id.AsSpan(1)).CopyTo(id, 1);
        return id;
    }

    /// <param name="version">1 to 3.</param>
    public static byte[] KatranId(int version, UInt128 server)
    {
        byte[] id = new byte[8];
        id.AsSpan().Fill(0x3a);
        id[0] = (byte)((version << 6) | 0x2a);
        switch (version)
        {
            case 1:
                id[0] = (byte)((1 << 6) | (int)(server >> 10));
                id[1] = (byte)(server >> 2);
                id[2] = (byte)((byte)(server << 6) | 0x2a);
                break;
            default:
                ServerNumber.Bytes(server, version + 1).CopyTo(id, 1);
                break;
        }

        return id;
    }

    /// <summary>The payload of a packet with a short header.</summary>
    public static byte[] ShortHeader(ReadOnlySpan<byte> id, int rest = 20) => [0x43, .. id, .. new byte[rest]];

    /// <summary>The payload of a packet with a long header.</summary>
    /// <param name="type">The two type bits.</param>
    public static byte[] LongHeader(uint version, int type, ReadOnlySpan<byte> id, int rest = 20)
    {
        byte[] versionBytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(versionBytes, version);
        return [(byte)(0xc0 | (type << 4)), .. versionBytes, (byte)id.Length, .. id, 4, 9, 9, 9, 9, .. new byte[rest]];
    }

    /// <summary>A UDP datagram with this payload.</summary>
    public static byte[] Datagram(IpFields ip, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = FrameWriter.Transport(ip, InternetHeader.Udp, sourcePort, destinationPort, payload.Length);
        payload.CopyTo(datagram.AsSpan(UdpHeader));
        FrameWriter.SetChecksum(ip, InternetHeader.Udp, datagram);
        return datagram;
    }

    /// <summary>A TCP segment with these options, padded with the end of options to a multiple of 4 bytes.</summary>
    public static byte[] Segment(IpFields ip, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> options, bool syn = false, int payload = 10)
    {
        byte[] plain = FrameWriter.Transport(ip, InternetHeader.Tcp, sourcePort, destinationPort, payload);
        byte[] segment = [.. plain.AsSpan(0, TcpHeader), .. options, .. new byte[(4 - (options.Length % 4)) % 4], .. plain.AsSpan(TcpHeader)];
        segment[12] = (byte)((segment.Length - payload) / 4 << 4);
        segment[13] = (byte)(syn ? 0x02 : 0x10);
        FrameWriter.SetChecksum(ip, InternetHeader.Tcp, segment);
        return segment;
    }

    /// <summary>The TCP option that carries a server id.</summary>
    public static byte[] Option(byte kind, UInt128 server) => [kind, 6, .. ServerNumber.Bytes(server, 4)];
}
