using System.Net;
using Weir.Applier.Decap;
using Weir.Applier.Generations;
using Weir.Applier.Tests.Apply;
using Weir.Compiler.Model.Strips;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Applier.Tests.Decap;

public class DecapTests
{
    internal static StripRules Open { get; } = new() { From = [IPNetwork.Parse("0.0.0.0/0")], Types = [EncapsulationType.Ipip] };

    [Fact]
    public void It_is_attached_replaced_and_detached()
    {
        using TestHost host = new();
        DecapSession session = new(host.Paths);
        Pins pins = Pins.ForDecap(host.Paths.BpfFileSystem, host.Interface);
        string first = Attach();
        uint program = host.Attached();
        Assert.Contains("native mode", first, StringComparison.Ordinal);
        Assert.NotEqual(0u, program);

        Assert.Contains("was replaced", Attach(), StringComparison.Ordinal);
        Assert.NotEqual(program, host.Attached());
        Assert.Equal([2], pins.Instances);

        Assert.NotNull(host.Veth.Run(() => session.Counters(host.Interface)));
        Assert.True(host.Veth.Run(() => session.Detach(host.Interface)));
        Assert.Equal(0u, host.Attached());
        Assert.False(host.Veth.Run(() => session.Detach(host.Interface)));
        Assert.Null(host.Veth.Run(() => session.Counters(host.Interface)));
        Assert.Empty(pins.Instances);

        string Attach() => host.Veth.Run(() => session.Attach(host.Interface, Open, null, null, TestContext.Current.CancellationToken));
    }
}
