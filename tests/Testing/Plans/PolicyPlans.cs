using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Testing.Plans;

/// <summary>Plans whose VIPs say something of their flows.</summary>
public static class PolicyPlans
{
    /// <summary>The small plan with one hash policy for all VIPs.</summary>
    public static SitePlan OneHash(HashPolicy policy)
    {
        SitePlan plan = ExamplePlans.Small();
        return plan with { Vips = [.. plan.Vips.Select(vip => vip with { Hash = policy })] };
    }

    /// <summary>
    /// <c>www</c>: hash by source; 10.0.0.0/8 without 10.66.0.0/16 but with 10.66.7.0/24, and 2001:db8::/32 without 2001:db8:66::/48; 10.5.0.0/16 and
    /// 2001:db8:5::/48 go to <c>six</c>, 10.5.5.5 back to <c>web</c>. <c>open</c> (203.0.113.40, 2001:db8::40): tcp/443, five-tuple, all but 198.51.100.0/24 and
    /// 2001:db8:c::/48. <c>plain</c> (203.0.113.50, 2001:db8::50): tcp/443, without destination port, no lists. With <paramref name="hashed"/> two VIPs more.
    /// </summary>
    public static SitePlan Mixed(bool hashed)
    {
        SitePlan plan = ExamplePlans.Small();
        VipPlan www = plan.Vips[2] with
        {
            Hash = HashPolicy.SourceAddress,
            Sources = new SourceLists(Prefixes("10.0.0.0/8", "10.66.7.0/24", "2001:db8::/32"), Prefixes("10.66.0.0/16", "2001:db8:66::/48")),
            Routes = [(IPNetwork.Parse("10.5.0.0/16"), 1), (IPNetwork.Parse("10.5.5.5/32"), 2), (IPNetwork.Parse("2001:db8:5::/48"), 1)],
        };
        VipPlan open = Vip("open", 40) with { Sources = new SourceLists([], Prefixes("198.51.100.0/24", "2001:db8:c::/48")) };
        VipPlan plain = Vip("plain", 50) with { Hash = HashPolicy.WithoutDestinationPort };
        return plan with { Vips = hashed ? [plan.Vips[0], open, plain, plan.Vips[1], www] : [open, plain, www] };
    }

    /// <summary>A VIP of the small plan's addresses that serves tcp/443 from <c>web</c>.</summary>
    public static VipPlan Vip(string name, int host) =>
        new(name, 2, [IPAddress.Parse($"203.0.113.{host}"), IPAddress.Parse($"2001:db8::{host}")], [ExamplePlans.Tcp(443)]);

    public static ImmutableArray<IPNetwork> Prefixes(params string[] prefixes) => [.. prefixes.Select(p => IPNetwork.Parse(p))];
}
