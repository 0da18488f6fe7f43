namespace Weir.Compiler.Lookup;

/// <summary>Bytes of masks, in network order.</summary>
public static class PrefixBits
{
    /// <summary>A mask with the first <paramref name="length"/> bits set.</summary>
    /// <param name="bytes">4 or 16.</param>
    public static byte[] Mask(int length, int bytes)
    {
        byte[] mask = new byte[bytes];
        mask.AsSpan(0, length / 8).Fill(0xff);
        if (length % 8 > 0)
        {
            mask[length / 8] = (byte)(0xff00 >> (length % 8));
        }

        return mask;
    }

    /// <summary>The first bit behind a prefix alone. Set in a prefix without host bits it tells the prefix from those of other lengths.</summary>
    /// <param name="length">Less than 8 times <paramref name="bytes"/>.</param>
    public static byte[] Marker(int length, int bytes)
    {
        byte[] marker = new byte[bytes];
        marker[length / 8] = (byte)(0x80 >> (length % 8));
        return marker;
    }

    public static byte[] And(ReadOnlySpan<byte> address, ReadOnlySpan<byte> mask)
    {
        byte[] result = address.ToArray();
        for (int i = 0; i < result.Length; i++)
        {
            result[i] &= mask[i];
        }

        return result;
    }

    public static byte[] Or(ReadOnlySpan<byte> address, ReadOnlySpan<byte> bits)
    {
        byte[] result = address.ToArray();
        for (int i = 0; i < result.Length; i++)
        {
            result[i] |= bits[i];
        }

        return result;
    }
}
