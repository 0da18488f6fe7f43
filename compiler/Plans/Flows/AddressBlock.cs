using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Weir.Compiler.Plans.Flows;

/// <summary>Addresses from <paramref name="First"/> to <paramref name="Last"/>, inclusive.</summary>
internal readonly record struct AddressBlock(bool V6, UInt128 First, UInt128 Last)
{
    public static AddressBlock Of(IPAddress address)
    {
        (bool v6, UInt128 value) = Read(address);
        return new AddressBlock(v6, value, value);
    }

    public static AddressBlock Of(IPNetwork network)
    {
        (bool v6, UInt128 first) = Read(network.BaseAddress);
        return new AddressBlock(v6, first, first + ((UInt128.One << ((v6 ? 128 : 32) - network.PrefixLength)) - 1));
    }

    /// <summary>An address, a prefix where it is one, else <c>first-last</c>.</summary>
    public override string ToString()
    {
        UInt128 size = Last - First;
        if (size == 0)
        {
            return Text(First);
        }

        bool prefix = UInt128.IsPow2(size + 1) && (First & size) == 0;
        return prefix ? $"{Text(First)}/{(V6 ? 128 : 32) - (int)UInt128.PopCount(size)}" : $"{Text(First)}-{Text(Last)}";
    }

    private static (bool V6, UInt128 Value) Read(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? (true, BinaryPrimitives.ReadUInt128BigEndian(bytes))
            : (false, BinaryPrimitives.ReadUInt32BigEndian(bytes));
    }

    private string Text(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return new IPAddress(V6 ? bytes : bytes[12..]).ToString();
    }
}
