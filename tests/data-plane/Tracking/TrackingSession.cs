using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Weir.Applier.Libbpf;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Transition;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings.Transition;
using Weir.DataPlaneTests.Harness;
using Weir.DataPlaneTests.Rules;
using Xunit;

namespace Weir.DataPlaneTests.Tracking;

/// <summary>A program and the model, each with its records, and every packet through both.</summary>
internal sealed class TrackingSession : IDisposable
{
    private readonly ProgramUnderTest program;
    private readonly PacketModel model;
    private readonly HostState host;
    private readonly Dictionary<string, MapMapping> maps;

    private TrackingSession(ProgramUnderTest program, HostState host)
    {
        this.program = program;
        this.host = host;
        model = new PacketModel(Plan, host);
        string[] sections = [".data.slot", ".data.takes", ".data.site", ".bss.records", ".bss.uses", ".bss.clock", .. Plane.Pools.Select(Ring).Distinct()];
        maps = sections.ToDictionary(section => section, program.Mmap, StringComparer.Ordinal);
        foreach (int pool in Tracked)
        {
            Write(pool);
        }
    }

    public SitePlan Plan => Plane.Plan;

    /// <summary>Pools whose slots have a history.</summary>
    public ImmutableArray<int> Tracked => [.. Enumerable.Range(0, Plan.Pools.Length).Where(pool => Plan.Pools[pool].Tracking is not null)];

    /// <summary>The stamp at which the program looked last.</summary>
    public int Now => host.Transitions!.Now;

    public int Verified => program.Info.VerifiedInstructions;

    private DataPlane Plane => program.Plane;

    public static async Task<TrackingSession> Open(SitePlan plan, HostState? host = null)
    {
        HostState state = (host ?? RuleBench.Host) with { Transitions = new SiteTransitions(plan) };
        return new TrackingSession(await RuleBench.Load(plan, state), state);
    }

    public PoolTransitions Pool(int pool) => host.Transitions!.Pool(pool)!;

    /// <summary>Lets time pass for the records, in 2^30 ns.</summary>
    public void Pass(int time)
    {
        Span<byte> ahead = maps[".data.site"].Bytes[Layouts.Site["ahead"].Offset..];
        BinaryPrimitives.WriteUInt32LittleEndian(ahead, BinaryPrimitives.ReadUInt32LittleEndian(ahead) + (uint)time);
    }

    /// <summary>Tells the program what the model knows of a pool's slots and backends.</summary>
    public void Write(int pool)
    {
        PoolPlace place = Plane.Pools[pool];
        PoolTransitions about = Pool(pool);
        Span<byte> ring = maps[Ring(place)].Bytes;
        for (int slot = 0; slot < about.Slots.Length; slot++)
        {
            RingSlot now = about.Slots[slot];
            int at = place.RingOffset + slot;
            maps[".data.slot"].Store32(((place.Wide ? Plane.Sizes.Ring8Slots : 0) + at) * sizeof(uint), now.Encode());
            int entry = !now.IsSettled ? ushort.MaxValue : now.Current == RingSlot.Nobody ? Images.NoBackend16 : now.Current;
            if (place.Wide)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(ring[(2 * at)..], (ushort)entry);
            }
            else
            {
                ring[at] = (byte)entry;
            }
        }

        for (int id = 0; id < Plan.Pools[pool].Capacity; id++)
        {
            maps[".data.takes"].Store8(place.BackendOffset + id, (byte)about.Model.Backends.GetValueOrDefault(id));
        }
    }

    /// <summary>Runs a frame through both, and fails where they differ in what they do or in what they remember.</summary>
    public Verdict Send(byte[] frame)
    {
        Observation actual = program.Run(frame);

        // The tick at which the program looked.
        ReadOnlySpan<ulong> clocks = MemoryMarshal.Cast<byte, ulong>(maps[".bss.clock"].Bytes);
        ulong clock = 0;
        for (int at = 1; at < clocks.Length; at += Layouts.Clock.Size / sizeof(ulong))
        {
            clock = Math.Max(clock, clocks[at]);
        }

        uint ahead = BinaryPrimitives.ReadUInt32LittleEndian(maps[".data.site"].Bytes[Layouts.Site["ahead"].Offset..]);
        host.Transitions!.Now = FlowRecord.StampOf((uint)(clock + ahead));
        Verdict verdict = model.Process(frame);
        string? difference = actual.DifferenceFrom(verdict, CounterWatch.Expected(Plane, verdict)) ?? Forgotten();
        Assert.True(difference is null, difference is null ? null : Disagreement.Describe(difference, Plan, host, frame, verdict, actual));
        return verdict;
    }

    /// <summary>Drops a pool's records from both, as a sweep does.</summary>
    public void Sweep(int pool, Func<FlowRecord, bool> drops)
    {
        Pool(pool).Records.Sweep(drops);
        int at = FlowRegions.First(Plan, pool) * FlowRegions.SetBytes;
        foreach (ulong word in Pool(pool).Records.Words)
        {
            maps[FlowRegions.Section].Store64(at, word);
            at += sizeof(ulong);
        }
    }

    /// <summary>Sums over the CPUs: added, adopted, displaced, refused.</summary>
    public (ulong Added, ulong Adopted, ulong Displaced, ulong Refused) Use(int pool)
    {
        CStruct slice = Layouts.Uses(Plane.Sizes);
        ulong[] sums = new ulong[4];
        for (int at = pool * Layouts.Use.Size; at < maps[".bss.uses"].Bytes.Length; at += slice.Size)
        {
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += BinaryPrimitives.ReadUInt64LittleEndian(maps[".bss.uses"].Bytes[(at + (i * sizeof(ulong)))..]);
            }
        }

        return (sums[0], sums[1], sums[2], sums[3]);
    }

    /// <summary>Flows that began while there was no room for a record and the default was down.</summary>
    public long RefusedDown(int pool, int id)
    {
        CStruct slice = Layouts.Uses(Plane.Sizes);
        long sum = 0;
        for (int at = slice["refused_down"].Offset + ((Plane.Pools[pool].BackendOffset + id) * sizeof(uint)); at < maps[".bss.uses"].Bytes.Length; at += slice.Size)
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(maps[".bss.uses"].Bytes[at..]);
        }

        return sum;
    }

    public void Dispose()
    {
        foreach (MapMapping map in maps.Values)
        {
            map.Dispose();
        }

        program.Dispose();
    }

    /// <summary>The first record that only one of the two has; null where there is none.</summary>
    private string? Forgotten()
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(maps[".bss.records"].Bytes);
        foreach (int pool in Tracked)
        {
            ulong[] expected = [.. Pool(pool).Records.Words];
            int first = FlowRegions.First(Plan, pool) * RecordTable.Ways;
            int at = words.Slice(first, expected.Length).CommonPrefixLength(expected);
            if (at < expected.Length)
            {
                return $"record {at} of pool {Plan.Pools[pool].Name} is {FlowRecord.Decode(words[first + at])} where {FlowRecord.Decode(expected[at])} is expected";
            }
        }

        return null;
    }

    private static string Ring(PoolPlace place) => place.Wide ? ".data.ring16" : ".data.ring8";
}
