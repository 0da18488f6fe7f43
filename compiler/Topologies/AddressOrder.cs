using System.Net;

namespace Weir.Compiler.Topologies;

/// <summary>Addresses by their bytes in network order; shorter ones (IPv4) first.</summary>
public sealed class AddressOrder : IComparer<IPAddress>
{
    public static AddressOrder Instance { get; } = new();

    public int Compare(IPAddress? x, IPAddress? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        Span<byte> a = stackalloc byte[16];
        Span<byte> b = stackalloc byte[16];
        x.TryWriteBytes(a, out int lengthX);
        y.TryWriteBytes(b, out int lengthY);
        return lengthX == lengthY ? a[..lengthX].SequenceCompareTo(b[..lengthY]) : lengthX.CompareTo(lengthY);
    }
}
