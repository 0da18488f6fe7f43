using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 3.5: several outer sources in one program.</summary>
public sealed class SourceTests(RuleBench bench) : PacketRules(bench)
{
    private const int Ip = 14;
    private static readonly SitePlan Several = ExamplePlans.Sources();
    private static readonly SitePlan OnlyIpv4 = Without(Several, 1);

    public static TheoryData<bool> Rows { get; } = [true, false];

    /// <summary>Rows of 24 bytes, and of 8 where the site has IPv4 backends alone.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Each_backend_has_its_own_outer_ipv4_source(bool mixed)
    {
        HashSet<string> seen = [];
        for (ushort client = 1; client < 30; client++)
        {
            IpFields ip = To("203.0.113.10");
            Observation actual = await Forwards(FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, client, 443, 0)), plan: mixed ? Several : OnlyIpv4);
            byte[] outer = actual.Output.AsSpan(Ip, 20).ToArray();
            byte[] wanted = outer[19] == 11 ? [10, 10, 0] : [10, 20, 0, 9];
            Assert.Equal(wanted, outer[12..(12 + wanted.Length)]);
            seen.Add(new IPAddress(outer.AsSpan(16, 4)).ToString());
        }

        Assert.Equal(["10.1.0.11", "10.1.0.12"], seen.Order());
    }

    [Fact]
    public async Task Each_backend_has_its_own_outer_ipv6_source()
    {
        HashSet<byte> seen = [];
        for (ushort client = 1; client < 30; client++)
        {
            IpFields ip = To("2001:db8::20");
            Observation actual = await Forwards(FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, client, 7, 0)), 40, Several);
            byte[] outer = actual.Output.AsSpan(Ip, 40).ToArray();
            Assert.Equal(outer[39] == 0x11 ? [0xfd, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0] : (byte[])[0xfd, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0], outer[8..20]);
            seen.Add(outer[39]);
        }

        Assert.Equal(2, seen.Count);
    }

    /// <summary>Without the VIP and pool of IPv6 backends.</summary>
    private static SitePlan Without(SitePlan plan, int pool) => plan with
    {
        Pools = plan.Pools.RemoveAt(pool),
        Vips = [.. plan.Vips.Where(vip => vip.Pool != pool).Select(vip => vip with { Pool = vip.Pool > pool ? vip.Pool - 1 : vip.Pool })],
    };
}
