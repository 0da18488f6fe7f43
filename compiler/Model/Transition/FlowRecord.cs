using Weir.Compiler.Rings.Transition;

namespace Weir.Compiler.Model.Transition;

/// <summary>What is remembered of a flow whose slot is not settled. 0 is none.</summary>
/// <param name="Tag">The flow's h1, from which its slot follows.</param>
/// <param name="Id">The backend's.</param>
/// <param name="Stamp">When a packet came last, in 4 s, modulo 2^13.</param>
/// <param name="Tentative">Only one packet of it was seen: it may be displaced.</param>
/// <param name="Closing">Somebody has said FIN or RST.</param>
/// <param name="Replica">Known from another host alone.</param>
public sealed record FlowRecord(uint Tag, int Id, int Stamp, bool Tentative = false, bool Closing = false, bool Replica = false)
{
    public const int StampBits = 13;

    /// <summary>Seconds of a stamp, or rather 2^30 ns, in which the program has its time.</summary>
    public const int StampSeconds = 4;

    private const int StampMask = (1 << StampBits) - 1;
    private const int StampAt = 32 + RingSlot.IdBits;
    private const int FlagsAt = StampAt + StampBits;

    /// <summary>Stamps since it was touched.</summary>
    /// <param name="now">The stamp of now.</param>
    public int Age(int now) => (now - Stamp) & StampMask;

    public static int StampOf(long seconds) => (int)((seconds / StampSeconds) & StampMask);

    /// <summary>Tag, id, stamp, TENTATIVE, CLOSING, REPLICA, VALID, from the lowest bit on.</summary>
    public ulong Encode() => Tag | ((ulong)(uint)Id << 32) | ((ulong)(uint)Stamp << StampAt)
        | (((Tentative ? 1ul : 0) | (Closing ? 2ul : 0) | (Replica ? 4ul : 0) | 8) << FlagsAt);

    /// <summary>Reverses <see cref="Encode"/>; null where there is none.</summary>
    public static FlowRecord? Decode(ulong word)
    {
        uint flags = (uint)(word >> FlagsAt);
        return (flags & 8) == 0
            ? null
            : new((uint)word, (int)(word >> 32) & RingSlot.Nobody, (int)(word >> StampAt) & StampMask, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
    }
}
