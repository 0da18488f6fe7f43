using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Lookup;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.Compiler.Tests.Lookup;

public sealed class ServedAddressesTests
{
    [Fact]
    public void Services_of_wider_ranges_are_part_of_every_narrower_one()
    {
        VipMatch match = VipMatcher.Choose(ExamplePlans.Ranges(hashed: true), AddressFamily.InterNetwork)!;
        Assert.Equal(
            ["203.0.113.10/32: 443 8000 9000 53", "203.0.113.20/32: 1 9000", "203.0.113.30/32: 80 9000", "203.0.113.64/28: 9000 9100", "203.0.113.0/24: 9000"],
            match.Addresses.Select(a => $"{a.Address}/{a.Length}: {string.Join(' ', a.Services.Select(s => s.Ports.First))}"));
        Assert.Equal((IPAddress.Parse("203.0.113.0"), 24), match.Prefix);
    }

    [Fact]
    public void An_address_within_its_own_range_needs_no_row()
    {
        SitePlan plan = ExamplePlans.Small();
        VipPlan vip = plan.Vips[2] with { Ranges = [IPNetwork.Parse("203.0.113.0/28"), IPNetwork.Parse("203.0.113.8/29")] };
        VipMatch match = VipMatcher.Choose(plan with { Vips = [vip] }, AddressFamily.InterNetwork)!;
        Assert.Equal(28, Assert.Single(match.Addresses).Length);
    }

    [Fact]
    public void A_range_and_an_address_with_the_same_key_are_told_apart()
    {
        // 203.0.113.8 is what the range 203.0.113.0/28 has for a key, too.
        ImmutableArray<Service> none = [];
        AddressServices range = new(IPAddress.Parse("203.0.113.0"), none) { Length = 28 };
        AddressServices single = new(IPAddress.Parse("203.0.113.8"), none);
        Assert.Equal(VipHash.Key(single), VipHash.Key(range));
        PerfectHash hash = PerfectHash.Build(2, (key, seed) => VipHash.Of(key == 0 ? range : single, seed), 4);
        Assert.Equal([0, 1], hash.Rows.Distinct().Order());
    }
}
