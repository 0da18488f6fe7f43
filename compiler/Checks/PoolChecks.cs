using System.Net;
using System.Numerics;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What holds within a pool: backends differ, somebody takes flows, the capacity suffices.</summary>
internal static class PoolChecks
{
    public const int SmallestCapacity = 32;
    public const int LargestCapacity = 32_768;

    public static void Check(BoundPool pool, List<Diagnostic> diagnostics)
    {
        if (pool.BackendsKey is not { } key)
        {
            return;
        }

        if (pool.Backends.Length == 0)
        {
            diagnostics.Add(Diagnose.NoBackends(key, pool.Name));
            return;
        }

        CheckDuplicates(pool, diagnostics);
        CheckWeights(pool, diagnostics);
        CheckCapacity(pool, diagnostics);
    }

    /// <summary>The smallest capacity for so many backends: a power of two, at least twice their number and at least 32.</summary>
    public static int CapacityFor(int backends) => Math.Max(SmallestCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)(2 * backends)));

    private static void CheckDuplicates(BoundPool pool, List<Diagnostic> diagnostics)
    {
        Dictionary<string, Located<string>> names = new(StringComparer.Ordinal);
        Dictionary<IPAddress, Located<IPAddress>> addresses = [];
        foreach (BoundBackend backend in pool.Backends)
        {
            if (backend.Name is { } name && !names.TryAdd(name.Value, name))
            {
                diagnostics.Add(Diagnose.DuplicateBackendName(name.Beside(names[name.Value]), name.Value, names[name.Value].Span).UsedAt(name.UsedAt));
            }

            if (backend.Address is { } address && !addresses.TryAdd(address.Value, address))
            {
                diagnostics.Add(Diagnose.DuplicateBackendAddress(address.Beside(addresses[address.Value]), address.Value.ToString(), addresses[address.Value].Span).UsedAt(address.UsedAt));
            }
        }
    }

    private static void CheckWeights(BoundPool pool, List<Diagnostic> diagnostics)
    {
        BoundBackend? firstActive = pool.Backends.FirstOrDefault(b => b.State == BackendState.Active);
        if (pool.Backends.All(b => b.State == BackendState.Down))
        {
            diagnostics.Add(Diagnose.AllDown(pool.Span, pool.Name));
        }
        else if (firstActive is null)
        {
            diagnostics.Add(Diagnose.AllDrained(pool.Span, pool.Name));
        }
        else if (pool.Backends.All(b => b.State != BackendState.Active || b.Weight.Value <= 0))
        {
            diagnostics.Add(Diagnose.ZeroWeight(pool.Span, pool.Name, firstActive.Span));
        }
    }

    private static void CheckCapacity(BoundPool pool, List<Diagnostic> diagnostics)
    {
        int needed = CapacityFor(pool.Backends.Length);
        if (needed > LargestCapacity)
        {
            diagnostics.Add(Diagnose.TooManyBackends(pool.BackendsKey!.Value, pool.Name, pool.Backends.Length, LargestCapacity / 2));
        }
        else if (pool.Capacity is not { Value: >= SmallestCapacity and <= LargestCapacity } capacity)
        {
            // Absent, or out of the range that the schema states.
        }
        else if (!BitOperations.IsPow2(capacity.Value))
        {
            int next = (int)BitOperations.RoundUpToPowerOf2((uint)capacity.Value);
            diagnostics.Add(Diagnose.CapacityNotPowerOfTwo(capacity.Span, capacity.Value, Math.Max(next, needed)).UsedAt(capacity.UsedAt));
        }
        else if (capacity.Value < needed)
        {
            Diagnostic finding = Diagnose.CapacityTooSmall(capacity.Span, pool.Name, capacity.Value, pool.Backends.Length, needed);

            // What many pools take is not to be raised for the sake of one.
            diagnostics.Add(capacity.UsedAt is { } user ? finding.UsedAt(user) with { Fix = null, Help = "give the pool a `capacity` of its own" } : finding);
        }
    }
}
