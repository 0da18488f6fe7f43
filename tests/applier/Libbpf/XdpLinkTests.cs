using Weir.Applier.Libbpf;
using Weir.Applier.Network;
using Xunit;

namespace Weir.Applier.Tests.Libbpf;

public sealed class XdpLinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_is_attached_queried_replaced_and_detached()
    {
        using BpfObject obj = await LoadedAsync();
        using BpfProgram mark = obj.Program("mark");
        using BpfProgram pass = obj.Program("pass");
        using ScratchVeth scratch = new();
        int index = scratch.Interface.Index;

        Assert.Null(scratch.Run(() => XdpAttachment.Query(index)));
        using XdpLink link = scratch.Attach(mark);
        Assert.Equal(new XdpAttachment(mark.Info.Id, XdpMode.Native), scratch.Run(() => XdpAttachment.Query(index)));
        Assert.Equal(mark.Info.Id, link.Info.ProgramId);
        Assert.Equal(index, link.Info.InterfaceIndex);

        link.Update(pass, expected: mark);
        Assert.Equal(pass.Info.Id, link.Info.ProgramId);
        BpfException stale = Assert.Throws<BpfException>(() => link.Update(mark, expected: mark));
        Assert.Equal(Errno.NotPermitted, stale.Error);
        Assert.Contains("another program than expected", stale.Message, StringComparison.Ordinal);
        Assert.Equal(pass.Info.Id, link.Info.ProgramId);
        link.Update(mark);
        Assert.Equal(mark.Info.Id, link.Info.ProgramId);

        link.Detach();
        Assert.Null(scratch.Run(() => XdpAttachment.Query(index)));
        Assert.Equal(0, link.Info.InterfaceIndex);
        Assert.Contains("detached", Assert.Throws<BpfException>(() => link.Update(pass)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generic_mode_is_told_from_native()
    {
        using BpfObject obj = await LoadedAsync();
        using BpfProgram pass = obj.Program("pass");
        using ScratchVeth scratch = new();
        int index = scratch.Interface.Index;

        using XdpLink link = scratch.Run(() => XdpLink.Create(pass, index, XdpMode.Generic));

        Assert.Equal(new XdpAttachment(pass.Info.Id, XdpMode.Generic), scratch.Run(() => XdpAttachment.Query(index)));
    }

    [Fact]
    public async Task What_cannot_be_attached_is_refused_with_a_reason()
    {
        using BpfObject obj = await LoadedAsync();
        using BpfProgram pass = obj.Program("pass");
        using ScratchVeth scratch = new();

        using XdpLink link = scratch.Attach(pass);
        Assert.Contains("Another XDP program", Assert.Throws<BpfException>(() => scratch.Attach(pass)).Message, StringComparison.Ordinal);
        Assert.Contains("There is no such interface", Assert.Throws<BpfException>(() => scratch.Run(() => XdpLink.Create(pass, 999, XdpMode.Native))).Message, StringComparison.Ordinal);
        BpfException loopback = Assert.Throws<BpfException>(() => scratch.Run(() => XdpLink.Create(pass, 1, XdpMode.Native)));
        Assert.Equal(Errno.NotSupported, loopback.Error);
        Assert.Throws<ArgumentOutOfRangeException>(() => XdpLink.Create(pass, 1, XdpMode.Offloaded));
        Assert.Null(scratch.Run(() => XdpAttachment.Query(999)));
    }

    [Fact]
    public async Task Pins_keep_link_program_and_map_without_their_handles()
    {
        using BpfFsMount bpffs = new();
        using ScratchVeth scratch = new();
        int index = scratch.Interface.Index;
        string linkPin = Path.Combine(bpffs.Path, "link"), programPin = Path.Combine(bpffs.Path, "program"), mapPin = Path.Combine(bpffs.Path, "map");
        uint id;
        using (BpfObject obj = await LoadedAsync())
        using (BpfProgram mark = obj.Program("mark"))
        using (BpfMap data = obj.Map(".data.mark"))
        using (XdpLink link = scratch.Attach(mark))
        {
            id = mark.Info.Id;
            link.Pin(linkPin);
            mark.Pin(programPin);
            data.Pin(mapPin);
            Assert.Contains("pinned there already", Assert.Throws<BpfException>(() => data.Pin(programPin)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(id, scratch.Run(() => XdpAttachment.Query(index))!.ProgramId);
        using (XdpLink link = XdpLink.OpenPinned(linkPin))
        using (BpfProgram mark = BpfProgram.OpenPinned(programPin))
        using (BpfMap data = BpfMap.OpenPinned(mapPin))
        {
            Assert.Equal(id, link.Info.ProgramId);
            Assert.Equal(id, mark.Info.Id);
            Assert.Equal(16, data.Info.ValueSize);
            Assert.Throws<BpfException>(() => BpfProgram.OpenPinned(mapPin));
            Assert.Throws<BpfException>(() => BpfMap.OpenPinned(linkPin));
            Assert.Throws<BpfException>(() => XdpLink.OpenPinned(programPin));
            Assert.Throws<BpfException>(() => BpfMap.OpenPinned(Path.Combine(bpffs.Path, "absent")));
        }

        // The kernel lets go of an unpinned link after a grace period.
        File.Delete(linkPin);
        while (scratch.Run(() => XdpAttachment.Query(index)) is not null)
        {
            await Task.Delay(10, Cancellation);
        }
    }

    [Fact]
    public async Task Pins_are_refused_outside_a_bpffs()
    {
        using BpfObject obj = await LoadedAsync();
        using BpfProgram pass = obj.Program("pass");
        string folder = Directory.CreateTempSubdirectory("weir-test-").FullName;

        BpfException error = Assert.Throws<BpfException>(() => pass.Pin(Path.Combine(folder, "program")));

        Assert.Contains("must lie in a bpffs", error.Message, StringComparison.Ordinal);
        Assert.False(BpfFileSystem.Covers(folder));
        Assert.Throws<BpfException>(() => BpfFileSystem.Mount(Path.Combine(folder, "absent")));
        Directory.Delete(folder);
    }

    [Fact]
    public async Task Live_frames_run_through_the_program_and_leave()
    {
        using BpfObject obj = await LoadedAsync(action: 3);
        using BpfProgram mark = obj.Program("mark");
        using BpfMap map = obj.Map(".bss.counters");
        using MapMapping counters = map.Mmap(writable: false);
        using ScratchVeth scratch = new();
        using BpfProgram pass = obj.Program("pass");

        // XDP_TX needs a program on both ends of a veth.
        using XdpLink near = scratch.Attach(pass);
        using XdpLink far = scratch.Run(() => XdpLink.Create(pass, scratch.Peer.Index, XdpMode.Native));
        scratch.Run(() =>
        {
            mark.Generate(new byte[60], 1000, scratch.Interface.Index);
            return 0;
        });

        Assert.Equal(1000ul, counters.Load64(obj.Btf.Sections[".bss.counters"].Variables.Single(v => v.Name == "runs").Offset));
    }

    private static async Task<BpfObject> LoadedAsync(byte action = 2)
    {
        BpfObject obj = BpfObject.Open(await Programs.BuildAsync(Programs.Mark, Cancellation), "test");
        byte[] settings = new byte[16];
        settings[4] = action;
        obj.SetInitialValue(".data.mark", settings);
        obj.Load();
        return obj;
    }
}
