using System.Buffers.Binary;
using System.Net.NetworkInformation;
using System.Text;
using Weir.Applier.Apply;
using Weir.Applier.Build;
using Weir.Applier.Keys;
using Weir.Applier.Libbpf;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Transition;
using Weir.Compiler.Planning;

namespace Weir.DataPlaneTests.Harness;

/// <summary>A site's generated program in the kernel, its maps filled from its images, attached to nothing.</summary>
internal sealed class ProgramUnderTest : IDisposable
{
    /// <summary>Room for the outer header, and for answers to be longer than they should.</summary>
    private const int Growth = 256;

    private readonly BpfObject loaded;
    private readonly BpfProgram program;
    private readonly CounterWatch counters;
    private readonly byte[] output = new byte[16384];

    private ProgramUnderTest(DataPlane plane, byte[] elf, HostState host)
    {
        Plane = plane;
        loaded = BpfObject.Open(elf);
        foreach (MapImage image in plane.Images)
        {
            loaded.SetInitialValue(image.Section, image.Bytes.AsSpan());
        }

        loaded.SetInitialValue(".data.site", SiteImage(host));
        if (plane.HasLinks)
        {
            loaded.SetInitialValue(".data.link", LinkImage(plane, host));
        }

        if (plane.Sizes.Nat > 0)
        {
            loaded.SetInitialValue(NatData.Section, NatData.Bytes(host.NatSources));
        }

        if (plane.Sizes.Sets > 0)
        {
            loaded.SetInitialValue(".data.takes", TakesImage(plane));
        }

        Load(loaded);
        if (!host.Ciphers.IsEmpty)
        {
            using HostKeys keys = TestKeys.Of(plane.Plan);
            keys.Give(loaded);
        }

        program = loaded.Program(ProgramText.FunctionName(plane.Plan.Site));
        using BpfMap map = loaded.Map(".bss.counters");
        counters = new CounterWatch(map.Mmap(writable: false), plane);
    }

    public DataPlane Plane { get; }

    public BpfProgramInfo Info => program.Info;

    /// <summary>Emits, compiles with warnings as errors, and loads: the verifier has its say.</summary>
    public static async Task<ProgramUnderTest> LoadAsync(DataPlane plane, HostState host, ObjectBuilder builder, CancellationToken cancellation)
    {
        BuiltObject built = await builder.BuildAsync(Encoding.UTF8.GetBytes(ProgramEmitter.Emit(plane)), PossibleCpus.Capacity, cancellation);
        return new ProgramUnderTest(plane, built.Elf, host);
    }

    /// <summary>Runs one frame through the program.</summary>
    /// <param name="metadata">How many of the first bytes are metadata, which takes up headroom; the output begins with what there is of it.</param>
    public Observation Run(ReadOnlySpan<byte> frame, int metadata = 0)
    {
        BpfRun run = program.Run(frame, output.AsSpan(0, frame.Length + Growth + 1280), metadata: metadata);
        return new Observation((PacketAction)run.ReturnValue, [.. output.AsSpan(0, run.Length)], counters.Look());
    }

    /// <summary>The bytes of one of its maps.</summary>
    public MapMapping Mmap(string section)
    {
        using BpfMap map = loaded.Map(section);
        return map.Mmap(writable: true);
    }

    public void Dispose()
    {
        counters.Dispose();
        program.Dispose();
        loaded.Dispose();
    }

    /// <summary>What backends take by the topology.</summary>
    private static byte[] TakesImage(DataPlane plane)
    {
        byte[] bytes = new byte[plane.Sizes.Backends];
        foreach ((PoolPlan pool, PoolPlace place) in plane.Plan.Pools.Zip(plane.Pools))
        {
            for (int i = 0; i < pool.Backends.Length; i++)
            {
                bytes[place.BackendOffset + i] = (byte)PoolTransitions.Takes(pool.Backends[i].State);
            }
        }

        return bytes;
    }

    /// <summary>A word for every row of the backend table, by what the plan says or the host knows.</summary>
    private static byte[] LinkImage(DataPlane plane, HostState host)
    {
        byte[] bytes = new byte[plane.Sizes.Backends * sizeof(ulong)];
        foreach ((PoolPlan pool, PoolPlace place) in plane.Plan.Pools.Zip(plane.Pools))
        {
            for (int i = 0; i < pool.Backends.Length; i++)
            {
                ulong word = NextHop(pool.Backends[i].Mac ?? host.Links.GetValueOrDefault(pool.Backends[i].Address));
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((place.BackendOffset + i) * sizeof(ulong)), word);
            }
        }

        return bytes;
    }

    /// <summary>Fails with what the verifier said last.</summary>
    private static void Load(BpfObject opened)
    {
        try
        {
            opened.Load();
        }
        catch (BpfException error) when (error.VerifierLog is { } log)
        {
            throw new InvalidOperationException(string.Join('\n', log.Split('\n').TakeLast(60)), error);
        }
    }

    private static byte[] SiteImage(HostState host)
    {
        byte[] bytes = new byte[Layouts.Site.Size];
        StructImage image = new(bytes, Layouts.Site);
        image.Set(0, "next_hop4", NextHop(host.NextHopV4));
        image.Set(0, "next_hop6", NextHop(host.NextHopV6));
        image.Set(0, "icmp_limit", host.AnswersTooBig ? uint.MaxValue : 0);
        return bytes;
    }

    /// <summary>The MAC in bytes 0 to 5 and the valid bit above them.</summary>
    private static ulong NextHop(PhysicalAddress? address)
    {
        if (address is null)
        {
            return 0;
        }

        byte[] bytes = [.. address.GetAddressBytes(), 1, 0];
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
