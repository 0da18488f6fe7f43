using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Kernels.Tests;

/// <summary>One exchange that a guest's client has with a VIP.</summary>
/// <param name="Backend">Who must answer, by the reference model; null when nobody may.</param>
internal sealed record LabFlow(TransportProtocol Protocol, IPAddress Vip, ushort Port, ushort SourcePort, IPAddress? Backend)
{
    /// <summary>As the guests' lists say it.</summary>
    public string Answerer => Backend?.ToString() ?? "nothing";
}

/// <summary>Chooses the flows that a lab sends: every address and service, and of its pool as many backends as fit.</summary>
internal static class LabFlows
{
    public static readonly IPAddress ClientV4 = IPAddress.Parse("198.18.77.2");
    public static readonly IPAddress ClientV6 = IPAddress.Parse("fd00:77::2");

    /// <summary>Stands for a range that begins at port 0.</summary>
    private const ushort Usual = 8080;

    private const int BackendsPerService = 4;
    private const int Tries = 2_000;

    /// <param name="firstSource">Source ports are this one and the next 2,000.</param>
    /// <param name="limit">About how many, since guests are slow.</param>
    /// <param name="spoilt">Whether outer checksums are broken on their way to the backends.</param>
    public static ImmutableArray<LabFlow> Choose(SitePlan plan, ushort firstSource, int limit, bool spoilt = false)
    {
        var services = Services(plan).ToArray();
        int stride = Math.Max(1, services.Length / limit);
        int backends = Math.Clamp(limit / services.Length, 1, BackendsPerService);
        HashSet<ushort> used = [];
        return [.. services.Where((_, i) => i % stride == 0).SelectMany(service => Spread(plan, service, firstSource, backends, used, spoilt))];
    }

    /// <summary>Address, protocol, port and pool of all that guests ask for, without repetition.</summary>
    public static IEnumerable<(IPAddress Vip, TransportProtocol Protocol, ushort Port, int Pool)> Services(SitePlan plan) =>
        (from vip in plan.Vips
         from address in vip.SampleAddresses
         from ports in vip.Ports
         from port in Ends(ports)
         select (address, ports.Protocol, port, vip.Pool)).Distinct();

    private static ushort[] Ends(PortRange ports) => (ports.First, ports.Last) switch
    {
        (0, >= Usual) => [Usual],
        var (first, last) when first == last => [first],
        var (first, last) => [first, last],
    };

    /// <summary>For each of the first few backends that appear, the lowest source port that leads to it and is still free: a client binds each once.</summary>
    private static IEnumerable<LabFlow> Spread(
        SitePlan plan, (IPAddress Vip, TransportProtocol Protocol, ushort Port, int Pool) service, ushort firstSource, int backends, HashSet<ushort> used, bool spoilt)
    {
        PoolPlan pool = plan.Pools[service.Pool];
        IPAddress client = service.Vip.AddressFamily == AddressFamily.InterNetworkV6 ? ClientV6 : ClientV4;
        HashSet<int> met = [];
        for (int i = 0; i < Tries && met.Count < backends; i++)
        {
            ushort source = checked((ushort)(firstSource + i));
            FlowHash hash = FlowHash.Of(
                plan.HashKey, client.GetAddressBytes(), service.Vip.GetAddressBytes(), (byte)service.Protocol, source, service.Port);
            ushort backend = pool.Ring[hash.Slot(int.Log2(pool.Ring.Length))];
            if (backend != PoolPlan.NoBackend && !used.Contains(source) && met.Add(backend))
            {
                used.Add(source);
                BackendPlan answerer = pool.Backends[backend];
                bool hears = !Receiver.IsDeaf(pool) && !(spoilt && Receiver.HasSum(plan, answerer));
                yield return new(service.Protocol, service.Vip, service.Port, source, hears ? answerer.Address : null);
            }
        }
    }
}
