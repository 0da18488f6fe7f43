using System.Net;
using Weir.Compiler.Plans;
using Weir.Compiler.Tests.Lowering;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Plans;

/// <summary>Which addresses and ports come, go and change hands, ranges included.</summary>
public sealed class ServicesTests
{
    [Fact]
    public void A_range_gives_addresses_to_others()
    {
        Topology one = Samples.Topology(1, ipv6: false, ports: "tcp/80");
        Vip wide = one.Vips[0] with { Addresses = [], Ranges = [IPNetwork.Parse("198.51.100.0/24")] };
        Vip part = wide with { Name = "part", Ranges = [IPNetwork.Parse("198.51.100.128/26")], Ports = [new PortRange(TransportProtocol.Tcp, 80, 81)] };
        Topology before = one with { Vips = [wide] };
        Topology after = one with { Vips = [part, wide with { Ranges = [IPNetwork.Parse("198.51.100.0/25")] }] };
        SiteChange site = Assert.Single(PlanOf.Topologies(before, after).Sites);
        VipTraffic taken = site.Traffic.Single(t => t.Vip == "part");
        Assert.Equal(["198.51.100.128/26 tcp/81"], taken.Added);
        Assert.Equal(["198.51.100.128/26 tcp/80"], Assert.Single(taken.TakenOver).Services);
        Assert.Equal(0, taken.MovedPpm);
        VipTraffic left = site.Traffic.Single(t => t.Vip == wide.Name);
        Assert.Equal(["198.51.100.192/26 tcp/80"], left.Withdrawn);
        Assert.Null(left.Move);
    }

    [Fact]
    public void Every_service_of_random_changes_is_accounted_for()
    {
        Random random = new(7);
        Topology one = Samples.Topology(1, pools: 1, ipv6: false);
        for (int round = 0; round < 200; round++)
        {
            Topology before = one with { Vips = [.. Draw(random)] };
            Topology after = one with { Vips = [.. Draw(random)] };
            SiteChange site = Assert.Single(PlanOf.Topologies(before, after).Sites);
            string[] gone = [.. site.Traffic.SelectMany(t => t.Withdrawn).SelectMany(Points).Order(StringComparer.Ordinal)];
            string[] come = [.. site.Traffic.SelectMany(t => t.Added).SelectMany(Points).Order(StringComparer.Ordinal)];
            HashSet<string> had = [.. before.Vips.SelectMany(Points)];
            HashSet<string> has = [.. after.Vips.SelectMany(Points)];
            Assert.Equal(had.Except(has).Order(StringComparer.Ordinal), gone);
            Assert.Equal(has.Except(had).Order(StringComparer.Ordinal), come);
        }
    }

    /// <summary>VIPs on 8 addresses, singly and as ranges, each with a port of its own.</summary>
    private static IEnumerable<Vip> Draw(Random random)
    {
        for (int vip = 0; vip < 3; vip++)
        {
            int length = random.Next(29, 33);
            int first = random.Next(8) >> (32 - length) << (32 - length);
            IPAddress address = new([198, 51, 100, (byte)first]);
            yield return new Vip($"v{vip}", default)
            {
                Addresses = length == 32 ? [address] : [],
                Ranges = length == 32 ? [] : [new IPNetwork(address, length)],
                Ports = [new PortRange(TransportProtocol.Tcp, (ushort)(10 * (vip + 1)), (ushort)((10 * (vip + 1)) + random.Next(3)))],
                Pool = "pool-000",
                Sites = ["ams1"],
            };
        }
    }

    private static IEnumerable<string> Points(Vip vip) =>
        from block in vip.Addresses.Select(a => a.ToString()).Concat(vip.Ranges.Select(r => r.ToString()))
        from ports in vip.Ports
        from point in Points($"{block} {PortText.Format(ports)}")
        select point;

    private static IEnumerable<string> Points(string service)
    {
        string[] parts = service.Split(' ');
        string[] network = parts[0].Split('/');
        string[] ends = network[0].Split('-');
        PortRange ports = PortText.Parse(parts[1])!.Value;
        int first = IPAddress.Parse(ends[0]).GetAddressBytes()[3];
        int count = network.Length == 2
            ? 1 << (32 - int.Parse(network[1], System.Globalization.CultureInfo.InvariantCulture))
            : IPAddress.Parse(ends[^1]).GetAddressBytes()[3] - first + 1;
        return from host in Enumerable.Range(first, count) from port in Enumerable.Range(ports.First, ports.Last - ports.First + 1) select $"{host} {port}";
    }
}
