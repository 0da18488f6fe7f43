using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lookup;

/// <summary>Addresses from <paramref name="First"/> on, up to the next interval.</summary>
/// <param name="First">The address as a number; IPv4 in the low 32 bits.</param>
/// <param name="Pool">Number of the pool that serves them, <see cref="SourceIntervals.Own"/> or <see cref="SourceIntervals.Denied"/>.</param>
public readonly record struct SourceInterval(UInt128 First, int Pool);

/// <summary>Source lists and routes, in which the longest prefix decides, as disjoint intervals in which there is nothing left to decide.</summary>
public static class SourceIntervals
{
    /// <summary>The VIP's own pool serves these sources.</summary>
    public const int Own = -1;

    /// <summary>Nobody does.</summary>
    public const int Denied = -2;

    /// <summary>Intervals that cover all addresses of a family: sorted, the first begins at 0, and neighbours differ. At most two for each prefix, and one.</summary>
    /// <param name="routes">Prefixes with pool numbers; no prefix twice.</param>
    public static ImmutableArray<SourceInterval> Of(SourceLists lists, IEnumerable<(IPNetwork Source, int Pool)> routes, bool isV6)
    {
        int otherwise = lists.Allow.IsEmpty ? Own : Denied;
        List<SourceInterval> admitted = Flatten(lists.Allow.Select(p => (p, Own)).Concat(lists.Deny.Select(p => (p, Denied))), otherwise, isV6);
        List<SourceInterval> routed = Flatten(routes, Own, isV6);
        var merged = ImmutableArray.CreateBuilder<SourceInterval>();
        int a = 0;
        int r = 0;
        foreach (UInt128 first in admitted.Concat(routed).Select(i => i.First).Distinct().Order())
        {
            a += a + 1 < admitted.Count && admitted[a + 1].First <= first ? 1 : 0;
            r += r + 1 < routed.Count && routed[r + 1].First <= first ? 1 : 0;
            int pool = admitted[a].Pool == Denied ? Denied : routed[r].Pool;
            if (merged.Count == 0 || merged[^1].Pool != pool)
            {
                merged.Add(new SourceInterval(first, pool));
            }
        }

        return merged.ToImmutable();
    }

    /// <summary>The first and last address of a prefix, as numbers.</summary>
    public static (UInt128 First, UInt128 Last) Edges(IPNetwork prefix)
    {
        UInt128 first = Number(prefix.BaseAddress);
        int host = (IsV6(prefix) ? 128 : 32) - prefix.PrefixLength;
        return (first, host == 128 ? UInt128.MaxValue : first + ((UInt128.One << host) - 1));
    }

    /// <summary>The address as a number; IPv4 in the low 32 bits.</summary>
    public static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public static bool IsV6(IPNetwork prefix) => prefix.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>A sweep over prefixes, the wider before those within it: those that are open hold each other like a stack.</summary>
    private static List<SourceInterval> Flatten(IEnumerable<(IPNetwork Prefix, int Value)> prefixes, int otherwise, bool isV6)
    {
        UInt128 end = isV6 ? UInt128.MaxValue : uint.MaxValue;
        List<SourceInterval> intervals = [new(0, otherwise)];
        Stack<(UInt128 Last, int Value)> open = [];
        foreach (((UInt128 first, UInt128 last), int value) in prefixes.Where(p => IsV6(p.Prefix) == isV6)
            .Select(p => (Edges(p.Prefix), p.Value)).OrderBy(p => p.Item1.First).ThenByDescending(p => p.Item1.Last))
        {
            while (open.TryPeek(out var top) && top.Last < first)
            {
                Close();
            }

            Begin(first, value);
            open.Push((last, value));
        }

        while (open.Count > 0)
        {
            Close();
        }

        return intervals;

        void Close()
        {
            UInt128 last = open.Pop().Last;
            if (last < end)
            {
                Begin(last + 1, open.TryPeek(out var outer) ? outer.Value : otherwise);
            }
        }

        void Begin(UInt128 first, int value)
        {
            if (intervals[^1].First == first)
            {
                intervals.RemoveAt(intervals.Count - 1);
            }

            intervals.Add(new SourceInterval(first, value));
        }
    }
}
