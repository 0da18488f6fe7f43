using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Kernels.Tests;

/// <summary>Tells a guest's scripts what lab a site needs, as lists of words: <c>guest/lab.sh</c> reads them.</summary>
internal static class LabFiles
{
    /// <summary>Flow lists, by first source port: each check has its own, so that no connection meets an older one's TIME_WAIT.</summary>
    private static readonly (string Name, ushort FirstSource, int Limit)[] Lists = [("plain", 20_000, 160), ("vlan", 30_000, 24), ("qinq", 40_000, 24), ("spoilt", 25_000, 160)];

    /// <param name="changed">What the site becomes later: the lab has the backends of both.</param>
    public static async Task Write(SitePlan plan, SitePlan? changed, string interfaceName, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        SitePlan[] plans = changed is null ? [plan] : [plan, changed];
        Dictionary<IPAddress, string> spaces = plans.SelectMany(x => x.Pools).SelectMany(x => x.Backends).Select(x => x.Address).Distinct()
            .Index().ToDictionary(x => x.Item, x => $"b{x.Index}");

        await Save("settings",
        [
            $"interface={interfaceName}",
            $"client4={LabFlows.ClientV4}",
            $"client6={LabFlows.ClientV6}",
            $"own4={Own(plan.Encapsulations[0].SourceV4, plan.NextHopV4) ?? "169.254.77.2"}",
            $"own6={Own(plan.Encapsulations[0].SourceV6, plan.NextHopV6) ?? "fd00:78::2"}",
            $"gateway4={plan.NextHopV4?.Gateway}",
            $"gateway6={plan.NextHopV6?.Gateway}",
            $"mac={Mac(plan.NextHopV4) ?? Mac(plan.NextHopV6)}",
        ]);
        await Save("vips", plan.Vips.SelectMany(vip => vip.SampleAddresses).Distinct().Select(x => $"{Family(x)} {x}"));
        await Save("backends", from each in plans
                               from pool in each.Pools
                               from backend in pool.Backends
                               select $"{spaces[backend.Address]} {Family(backend.Address)} {backend.Address} {Receiver.Of(each, pool, backend)}");
        await Save("servers",
            from each in plans
            from service in LabFlows.Services(each)
            from backend in each.Pools[service.Pool].Backends
            let address = service.Protocol == TransportProtocol.Udp ? $"{Family(service.Vip)} {service.Vip}" : "- -"
            select $"{spaces[backend.Address]} {Name(service.Protocol)} {address} {service.Port}");
        foreach ((string name, ushort firstSource, int limit) in Lists)
        {
            await SaveFlows(name, LabFlows.Choose(plan, firstSource, limit, spoilt: name == "spoilt"));
        }

        if (changed is not null)
        {
            await SaveFlows("changed", LabFlows.Choose(changed, 50_000, 160));
        }

        Task SaveFlows(string name, IEnumerable<LabFlow> flows) => Save($"flows-{name}", flows.Select(flow =>
                $"{Name(flow.Protocol)} {Family(flow.Vip)} {flow.Vip} {flow.Port} {flow.SourcePort} {flow.Answerer}"));

        Task Save(string name, IEnumerable<string> lines) =>
            File.WriteAllTextAsync(Path.Combine(folder, name), string.Concat(lines.Distinct().Select(line => line + "\n")), cancel);
    }

    /// <summary>An address for the load balancer itself: the outer source, or the first of its prefix that is not the gateway's.</summary>
    private static string? Own(OuterSource? source, NextHop? nextHop)
    {
        if (source is null)
        {
            return null;
        }

        byte[] bytes = source.Address.GetAddressBytes();
        if (source.PrefixLength < bytes.Length * 8)
        {
            bytes[^1] += (byte)(nextHop?.Gateway?.GetAddressBytes()[^1] == bytes[^1] + 1 ? 2 : 1);
        }

        return new IPAddress(bytes).ToString();
    }

    private static string? Mac(NextHop? nextHop) => AddressText.OfMac(nextHop?.Mac);

    private static string Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? "6" : "4";

    private static string Name(TransportProtocol protocol) => protocol == TransportProtocol.Tcp ? "tcp" : "udp";
}
