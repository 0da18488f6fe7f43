using System.Buffers.Binary;
using Weir.Applier.Libbpf;
using Xunit;

namespace Weir.Applier.Tests.Libbpf;

public sealed class BpfMapTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stores_into_the_mapping_reach_the_next_packet()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        obj.Load();
        using BpfProgram program = obj.Program("mark");
        using BpfMap data = obj.Map(".data.mark");
        using MapMapping settings = data.Mmap();
        byte[] output = new byte[64];

        Assert.Equal(0u, program.Run(new byte[60], output).ReturnValue);
        settings.Store32(4, 3);
        settings.Store8(0, 0x77);

        Assert.Equal(3u, program.Run(new byte[60], output).ReturnValue);
        Assert.Equal(0x77, output[0]);
        Assert.Equal(16, settings.Length);
        Assert.Equal(0x77, settings.Bytes[0]);
    }

    [Fact]
    public async Task What_the_program_counts_is_read_back()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        obj.Load();
        BtfSection section = obj.Btf.Sections[".bss.counters"];
        using BpfProgram program = obj.Program("mark");
        using BpfMap map = obj.Map(".bss.counters");
        using MapMapping counters = map.Mmap(writable: false);

        program.Run(new byte[60], [], repeat: 1);
        program.Run(new byte[77], [], repeat: 1);

        Assert.Equal(2ul, counters.Load64(section.Variables.Single(v => v.Name == "runs").Offset));
        Assert.Equal(77u, counters.Load32(section.Variables.Single(v => v.Name == "shape").Offset + 4));
        Assert.Throws<InvalidOperationException>(() => counters.Store8(0, 1));
    }

    [Fact]
    public async Task Stores_are_whole_and_inside()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        obj.Load();
        using BpfMap data = obj.Map(".data.mark");
        using MapMapping settings = data.Mmap();

        settings.Store64(8, 0x0102030405060708);
        Assert.Equal(0x0102030405060708u, settings.Load64(8));
        Assert.Equal(0x05060708u, settings.Load32(8));
        settings.Store16(10, 0xffff);
        Assert.Equal(0x01020304ffff0708u, settings.Load64(8));
        Assert.Equal(0xffff, settings.Load16(10));
        Assert.Equal(0x08, settings.Load8(8));
        Assert.Throws<ArgumentException>(() => settings.Store16(1, 0));
        Assert.Throws<ArgumentException>(() => settings.Store32(6, 0));
        Assert.Throws<ArgumentException>(() => settings.Store64(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => settings.Store64(16, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => settings.Store8(-1, 0));
        settings.Dispose();
        Assert.Throws<ObjectDisposedException>(() => settings.Load8(0));
    }

    [Fact]
    public async Task A_mapping_outlives_its_map()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        obj.Load();
        using BpfProgram program = obj.Program("mark");
        MapMapping settings;
        using (BpfMap data = obj.Map(".data.mark"))
        {
            settings = data.Mmap();
        }

        using (settings)
        {
            settings.Store32(4, 2);
        }

        Assert.Equal(2u, program.Run(new byte[60], []).ReturnValue);
    }

    [Fact]
    public async Task A_program_array_is_filled_emptied_and_jumped_through()
    {
        using BpfObject jumper = BpfObject.Open(await Programs.BuildAsync(Programs.Jump, Cancellation), "jump");
        using BpfObject target = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        jumper.Load();
        target.Load();
        using BpfProgram jump = jumper.Program("jump");
        using BpfProgram pass = target.Program("pass");
        using BpfMap slots = jumper.Map("slots");

        Assert.Equal(1u, jump.Run(new byte[60], []).ReturnValue);
        slots.SetProgram(0, pass);
        Assert.Equal(2u, jump.Run(new byte[60], []).ReturnValue);

        byte[] id = new byte[4];
        Assert.True(slots.Lookup(new byte[4], id));
        Assert.Equal(pass.Info.Id, BinaryPrimitives.ReadUInt32LittleEndian(id));
        Assert.True(slots.Delete(new byte[4]));
        Assert.False(slots.Lookup(new byte[4], id));
        Assert.False(slots.Delete(new byte[4]));
        Assert.Equal(1u, jump.Run(new byte[60], []).ReturnValue);
        Assert.Equal(Errno.TooBig, Assert.Throws<BpfException>(() => slots.SetProgram(2, pass)).Error);
        Assert.Throws<BpfException>(() => slots.Mmap());
    }

    [Fact]
    public async Task Elements_are_of_the_maps_size()
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        obj.Load();
        using BpfMap data = obj.Map(".data.mark");
        using BpfProgram pass = obj.Program("pass");
        byte[] value = new byte[16];
        value[0] = 9;

        data.Update(new byte[4], value);
        byte[] back = new byte[16];
        Assert.True(data.Lookup(new byte[4], back));
        Assert.Equal(value, back);
        Assert.Throws<ArgumentException>(() => data.Update(new byte[4], new byte[15]));
        Assert.Throws<ArgumentException>(() => data.Lookup(new byte[8], back));
        Assert.Throws<BpfException>(() => data.SetProgram(0, pass));
        using BpfMap again = BpfMap.OpenId(data.Info.Id);
        Assert.Equal(data.Info, again.Info);
    }
}
