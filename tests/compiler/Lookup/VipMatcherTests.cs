using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Lookup;
using Weir.Compiler.Lowering;
using Weir.Compiler.Tests.Lowering;
using Xunit;

namespace Weir.Compiler.Tests.Lookup;

public sealed class VipMatcherTests
{
    [Theory]
    [InlineData(1, MatchKind.Folded, "1 address, 2 port intervals each: compares 3 ns, perfect hash 6 ns")]
    [InlineData(4, MatchKind.Folded, "4 addresses, 2 port intervals each: compares 5 ns, perfect hash 6 ns")]
    [InlineData(5, MatchKind.Hashed, "up to 6 addresses, up to 2 port intervals each: compares 7 ns, perfect hash 6 ns")]
    [InlineData(256, MatchKind.Hashed, "up to 409 addresses, up to 2 port intervals each: compares 370 ns, perfect hash 6 ns")]
    public void Few_addresses_are_folded_and_many_hashed(int vips, MatchKind kind, string reason)
    {
        VipMatch match = VipMatcher.Choose(Samples.Plan(Samples.Topology(vips)), AddressFamily.InterNetwork)!;
        Assert.Equal(kind, match.Kind);
        Assert.Equal(reason, match.Reason);
    }

    [Fact]
    public void Many_port_intervals_are_hashed_even_on_few_addresses()
    {
        string[] ports = [.. Enumerable.Range(0, 32).Select(i => $"tcp/{1000 + (2 * i)}")];
        Assert.Equal(MatchKind.Hashed, VipMatcher.Choose(Samples.Plan(Samples.Topology(4, 1, 3, true, false, 32, ports)), AddressFamily.InterNetwork)!.Kind);
    }

    [Fact]
    public void A_family_without_addresses_has_no_match() =>
        Assert.Null(VipMatcher.Choose(Samples.Plan(Samples.Topology(4, ipv6: false)), AddressFamily.InterNetworkV6));

    [Theory]
    [InlineData(20, "203.0.113.0", 24)]
    [InlineData(300, "203.0.0.0", 16)]
    [InlineData(100_000, "203.0.0.0", 8)]
    public void The_prefix_covers_all_and_ends_at_an_octet(int vips, string address, int length)
    {
        VipMatch match = VipMatcher.Choose(Samples.Plan(Samples.Topology(vips)), AddressFamily.InterNetwork)!;
        Assert.Equal((IPAddress.Parse(address), length), match.Prefix);
        Assert.Equal((IPAddress.Parse("2001:db8::"), 64), VipMatcher.Choose(Samples.Plan(Samples.Topology(20)), AddressFamily.InterNetworkV6)!.Prefix);
    }
}
