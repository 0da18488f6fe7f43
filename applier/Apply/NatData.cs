using System.Buffers.Binary;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;

namespace Weir.Applier.Apply;

/// <summary>The bytes of <c>.data.nat</c> (<c>struct weir_nat</c>): what this host's NAT takes sources from.</summary>
public static class NatData
{
    public const string Section = ".data.nat";

    /// <summary>Bytes of a connection's row (<c>struct weir_nat_row</c>).</summary>
    public const int RowBytes = 64;

    private const int Prefix4At = 16, RowsAt = 20, FamiliesAt = 24, Size = 32;

    private const uint HasV4 = 1, HasV6 = 2;

    /// <param name="sources">Null or without addresses: nothing can be translated.</param>
    public static byte[] Bytes(HostNatSources? sources)
    {
        byte[] bytes = new byte[Size];
        if (sources is null)
        {
            return bytes;
        }

        sources.V6?.BaseAddress.GetAddressBytes().CopyTo(bytes, 0);
        sources.V4?.BaseAddress.GetAddressBytes().CopyTo(bytes, Prefix4At);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(RowsAt), sources.Addresses << NatRows.PortBits);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(FamiliesAt), (sources.V4 is null ? 0 : HasV4) | (sources.V6 is null ? 0 : HasV6));
        return bytes;
    }
}
