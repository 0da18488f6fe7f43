namespace Weir.Compiler.Rings.Transition;

/// <summary>Who has a slot of a ring. Ids are a host's own, within the pool: 0 to 32,766.</summary>
/// <param name="Current">Gets new flows.</param>
/// <param name="Default">Has the flows of which there is no record: the owner before the change that is under way, else the current one.</param>
/// <param name="Consult">Whether there may be records of other owners.</param>
public readonly record struct RingSlot(int Current, int Default, bool Consult)
{
    /// <summary>Bits of an id.</summary>
    public const int IdBits = 15;

    /// <summary>No id.</summary>
    public const int Nobody = (1 << IdBits) - 1;

    /// <summary>Nothing was changed, or nothing of it is left.</summary>
    public bool IsSettled => !Consult;

    /// <summary>Flows without a record are still the old owner's.</summary>
    public bool IsInTransition => Consult && Default != Current;

    public static RingSlot Settled(int owner) => new(owner, owner, Consult: false);

    /// <summary>As in the program's table: current, default, consult, from the lowest bit on.</summary>
    public uint Encode() => (uint)Current | ((uint)Default << IdBits) | (Consult ? 1u << (2 * IdBits) : 0);

    /// <summary>Reverses <see cref="Encode"/>; the uppermost bit means nothing.</summary>
    public static RingSlot Decode(uint word) => new((int)(word & Nobody), (int)((word >> IdBits) & Nobody), (word & (1u << (2 * IdBits))) != 0);
}
