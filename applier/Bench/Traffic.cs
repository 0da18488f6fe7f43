using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Runtime.InteropServices;
using Weir.Compiler.Topologies;

namespace Weir.Applier.Bench;

/// <summary>The packets of a run: small TCP segments or UDP datagrams without VLAN tags, from sources in 100.64.0.0/10 (or ::/32
/// over IPv6, whose low half of the address is all the flows differ in) to the destinations in turn.</summary>
/// <param name="Destinations">1 to <see cref="MaxDestinations"/>, all of one family. A flow has one destination.</param>
/// <param name="Flows">A power of two, 1 to <see cref="AllNew"/>; each comes once in every period, in scattered order.</param>
public sealed record Traffic(TransportProtocol Protocol, ImmutableArray<IPEndPoint> Destinations, long Flows)
{
    /// <summary>So many flows that none comes twice in a run.</summary>
    public const long AllNew = 1L << 32;

    /// <summary>Rows of the reset program's table.</summary>
    public const int MaxDestinations = 4096;

    private const int EthernetLength = 14;

    private const byte Syn = 2, Ack = 16;

    /// <summary>Whether TCP segments are SYNs.</summary>
    public bool Begins { get; init; }

    public bool IsIPv6 => Destinations[0].AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>A frame of this traffic; the reset program replaces destination, source and source port in place.</summary>
    public byte[] Frame()
    {
        int header = IsIPv6 ? 40 : 20;
        byte[] frame = new byte[IsIPv6 ? 74 : 60];
        Span<byte> ip = frame.AsSpan(EthernetLength);
        ReadOnlySpan<byte> macs = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
        macs.CopyTo(frame);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), (ushort)(IsIPv6 ? 0x86dd : 0x0800));
        if (IsIPv6)
        {
            ip[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(ip.Length - header));
            ip[6] = (byte)Protocol;
            ip[7] = 64;
        }
        else
        {
            ip[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
            BinaryPrimitives.WriteUInt16BigEndian(ip[6..], 0x4000);
            ip[8] = 64;
            ip[9] = (byte)Protocol;
        }

        if (Protocol == TransportProtocol.Tcp)
        {
            ip[header + 12] = 0x50;
            ip[header + 13] = Begins ? Syn : Ack;
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(ip[(header + 4)..], (ushort)(ip.Length - header));
        }

        return frame;
    }

    /// <summary><c>struct bench_run</c> of the reset program.</summary>
    /// <param name="outerLength">Bytes that the stub which stands for an encapsulation adds.</param>
    internal byte[] Run(int outerLength)
    {
        byte[] frame = Frame();
        byte[] run = new byte[48];
        uint mask = (uint)(Flows - 1);
        frame.AsSpan(0, EthernetLength).CopyTo(run);
        Span<uint> numbers = MemoryMarshal.Cast<byte, uint>(run.AsSpan(16));
        numbers[0] = (uint)frame.Length;
        numbers[1] = mask;
        numbers[2] = (uint)Math.Max(1, BitOperations.PopCount(mask) / 2);
        numbers[3] = BitOperations.RoundUpToPowerOf2((uint)Destinations.Length) - 1;
        numbers[4] = (uint)outerLength;
        (IsIPv6 ? frame.AsSpan(14, 8) : frame.AsSpan(22, 2)).CopyTo(run.AsSpan(40));
        return run;
    }

    /// <summary>The reset program's table of destinations: 8 bytes a row over IPv4, 24 over IPv6.</summary>
    internal byte[] Table()
    {
        int row = IsIPv6 ? 24 : 8;
        byte[] table = new byte[MaxDestinations * row];
        for (int i = 0; i < MaxDestinations; i++)
        {
            IPEndPoint to = Destinations[i % Destinations.Length];
            Span<byte> at = table.AsSpan(i * row, row);
            to.Address.TryWriteBytes(at, out int length);
            BinaryPrimitives.WriteUInt16BigEndian(at[(length + 2)..], (ushort)to.Port);
        }

        return table;
    }
}
