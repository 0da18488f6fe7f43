using Weir.Applier.Libbpf;
using Xunit;

namespace Weir.Applier.Tests.Libbpf;

public sealed class BpfObjectTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Initial_values_reach_the_program_and_the_packet_comes_back()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        byte[] settings = new byte[16];
        settings[0] = 0x42;
        settings[4] = 3;
        obj.SetInitialValue(".data.mark", settings);
        obj.Load();
        using BpfProgram program = obj.Program("mark");
        byte[] output = new byte[256];

        BpfRun run = program.Run(new byte[60], output);

        Assert.Equal(3u, run.ReturnValue);
        Assert.Equal(60, run.Length);
        Assert.Equal(0x42, output[0]);

        byte[] longer = new byte[60];
        longer[1] = 0xee;
        Assert.Equal(64, program.Run(longer, output).Length);
        Assert.Equal(64, program.Run(longer, []).Length);
    }

    [Fact]
    public async Task Programs_maps_and_types_are_listed()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");

        Assert.Equal(["mark", "pass"], obj.Programs);
        Assert.Contains((".data.mark", 16), obj.Maps);
        Assert.Contains((".bss.counters", 20), obj.Maps);
        BtfStruct settings = obj.Btf.Structs["settings"];
        Assert.Equal(16, settings.Size);
        Assert.Equal([new("mark", 0, 1), new("unused", 1, 3), new("action", 4, 4), new("wide", 8, 8)], settings.Members);
        BtfSection counters = obj.Btf.Sections[".bss.counters"];
        Assert.Equal(20, counters.Size);
        Assert.Equal(["runs", "shape"], counters.Variables.Select(v => v.Name).Order());
        Assert.Equal(12, counters.Variables.Single(v => v.Name == "shape").Size);
    }

    [Fact]
    public async Task Info_tells_of_the_program()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        obj.Load();
        using BpfProgram program = obj.Program("mark");
        using BpfMap data = obj.Map(".data.mark");

        BpfProgramInfo info = program.Info;
        Assert.Equal("mark", info.Name);
        Assert.Matches("^[0-9a-f]{16}$", info.Tag);
        Assert.True(info.Id > 0 && info.Instructions > 5 && info.VerifiedInstructions > 5);
        Assert.Contains(data.Info.Id, program.MapIds);
        using BpfProgram again = BpfProgram.OpenId(info.Id);
        Assert.Equal(info, again.Info);
    }

    [Fact]
    public void What_is_no_object_is_refused_with_libbpfs_words()
    {
        BpfException error = Assert.Throws<BpfException>(() => BpfObject.Open("this is no ELF file"u8));

        Assert.Contains("Cannot open the BPF object weir", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.LibbpfText);
        Assert.Null(error.VerifierLog);
    }

    [Fact]
    public async Task The_verifiers_refusal_carries_its_log()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Unchecked, Cancellation), "test");

        BpfException error = Assert.Throws<BpfException>(obj.Load);

        Assert.Equal(Errno.AccessDenied, error.Error);
        Assert.NotNull(error.VerifierLog);
        Assert.Contains("invalid access to packet", error.VerifierLog, StringComparison.Ordinal);
        Assert.Contains("return data[20];", error.VerifierLog, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_of_the_wrong_size_or_for_no_map_are_refused()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");

        BpfException size = Assert.Throws<BpfException>(() => obj.SetInitialValue(".data.mark", new byte[15]));
        Assert.Contains("15 bytes, the program's section 16", size.Message, StringComparison.Ordinal);
        BpfException missing = Assert.Throws<BpfException>(() => obj.SetInitialValue(".data.absent", new byte[1]));
        Assert.Contains(".data.mark", missing.Message, StringComparison.Ordinal);
        Assert.Throws<BpfException>(() => obj.Program("mark"));
        Assert.Throws<BpfException>(() => obj.Map(".data.mark"));
        Assert.Throws<BpfException>(() => obj.Program("absent"));
        obj.Load();
        BpfException late = Assert.Throws<BpfException>(() => obj.SetInitialValue(".data.mark", new byte[16]));
        Assert.Contains("loaded already", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_refuses_what_the_kernel_refuses()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        obj.Load();
        using BpfProgram program = obj.Program("mark");

        Assert.Equal(Errno.InvalidArgument, Assert.Throws<BpfException>(() => program.Run(new byte[13], new byte[64])).Error);
        Assert.Equal(Errno.NoSpace, Assert.Throws<BpfException>(() => program.Run(new byte[60], new byte[10])).Error);
    }

    [Fact]
    public async Task A_run_allocates_nothing()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        obj.Load();
        using BpfProgram program = obj.Program("pass");
        byte[] packet = new byte[60], output = new byte[256];
        for (int i = 0; i < 100; i++)
        {
            program.Run(packet, output);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            program.Run(packet, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Handles_outlive_their_object()
    {
        BpfProgram program;
        using (BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test"))
        {
            obj.Load();
            program = obj.Program("pass");
        }

        using (program)
        {
            Assert.Equal(2u, program.Run(new byte[60], []).ReturnValue);
        }

        Assert.Throws<ObjectDisposedException>(() => program.Fd);
    }
}
