using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Planning;

namespace Weir.Compiler.Model.Nat;

/// <summary>Which row of the table a source address and port are, and back.</summary>
internal sealed class NatAddresses(HostNatSources? sources)
{
    /// <summary>Rows that the addresses make.</summary>
    public int Rows => (sources?.Addresses ?? 0) << NatTable.PortBits;

    public bool Has(bool isV6) => (isV6 ? sources?.V6 : sources?.V4) is not null;

    /// <summary>Whether the address is a source.</summary>
    public bool Holds(IPAddress address) => Prefix(address.AddressFamily == AddressFamily.InterNetworkV6) is { } prefix && prefix.Contains(address);

    /// <summary>The row of a source address and port; null where there is none.</summary>
    public int? RowOf(IPAddress address, ushort port) => Holds(address) && port >= NatTable.FirstPort
        ? (Number(address, Prefix(address.AddressFamily == AddressFamily.InterNetworkV6)!.Value) << NatTable.PortBits) | (port - NatTable.FirstPort)
        : null;

    public (IPAddress Address, ushort Port) SourceOf(int row, bool isV6)
    {
        byte[] address = Prefix(isV6)!.Value.BaseAddress.GetAddressBytes();
        address[^1] += (byte)(row >> NatTable.PortBits);
        return (new IPAddress(address), (ushort)(NatTable.FirstPort | (row & (NatTable.FirstPort - 1))));
    }

    // Prefixes hold at most 64 addresses, so that they differ in the last byte alone.
    private static int Number(IPAddress address, IPNetwork prefix) => address.GetAddressBytes()[^1] - prefix.BaseAddress.GetAddressBytes()[^1];

    private IPNetwork? Prefix(bool isV6) => isV6 ? sources?.V6 : sources?.V4;
}
