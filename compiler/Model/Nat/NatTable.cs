using System.Buffers.Binary;
using System.Net;

namespace Weir.Compiler.Model.Nat;

/// <summary>A client's connection, in the direction from client to VIP.</summary>
internal sealed record NatFlow(bool Udp, IPAddress Client, ushort ClientPort, IPAddress Vip, ushort VipPort)
{
    private const ulong UdpBit = 2, ClientV6Bit = 4;

    /// <summary>Where its rows are, from the hash that its VIP's policy makes of the flow.</summary>
    public ulong Hash(FlowHash hash)
    {
        byte[] client = Client.GetAddressBytes();
        ulong address = client.Length == 4
            ? BinaryPrimitives.ReadUInt32LittleEndian(client)
            : BinaryPrimitives.ReadUInt64LittleEndian(client) ^ BinaryPrimitives.ReadUInt64LittleEndian(client.AsSpan(8));
        ulong ports = BinaryPrimitives.ReverseEndianness(ClientPort) | ((ulong)BinaryPrimitives.ReverseEndianness(VipPort) << 16);
        ulong kind = (Udp ? UdpBit : 0) | (client.Length == 4 ? 0 : ClientV6Bit);
        return hash.Extend(address, ports | (kind << 32));
    }
}

/// <summary>What a connection's packets have said.</summary>
[Flags]
internal enum NatSaid
{
    None = 0,

    /// <summary>The backend has answered.</summary>
    Answered = 1,

    /// <summary>The client has gone on after that.</summary>
    Settled = 2,
    ClientEnds = 4,
    BackendEnds = 8,
    Reset = 16,
}

/// <summary>A connection that NAT remembers.</summary>
/// <param name="Id">The backend's dense number in its pool.</param>
/// <param name="Seen">When its last packet came, in 2^30 ns.</param>
internal sealed record NatRow(NatFlow Flow, IPAddress Backend, ushort Port, int Id, uint Seen, NatSaid Said)
{
    // 2 h 4 min and 4 min for TCP (RFC 5382, REQ-5), 5 min for UDP (RFC 4787, REQ-5), in 2^30 ns.
    private const uint SettledTcp = 6930, OtherTcp = 224, Udp = 280;

    public bool IsSettled => Said.HasFlag(NatSaid.Settled) && !Said.HasFlag(NatSaid.Reset) && !Said.HasFlag(NatSaid.ClientEnds | NatSaid.BackendEnds);

    /// <summary>How long it is its connection's alone after the last packet.</summary>
    public uint Age => Flow.Udp ? Udp : IsSettled ? SettledTcp : OtherTcp;
}

/// <summary>The connections through a host's NAT: <c>bpf/README.md</c>, section 10. A row's number is its source address and port.</summary>
public sealed class NatTable
{
    /// <summary>log2 of the source ports of an address.</summary>
    public const int PortBits = 15;

    public const int FirstPort = 1 << PortBits;

    private const int Bucket = 8, Places = 2 * Bucket;

    private readonly Dictionary<int, NatRow> rows = [];

    /// <summary>The clock, in 2^30 ns. It stands still unless it is set.</summary>
    public uint Now { get; set; }

    /// <summary>How many rows have ever been taken.</summary>
    public int Taken => rows.Count;

    internal NatRow? Row(int at) => rows.GetValueOrDefault(at);

    internal void Write(int at, NatRow row) => rows[at] = row;

    /// <summary>The flow's row, however old, or null.</summary>
    /// <param name="count">Rows that the host's sources make.</param>
    internal int? Find(ulong hash, int count, NatFlow flow) =>
        count == 0 ? null : Enumerable.Range(0, Places).Select(n => (int?)Place(hash, count, n)).FirstOrDefault(at => Row(at!.Value)?.Flow == flow);

    /// <summary>A row for a new connection: the first that is free or too old, else the one that is longest not settled; null where all are.</summary>
    internal int? Free(ulong hash, int count)
    {
        if (count == 0)
        {
            return null;
        }

        int[] places = [.. Enumerable.Range(0, Places).Select(n => Place(hash, count, n))];
        foreach (int at in places)
        {
            if (Row(at) is not { } row || Now - row.Seen >= row.Age)
            {
                return at;
            }
        }

        return places.Where(at => !Row(at)!.IsSettled).Select(at => (int?)at).MaxBy(at => Now - Row(at!.Value)!.Seen);
    }

    private static int Place(ulong hash, int count, int n)
    {
        int bucket = (int)((n < Bucket ? hash : hash >> 29) & (ulong)((count / Bucket) - 1));
        return (bucket * Bucket) + (int)(((hash >> 61) + (ulong)n) & (Bucket - 1));
    }
}
