using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Weir.Applier.Libbpf;

namespace Weir.Applier.Bench;

/// <summary>The program of <c>bpf/bench/floor.bpf.c</c>, loaded and filled: what figures are compared with.</summary>
public static class FloorProgram
{
    private const int Backends = 16;
    private const int RowBytes = 8;

    /// <summary>The one VIP it has in its code; it forwards TCP.</summary>
    public static IPEndPoint Vip { get; } = new(IPAddress.Parse("198.18.0.1"), 80);

    /// <summary>Loads it with sixteen backends that share its ring.</summary>
    /// <param name="elf">The object that clang made of it.</param>
    /// <exception cref="BpfException">The kernel refused it.</exception>
    public static BpfProgram Load(ReadOnlySpan<byte> elf)
    {
        using BpfObject floor = BpfObject.Open(elf, "floor");
        byte[] ring = new byte[4096];
        for (int slot = 0; slot < ring.Length; slot++)
        {
            ring[slot] = (byte)(slot % Backends);
        }

        byte[] rows = new byte[256 * RowBytes];
        for (int i = 0; i < Backends; i++)
        {
            // The outer header without length and checksum, summed over 16-bit words as they lie in memory (RFC 1071).
            ReadOnlySpan<byte> header = [0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 4, 0, 0, 10, 10, 10, 1, 10, 1, 0, (byte)(i + 1)];
            uint sum = 0;
            foreach (ushort word in MemoryMarshal.Cast<byte, ushort>(header))
            {
                sum += word;
            }

            header[16..].CopyTo(rows.AsSpan(i * RowBytes));
            BinaryPrimitives.WriteUInt32LittleEndian(rows.AsSpan(i * RowBytes + 4), sum);
        }

        floor.SetInitialValue(".data.ring", ring);
        floor.SetInitialValue(".data.backend", rows);
        floor.SetInitialValue(".data.site", [2, 0, 0, 0, 0, 0x99, 0, 0]);
        floor.Load();
        return floor.Program("bench_floor");
    }
}
