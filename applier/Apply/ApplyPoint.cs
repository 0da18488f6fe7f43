namespace Weir.Applier.Apply;

/// <summary>Instants that an apply passes, in this order; which ones depends on the kind of change.</summary>
public enum ApplyPoint
{
    /// <summary>The bundle is read, whole, and its digests hold.</summary>
    Read,

    /// <summary>There is an object.</summary>
    Built,

    /// <summary>The kernel has verified and loaded it, maps filled.</summary>
    Loaded,

    /// <summary>A shadow treated every packet as the reference model does.</summary>
    Proven,

    /// <summary>The generation is in the state directory.</summary>
    Recorded,

    /// <summary>Program and maps are pinned.</summary>
    Pinned,

    /// <summary>The link runs the new program: the commit of a swap.</summary>
    Linked,

    /// <summary>The old maps' final counters are kept.</summary>
    Counted,

    /// <summary>The redo journal is on disk: the commit of a population change.</summary>
    Journaled,

    /// <summary>Next hops are stored.</summary>
    StoringSite,

    /// <summary>New rows are about to be stored.</summary>
    StoringRows,

    /// <summary>Ring entries are about to be stored.</summary>
    StoringRing,

    /// <summary>Freed rows are about to be stored.</summary>
    StoringFreed,

    /// <summary>Every store was made and read back.</summary>
    Stored,

    /// <summary><c>current</c> names the generation; leftovers of the old one may still be there.</summary>
    Current,

    /// <summary>All is done.</summary>
    Live,
}
