using System.Net;
using Weir.Applier.Apply;
using Weir.Applier.Decap;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.State;
using Weir.Applier.Status;
using Weir.Compiler.Emit;
using Xunit;

namespace Weir.Applier.Tests.Apply;

/// <summary>Whatever fails, what ran before goes on running, and the message says what to do.</summary>
public class FailureTests
{
    private static readonly TestTopology Before = TestTopology.Of(1, 2, 3);

    [Fact]
    public void A_damaged_image_is_refused() => Fails(ExitCode.Failed, "backend.img", host =>
    {
        string bundle = host.Write((Before with { Mtu = 1400 }).Compile());
        string image = Directory.GetFiles(bundle, "backend.img", SearchOption.AllDirectories).Single();
        byte[] bytes = File.ReadAllBytes(image);
        bytes[0] ^= 1;
        File.WriteAllBytes(image, bytes);
        return bundle;
    });

    [Fact]
    public void A_digest_that_does_not_hold_is_refused() => Fails(ExitCode.Failed, "populationDigest", host =>
    {
        string bundle = host.Write((Before with { Mtu = 1400 }).Compile());
        string path = Path.Combine(bundle, "manifest.json");
        string text = File.ReadAllText(path);
        string digest = BundleReader.Read(BundleFolder.Read(bundle)).Bundle!.Manifest.PopulationDigest;
        File.WriteAllText(path, text.Replace(digest, new string('0', 64), StringComparison.Ordinal));
        return bundle;
    });

    [Fact]
    public void A_directory_that_is_no_bundle_is_refused() => Fails(ExitCode.Failed, "manifest.json is missing", host =>
        Directory.CreateDirectory(Path.Combine(host.Paths.State, "empty")).FullName);

    [Fact]
    public void What_clang_refuses_does_not_run() => Fails(ExitCode.Failed, "on purpose", host =>
        host.Write(Before.Compile().WithProgram(source => source + "#error on purpose\n")));

    [Fact]
    public void What_the_verifier_refuses_does_not_run() => Fails(ExitCode.Failed, "verifier refused the program", host =>
        host.Write(Before.Compile().WithProgram(source => source + "SEC(\"xdp\") int bad(struct xdp_md *ctx) { return *(__u32 *)(long)ctx->data; }\n")));

    [Fact]
    public void What_the_proof_finds_does_not_run() => Fails(ExitCode.Failed, "The proof failed", host =>
        host.Write(Before.Compile().WithProgram(source => source.Replace("#define WEIR_MTU 1500", "#define WEIR_MTU 1480", StringComparison.Ordinal))));

    [Fact]
    public void A_failed_proof_shows_both_packets_layer_by_layer()
    {
        using TestHost host = new();
        string bundle = host.Write(Before.Compile().WithProgram(source => source.Replace("#define WEIR_MTU 1500", "#define WEIR_MTU 1480", StringComparison.Ordinal)));
        string message = Assert.Throws<ApplierException>(() => host.Apply(bundle)).Message;
        Assert.Contains("expected  XDP_TX", message, StringComparison.Ordinal);
        Assert.Contains("Ethernet", message, StringComparison.Ordinal);
        Assert.Equal(0u, host.Attached());
    }

    [Fact]
    public void An_object_of_another_bundle_is_refused() => Fails(ExitCode.Failed, "laid out otherwise", host =>
        host.Write((Before with { Vips = 2 }).Compile()), host =>
        Path.Combine(host.Paths.State, "interfaces", host.Interface, "generations", "1", "lb.bpf.o"));

    [Fact]
    public void A_gateway_that_nobody_answers_for_is_a_reason_to_try_again() => Fails(ExitCode.Transient, "192.0.2.3", host =>
    {
        host.Run("ip", "address", "add", "192.0.2.1/24", "dev", host.Interface);
        return host.Write((Before with { Gateway = IPAddress.Parse("192.0.2.3") }).Compile());
    });

    [Fact]
    public void A_link_that_refuses_the_update_leaves_no_trace()
    {
        using TestHost host = new();
        host.Apply(Before);
        string bundle = host.Write((Before with { Vips = 6 }).Compile());
        ApplierException error = Assert.Throws<ApplierException>(() => host.Apply(bundle, at: point =>
        {
            if (point == ApplyPoint.Pinned)
            {
                using XdpLink link = XdpLink.OpenPinned(host.Pins.Link);
                link.Detach();
            }
        }));
        Assert.Equal(ExitCode.Failed, error.Exit);
        Assert.Equal(["gen-1", "link"], host.Pinned);
        Assert.Equal(InterfaceCondition.Detached, host.Status().State);
        Assert.Equal(ChangeKind.Program, host.Apply(bundle).Change);
        Assert.Equal(InterfaceCondition.Live, host.Status().State);
    }

    [Fact]
    public void Somebody_elses_program_is_refused_by_name()
    {
        using TestHost host = new();
        host.Veth.Run(() => new DecapSession(host.Paths).Attach(host.Interface, Decap.DecapTests.Open, null, null, TestContext.Current.CancellationToken));
        uint other = host.Attached();
        ApplierException error = Assert.Throws<ApplierException>(() => host.Apply(Before));
        Assert.Equal(ExitCode.Refused, error.Exit);
        Assert.Contains("weir_decap", error.Message, StringComparison.Ordinal);
        Assert.Equal(other, host.Attached());
    }

    [Fact]
    public void A_held_lock_is_a_reason_to_try_again()
    {
        using TestHost host = new();
        using StateLock held = StateLock.Take(host.Paths.State);
        Assert.Equal(ExitCode.Transient, Assert.Throws<ApplierException>(() => host.Apply(Before)).Exit);
    }

    [Fact]
    public void Without_a_bpffs_nothing_is_attached()
    {
        using TestHost host = new();
        string bundle = host.Write(Before.Compile());
        ApplierPaths paths = host.Paths with { BpfFileSystem = host.Paths.State };
        Directory.CreateDirectory(paths.State);
        ApplierException error = Assert.Throws<ApplierException>(
            () => host.Veth.Run(() => new ApplySession(paths).Apply(new ApplyRequest(bundle, host.Interface))));
        Assert.Contains("mount -t bpf", error.Message, StringComparison.Ordinal);
        Assert.Equal(0u, host.Attached());
    }

    [Fact]
    public void A_mode_is_kept_until_detached()
    {
        using TestHost host = new();
        Assert.Equal(XdpMode.Generic, host.Apply(Before, XdpMode.Generic).Mode);
        Assert.Equal(ExitCode.Failed, Assert.Throws<ApplierException>(() => host.Apply(Before, XdpMode.Native)).Exit);
        Assert.True(host.Veth.Run(() => Detachment.Run(host.Paths, host.Interface)));
        Assert.Equal(0u, host.Attached());
        Assert.Equal(XdpMode.Native, host.Apply(Before, XdpMode.Native).Mode);
    }

    private static void Fails(ExitCode exit, string text, Func<TestHost, string> bundle, Func<TestHost, string>? objectFile = null)
    {
        using TestHost host = new();
        uint program = host.Apply(Before).Program.Id;
        ApplierException error = Assert.Throws<ApplierException>(() => host.Apply(bundle(host), objectFile?.Invoke(host)));
        Assert.Equal(exit, error.Exit);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Equal(program, host.Attached());
        Assert.Equal(["gen-1", "link"], host.Pinned);
        InterfaceStatus status = host.Status();
        Assert.Equal((InterfaceCondition.Live, 1), (status.State, status.Live!.Generation));
        Assert.Equal(ChangeKind.None, host.Apply(Before).Change);
    }
}
