using System.Buffers.Binary;
using System.Diagnostics;
using Weir.Applier.Apply;
using Weir.Compiler.Lowering;

namespace Weir.Applier.Status;

/// <summary>Counts the connections in <c>.bss.nat</c> (<c>bpf/README.md</c>, section 10).</summary>
public static class NatUse
{
    /// <summary>The program's clock, in 2^30 ns (<c>nat_clock()</c>: CLOCK_MONOTONIC); it wraps at 24 bits.</summary>
    public const uint ClockMask = 0xffffff;

    // struct weir_nat_row: turn, then seen.
    private const int SeenAt = 4;

    // Bits of turn and of seen, and ages, as in weir/nat.h.
    private const uint Udp = 2, Turn = 16, Settled = 2, Ends = 4 | 8, Reset = 16;
    private const uint AgeTcp = 6930, AgeTcpShort = 224, AgeUdp = 280;

    /// <summary>What the program's clock says now.</summary>
    public static uint Now => (uint)((ulong)(Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency)) >> 30) & ClockMask;

    /// <param name="rows">The section's bytes; only those rows count that the sources make.</param>
    /// <param name="now">As <see cref="Now"/>.</param>
    public static NatStatus Read(ReadOnlySpan<byte> rows, string? host, IReadOnlyList<string> sources, int addresses, uint now)
    {
        int room = addresses << NatRows.PortBits, connections = 0, settled = 0;
        for (int row = 0; row < room; row++)
        {
            ReadOnlySpan<byte> bytes = rows.Slice(row * NatData.RowBytes, NatData.RowBytes);
            uint turn = BinaryPrimitives.ReadUInt32LittleEndian(bytes), seen = BinaryPrimitives.ReadUInt32LittleEndian(bytes[SeenAt..]);
            bool both = (seen & Settled) != 0 && (seen & Reset) == 0 && (seen & Ends) != Ends;
            uint age = (now - (seen >> 8)) & ClockMask;
            if (turn < Turn || (age <= ClockMask / 2 && age >= ((turn & Udp) != 0 ? AgeUdp : both ? AgeTcp : AgeTcpShort)))
            {
                continue;
            }

            connections++;
            settled += both ? 1 : 0;
        }

        return new NatStatus(host, [.. sources], room, connections, settled);
    }
}
