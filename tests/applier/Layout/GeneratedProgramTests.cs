using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Applier.Build;
using Weir.Applier.Layout;
using Weir.Applier.Libbpf;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.Applier.Tests.Layout;

/// <summary>What the compiler lays out and what clang makes of its programs are the same, for every shape a program has.</summary>
public sealed class GeneratedProgramTests
{
    private const int Cpus = 4;

    public static TheoryData<string> Shapes { get; } = [.. Plans().Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_generated_program_is_laid_out_as_its_manifest_says(string shape)
    {
        DataPlane dataPlane = SiteLowering.Lower(Plans()[shape]);
        string source = ProgramEmitter.Emit(dataPlane);
        Manifest manifest = ManifestWriter.Describe(Bare(), dataPlane, source);
        ObjectBuilder builder = new(await Clang.FindAsync(cancellation: TestContext.Current.CancellationToken));

        BuiltObject built = await builder.BuildAsync(Encoding.UTF8.GetBytes(source), Cpus, TestContext.Current.CancellationToken);
        using BpfObject obj = BpfObject.Open(built.Elf, "weir");

        Assert.Empty(LayoutCheck.Compare(manifest, obj, Cpus));
        Assert.NotEmpty(LayoutCheck.Compare(manifest, obj, Cpus * 2));
        foreach (MapImage image in dataPlane.Images)
        {
            obj.SetInitialValue(image.Section, image.Bytes.AsSpan());
        }

        obj.Load();
    }

    private static SortedDictionary<string, SitePlan> Plans()
    {
        SitePlan small = ExamplePlans.Small();
        return new(StringComparer.Ordinal)
        {
            ["folded"] = small,
            ["folded-4"] = ExamplePlans.OneFamily(AddressFamily.InterNetwork),
            ["folded-6"] = ExamplePlans.OneFamily(AddressFamily.InterNetworkV6),
            ["ranges"] = ExamplePlans.Ranges(hashed: true),
            ["sources"] = ExamplePlans.Sources(),
            ["jumbo"] = ExamplePlans.Small(mtu: 9000),
            ["hashed"] = small with { Vips = [.. Enumerable.Range(0, 40).Select(i => new VipPlan($"vip-{i:00}", 1 + (i % 2), [IPAddress.Parse($"203.0.113.{i}"), IPAddress.Parse($"2001:db8::{i + 1:x}")], [ExamplePlans.Tcp(443)]))] },
        };
    }

    /// <summary>The manifest takes hosts and a digest from the topology, the rest from the plan.</summary>
    private static Topology Bare() => new()
    {
        Seed = "test",
        Sites =
        [
            new Site("ams1", SourceSpan.None)
            {
                Hosts = [new Host("lb1", "eth0", SourceSpan.None)],
                Encapsulation = new Encapsulation(EncapsulationType.Ipip, null, null, SourceSpan.None),
                NextHopV4 = null,
                NextHopV6 = null,
                Mtu = 1500,
                Unmatched = Unmatched.Pass,
            },
        ],
        Pools = ImmutableArray<Pool>.Empty,
        Vips = ImmutableArray<Vip>.Empty,
    };
}
