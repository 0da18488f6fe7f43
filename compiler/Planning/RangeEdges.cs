using System.Net;

namespace Weir.Compiler.Planning;

/// <summary>Addresses of a range that say whether all of it is matched.</summary>
public static class RangeEdges
{
    /// <summary>The first, the first of the upper half, and the last.</summary>
    public static IEnumerable<IPAddress> Of(IPNetwork range)
    {
        byte[] middle = range.BaseAddress.GetAddressBytes();
        if (range.PrefixLength < middle.Length * 8)
        {
            middle[range.PrefixLength / 8] |= (byte)(0x80 >> (range.PrefixLength % 8));
        }

        return new[] { range.BaseAddress, new IPAddress(middle), Last(range) }.Distinct();
    }

    /// <summary>All host bits set.</summary>
    public static IPAddress Last(IPNetwork range)
    {
        byte[] last = range.BaseAddress.GetAddressBytes();
        for (int bit = range.PrefixLength; bit < last.Length * 8; bit++)
        {
            last[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new IPAddress(last);
    }
}
