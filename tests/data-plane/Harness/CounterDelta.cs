using Weir.Compiler.Model;

namespace Weir.DataPlaneTests.Harness;

internal enum CounterKind
{
    VipPackets,
    VipBytes,
    BackendPackets,
    BackendBytes,
    Reason,

    /// <summary>Bytes of the counters' section that belong to no counter: they must stay zero.</summary>
    Stray,
}

/// <summary>By how much one counter grew, summed over CPUs.</summary>
/// <param name="Index">VIP, row of the backend table or reason.</param>
internal readonly record struct CounterDelta(CounterKind Kind, int Index, ulong By) : IComparable<CounterDelta>
{
    public int CompareTo(CounterDelta other) => (Kind, Index, By).CompareTo((other.Kind, other.Index, other.By));

    public override string ToString() => Kind == CounterKind.Reason && Enum.IsDefined((Reason)Index)
        ? $"{((Reason)Index).Name()} +{By}"
        : $"{Kind}[{Index}] +{By}";
}
