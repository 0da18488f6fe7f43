namespace Weir.Applier.Generations;

/// <summary>How much of a generation another bundle replaces; each kind includes those before it.</summary>
public enum ChangeKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Stores into the live maps.</summary>
    Population,

    /// <summary>The same object loaded anew with new images, link updated.</summary>
    Tables,

    /// <summary>Another object, link updated.</summary>
    Program,
}
