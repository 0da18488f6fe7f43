using System.Collections.Immutable;
using System.Net;
using System.Numerics;
using System.Runtime.InteropServices;
using Weir.Compiler.Planning;

namespace Weir.Compiler.Plans.Flows;

/// <summary>Compares who gets a flow. A slot is the top bits of the flow's hash, so the slots of a ring twice as large are halves of the
/// smaller ring's, and any two rings under one key can be compared slot for slot. Servers are told apart by address, as a packet does.</summary>
internal static class HashSpace
{
    private const int Nobody = 0;

    /// <param name="sameKey">Whether flows are hashed with the same seed, and the same of them, before and after.</param>
    public static PoolMove Between(PoolPlan before, PoolPlan after, bool sameKey)
    {
        var numbers = new Dictionary<IPAddress, int>();
        int[] old = Number(before, numbers);
        int[] now = Number(after, numbers);
        return sameKey ? Compare(before, after, old, now, numbers.Count) : Redraw(before, after, old, now, numbers.Count);
    }

    private static PoolMove Compare(PoolPlan before, PoolPlan after, int[] old, int[] now, int servers)
    {
        int slots = Math.Max(before.Ring.Length, after.Ring.Length);
        int shiftBefore = BitOperations.Log2((uint)(slots / before.Ring.Length));
        int shiftAfter = BitOperations.Log2((uint)(slots / after.Ring.Length));
        var pairs = new Dictionary<(int From, int To), long>();
        long moved = 0;
        for (int slot = 0; slot < slots; slot++)
        {
            int from = Owner(before, old, slot >> shiftBefore);
            int to = Owner(after, now, slot >> shiftAfter);
            if (from != to)
            {
                moved++;
                CollectionsMarshal.GetValueRefOrAddDefault(pairs, (from, to), out _)++;
            }
        }

        string?[] namesBefore = Names(before, old, servers);
        string?[] namesAfter = Names(after, now, servers);
        ImmutableArray<MovePair> sorted =
        [
            .. pairs.Select(p => new MovePair(namesBefore[p.Key.From], namesAfter[p.Key.To], p.Value))
                .OrderByDescending(p => p.Slots).ThenBy(p => p.From, StringComparer.Ordinal).ThenBy(p => p.To, StringComparer.Ordinal),
        ];
        return new PoolMove(before.Name, after.Name, before.Ring.Length, after.Ring.Length, slots, moved, Exact: true, sorted);
    }

    /// <summary>Under another seed, or where something else of a packet is hashed, slot before and slot after are independent: of all pairs of slots, those with two servers.</summary>
    private static PoolMove Redraw(PoolPlan before, PoolPlan after, int[] old, int[] now, int servers)
    {
        long[] had = Count(before, old, servers);
        long[] gets = Count(after, now, servers);
        long all = (long)before.Ring.Length * after.Ring.Length;
        return new PoolMove(before.Name, after.Name, before.Ring.Length, after.Ring.Length, all, all - had.Zip(gets, (a, b) => a * b).Sum(), Exact: false, []);
    }

    private static int Owner(PoolPlan pool, int[] numbers, int slot) => pool.Ring[slot] == PoolPlan.NoBackend ? Nobody : numbers[pool.Ring[slot]];

    /// <summary>Server by dense number, from 1.</summary>
    private static int[] Number(PoolPlan pool, Dictionary<IPAddress, int> numbers)
    {
        var servers = new int[pool.Backends.Length];
        for (int i = 0; i < servers.Length; i++)
        {
            if (!numbers.TryGetValue(pool.Backends[i].Address, out servers[i]))
            {
                servers[i] = numbers.Count + 1;
                numbers.Add(pool.Backends[i].Address, servers[i]);
            }
        }

        return servers;
    }

    private static long[] Count(PoolPlan pool, int[] numbers, int servers)
    {
        var counts = new long[servers + 1];
        for (int slot = 0; slot < pool.Ring.Length; slot++)
        {
            counts[Owner(pool, numbers, slot)]++;
        }

        return counts;
    }

    private static string?[] Names(PoolPlan pool, int[] numbers, int servers)
    {
        var names = new string?[servers + 1];
        for (int i = 0; i < numbers.Length; i++)
        {
            names[numbers[i]] = pool.Backends[i].Name;
        }

        return names;
    }
}
