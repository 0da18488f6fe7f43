using Weir.Compiler.Checks;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Tests.Lowering;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Checks;

public sealed class FragmentCheckTests
{
    private static readonly Topology Following = Change(Samples.Topology(2, pools: 2, backends: 3), vip => vip with { Fragments = FragmentPolicy.Follow });

    [Fact]
    public void What_carries_packets_as_they_are_is_sound() => Assert.Empty(FragmentChecks.Check(Following));

    [Fact]
    public void Ids_within_the_packet_are_refused_wherever_a_pool_has_them()
    {
        Assert.All(Codes(With(p => p with { TcpOption = 253 })), code => Assert.Equal("WEIR1431", code));
        Assert.NotEmpty(Codes(With(p => p with { TcpOption = 253 })));
        string only = Following.Pools[1].Name;
        Topology routed = With(p => p.Name == only ? p with { TcpOption = 253 } : p);
        routed = Change(routed with { Vips = [.. routed.Vips.Where(v => v.Pool != only)] }, v => v with { Routes = [new SourceRoute(System.Net.IPNetwork.Parse("192.0.2.0/24"), only)] });
        Assert.Equal(["WEIR1431"], Codes(routed));
        Assert.Empty(FragmentChecks.Check(Change(With(p => p with { TcpOption = 253 }), v => v with { Fragments = FragmentPolicy.Drop })));
    }

    [Fact]
    public void Nat_is_refused_whoever_says_so()
    {
        EncapsulationOverride nat = new(EncapsulationType.Nat, null, null, SourceSpan.None);
        Assert.Contains("WEIR1432", Codes(With(p => p with { Encapsulation = nat })));
        Assert.Contains("WEIR1432", Codes(With(p => p with { Backends = p.Backends.SetItem(1, p.Backends[1] with { Encapsulation = nat }) })));
        Assert.Contains("WEIR1432", Codes(Following with { Sites = [.. Following.Sites.Select(s => s with { Encapsulation = s.Encapsulation with { Type = EncapsulationType.Nat } })] }));
    }

    private static string[] Codes(Topology topology) => [.. FragmentChecks.Check(topology).Select(d => d.Code)];

    private static Topology With(Func<Pool, Pool> change) => Following with { Pools = [.. Following.Pools.Select(change)] };

    private static Topology Change(Topology topology, Func<Vip, Vip> change) => topology with { Vips = [.. topology.Vips.Select(change)] };
}
