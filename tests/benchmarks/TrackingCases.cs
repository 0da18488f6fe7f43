using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Weir.Applier.Bench;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model.Transition;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings.Transition;
using Weir.Compiler.Topologies;

namespace Weir.Benchmarks;

/// <summary>What a history of slots costs: settled, in transition with records and without, and where flows are always recorded. IPv4 TCP, one VIP or 256 on eight pools.</summary>
internal static class TrackingCases
{
    private const int Rounds = 60;

    /// <summary>Records there is room for, to those there are.</summary>
    private const int Room = 4;

    private enum Slots
    {
        /// <summary>Every slot is the ring's.</summary>
        Settled,

        /// <summary>Every slot has another default than owner: what goes on leaves a record.</summary>
        InTransition,

        /// <summary>Every slot consults, and there is no record.</summary>
        Consulting,

        /// <summary>The same, and what begins leaves a record.</summary>
        Always,
    }

    public static IEnumerable<Case> All(Workbench bench)
    {
        foreach (int vips in (int[])[1, 256])
        {
            foreach (long flows in (long[])[1 << 10, 1 << 16, 1 << 20])
            {
                yield return Of(bench, vips, "settled", Slots.Settled, flows, begins: false);
                yield return Of(bench, vips, "in transition, recorded", Slots.InTransition, flows, begins: false);
                yield return Of(bench, vips, "in transition, not recorded", Slots.Consulting, flows, begins: false);
                yield return Of(bench, vips, "always, known", Slots.Always, flows, begins: true);
            }

            yield return Of(bench, vips, "always, new", Slots.Always, Traffic.AllNew, begins: true);
        }
    }

    /// <summary>Beside the program of a site that tracks nothing, in the same case.</summary>
    private static Case Of(Workbench bench, int vips, string what, Slots slots, long flows, bool begins)
    {
        string count = flows == 1 << 10 ? "1 k flows" : PacketCases.Flows(flows);
        string name = string.Create(CultureInfo.InvariantCulture, $"tracking, {vips} {(vips == 1 ? "VIP" : "VIPs")}, {what}, {count}");
        return new(name, async cancellation =>
        {
            BenchTopology topology = PacketCases.Topology(ipv6: false, vips);
            SitePlan plain = TopologyOf.DataPlane(topology).Plan;
            int sets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, Math.Min(flows, 1 << 16) * Room / RecordTable.Ways / plain.Pools.Length));
            sets = flows == 1 << 20 ? (1 << 20) * Room / RecordTable.Ways / plain.Pools.Length : sets;
            DataPlane plane = SiteLowering.Lower(plain with { Pools = [.. plain.Pools.Select(pool => pool with { Tracking = new TrackingPlan(sets, slots == Slots.Always) })] });
            Traffic traffic = new(TransportProtocol.Tcp, [.. topology.Destinations], flows) { Begins = begins };
            using LoadedProgram before = await LoadedProgram.LoadAsync(SiteLowering.Lower(plain), bench.Builder, cancellation);
            using LoadedProgram loaded = await LoadedProgram.LoadAsync(plane, bench.Builder, cancellation, runtime: Runtime(plane, slots));
            SiteBench measured = new(bench.Harness, bench.Floor);
            (double without, _) = measured.Measure(before.Program, traffic, encapsulates: true, Rounds, cancellation: cancellation);
            (double ns, double ratio) = measured.Measure(loaded.Program, traffic, encapsulates: true, Rounds, cancellation: cancellation);
            Row row = new(name, ns, ratio);
            return slots switch
            {
                Slots.Settled => row with { GoalNs = without + 1 },
                Slots.Always => row with { GoalRatio = flows <= 1 << 16 ? 2.5 : 5 },
                _ => row with { GoalNs = without + (flows <= 1 << 16 ? 25 : 60) },
            };
        });
    }

    private static (string Section, byte[] Bytes)[] Runtime(DataPlane plane, Slots how)
    {
        byte[] takes = new byte[plane.Sizes.Backends];
        Array.Fill(takes, (byte)BackendTakes.Active);
        byte[] words = new byte[plane.Sizes.Slots * sizeof(uint)];
        byte[] ring = new byte[plane.Sizes.Ring8Slots + Images.SpareEntries];
        Array.Fill(ring, byte.MaxValue);
        foreach ((PoolPlan pool, PoolPlace place) in plane.Plan.Pools.Zip(plane.Pools))
        {
            for (int slot = 0; slot < pool.Ring.Length; slot++)
            {
                int owner = pool.Ring[slot];
                RingSlot word = new(owner, how == Slots.InTransition ? (owner + 1) % pool.Backends.Length : owner, Consult: true);
                BinaryPrimitives.WriteUInt32LittleEndian(words.AsSpan((place.RingOffset + slot) * sizeof(uint)), word.Encode());
            }
        }

        return [(".data.takes", takes), (".data.slot", words), .. how == Slots.Settled ? [] : new[] { (".data.ring8", ring) }];
    }
}
