using System.Collections.Immutable;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.State;
using Xunit;

namespace Weir.Applier.Tests.State;

public class InterfaceStateTests
{
    [Fact]
    public void A_generation_is_read_back_as_it_was_added()
    {
        using ScratchDirectory scratch = new();
        InterfaceState state = InterfaceState.Open(scratch.Path, "eth0");
        GenerationRecord record = Record(1, 1) with
        {
            Ids = [new PoolIds("web", PoolIds.None.Add("00000000000000aa", 3))],
            Base = new([new("www", 5, 600)], [new("web", "00000000000000aa", -5, -600)], [new("PassNoVip", 7, 0)]),
            BaseFrom = 4,
        };
        state.Add(record, [Bundle("manifest.json", "{}"), Bundle("maps/vip.img", "x")], "object"u8.ToArray());

        GenerationRecord read = Assert.IsType<GenerationRecord>(state.Record(1));
        Assert.Equal(3, read.Ids[0].Ids["00000000000000aa"]);
        Assert.Equal(-600, read.Base.Backends[0].Bytes);
        Assert.Equal(record with { Ids = default, Base = read.Base }, read with { Ids = default });
        Assert.Equal("{}", File.ReadAllText(Path.Combine(state.BundlePath(1), "manifest.json")));
        Assert.Equal("x", File.ReadAllText(Path.Combine(state.BundlePath(1), "maps/vip.img")));
        Assert.Equal("object", File.ReadAllText(state.ObjectPath(1)));
        Assert.Equal(["eth0"], InterfaceState.Interfaces(scratch.Path));
    }

    [Fact]
    public void Current_is_what_was_made_current()
    {
        using ScratchDirectory scratch = new();
        InterfaceState state = InterfaceState.Open(scratch.Path, "eth0");
        Assert.Null(state.Current);
        state.Add(Record(1, 1), [], null);
        state.MakeCurrent(1);
        Assert.Equal(1, state.Current);
        state.MakeCurrent(12);
        Assert.Equal(12, InterfaceState.Open(scratch.Path, "eth0").Current);
    }

    [Fact]
    public void Pruning_keeps_the_last_ones_and_the_instance_that_runs()
    {
        using ScratchDirectory scratch = new();
        InterfaceState state = InterfaceState.Open(scratch.Path, "eth0");
        for (int number = 1; number <= 15; number++)
        {
            state.Add(Record(number, 2), [], null);
        }

        Directory.CreateDirectory(Path.Combine(scratch.Path, "interfaces/eth0/generations/16.unfinished"));
        state.Prune(current: 15, instance: 2);
        Assert.Equal([2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], state.Numbers);
        Assert.Equal(11, Directory.GetDirectories(Path.Combine(scratch.Path, "interfaces/eth0/generations")).Length);
    }

    [Fact]
    public void A_journal_is_there_until_removed()
    {
        using ScratchDirectory scratch = new();
        InterfaceState state = InterfaceState.Open(scratch.Path, "eth0");
        state.Add(Record(1, 1), [], null);
        Assert.Null(state.Redo());
        state.WriteRedo(new RedoJournal(2, 1, [new Store(".data.ring8", StorePhase.Ring, 8, 8, 1, 2)]));
        Assert.Equal(2, state.Redo()?.Stores[0].New is 2 ? 2 : 0);
        state.RemoveRedo();
        Assert.Null(state.Redo());
    }

    [Fact]
    public void A_held_lock_is_a_transient_failure()
    {
        using ScratchDirectory scratch = new();
        using (StateLock.Take(scratch.Path))
        {
            ApplierException error = Assert.Throws<ApplierException>(() => StateLock.Take(scratch.Path));
            Assert.Equal(ExitCode.Transient, error.Exit);
        }

        StateLock.Take(scratch.Path).Dispose();
    }

    private static KeyValuePair<string, ReadOnlyMemory<byte>> Bundle(string path, string content) =>
        new(path, System.Text.Encoding.UTF8.GetBytes(content));

    private static GenerationRecord Record(int number, int instance) => new(
        GenerationRecord.CurrentSchema, number, instance, DateTimeOffset.UnixEpoch, ChangeKind.Tables, "because", "here", "b", "o",
        XdpMode.Generic, ImmutableArray<PoolIds>.Empty, new NextHopValues(1, 0), new CounterLayout(64, 1, 0, 16, 32), null, CounterBase.Empty);
}
