namespace Weir.Applier.Generations;

/// <summary>One naturally aligned write into a live map.</summary>
/// <param name="Section">Section of the map.</param>
/// <param name="Phase">Stores of a phase precede those of the next.</param>
/// <param name="Offset">Bytes; a multiple of <paramref name="Width"/>.</param>
/// <param name="Width">1, 2, 4 or 8 bytes.</param>
public readonly record struct Store(string Section, StorePhase Phase, int Offset, int Width, ulong Old, ulong New);

/// <summary>Make before break.</summary>
public enum StorePhase : byte
{
    /// <summary>Where packets are sent on to.</summary>
    Site = 0,

    /// <summary>Rows that no slot names yet, and rows that get another outer source.</summary>
    NewRows = 1,

    /// <summary>Slots turn to their new owners.</summary>
    Ring = 2,

    /// <summary>Rows that no slot names any more, once every packet that had read an old slot is gone.</summary>
    FreedRows = 3,
}
