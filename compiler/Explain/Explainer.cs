using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Explain;

/// <summary>Explains packets at one site. The reference model decides, on a host that knows its next hops; flows are those of
/// settled slots, which is all of them unless a change is under way.</summary>
public sealed class Explainer
{
    /// <summary>Stands for a MAC that a host finds out; never shown.</summary>
    private static readonly PhysicalAddress Resolved = new([0x02, 0, 0, 0, 0, 0xfe]);

    private readonly Topology topology;
    private readonly Site site;
    private readonly PacketModel model;

    /// <param name="plan">The plan of a site of <paramref name="topology"/>.</param>
    public Explainer(Topology topology, SitePlan plan)
    {
        this.topology = topology;
        Plan = plan;
        site = topology.Sites.Single(s => s.Name == plan.Site);
        model = new PacketModel(plan, new HostState(MacOf(plan.NextHopV4), MacOf(plan.NextHopV6))
        {
            NatSources = plan.NatSources.FirstOrDefault(h => h.Addresses > 0),
            Links = plan.Pools.SelectMany(p => p.Backends).Select(b => b.Address).Distinct().ToImmutableDictionary(a => a, _ => Resolved),
        });
    }

    public SitePlan Plan { get; }

    /// <param name="frame">An Ethernet frame of any length and content.</param>
    public Explanation Explain(ReadOnlySpan<byte> frame)
    {
        Verdict verdict = model.Process(frame);
        // A client that is denied gets no pool.
        FlowChoice? flow = verdict.Flow is { Denied: true } ? null : verdict.Flow;
        FlowChoice? served = verdict.Flow;
        Pool? pool = flow is null ? null : topology.Pools.Single(p => p.Name == Plan.Pools[flow.Pool].Name);
        Backend? backend = flow?.Backend is int number ? pool!.Backends.Single(b => b.Name == Plan.Pools[flow.Pool].Backends[number].Name) : null;
        return new Explanation
        {
            Plan = Plan,
            Verdict = verdict,
            Outcome = OutcomeOf(verdict),
            Vip = served is null ? null : Served(served),
            Source = served?.Source is null ? null : SourceStep.Of(topology.Vips.Single(v => v.Name == Plan.Vips[served.Vip].Name), served.Flow.Source, served.Source),
            Others = served is null && verdict.Address is { } address ? Holders(address) : [],
            Ring = flow is null ? null : Ring(flow, pool!),
            Backend = backend is null ? null : Chosen(flow!, pool!, backend),
            Encapsulation = backend is null || LinkSteps.TypeOf(Plan, flow!) is not null ? null : Encapsulation(model.Inner(frame), verdict, flow!, pool!, backend),
        };
    }

    /// <summary>The same in short.</summary>
    /// <param name="frame">An Ethernet frame of any length and content.</param>
    public PacketAnswer Answer(ReadOnlySpan<byte> frame) => PacketAnswer.Of(Plan, frame, model.Process(frame));

    private static PhysicalAddress? MacOf(NextHop? nextHop) => nextHop is null ? null : nextHop.Mac ?? Resolved;

    internal static Outcome OutcomeOf(Verdict verdict) => verdict switch
    {
        { Reason: null } => Outcome.Forwarded,
        { Action: PacketAction.Tx } => Outcome.Answered,
        { Action: PacketAction.Pass } => Outcome.Passed,
        _ => Outcome.Dropped,
    };

    private ServedBy Served(FlowChoice flow)
    {
        VipPlan plan = Plan.Vips[flow.Vip];
        Vip vip = topology.Vips.Single(v => v.Name == plan.Name);
        IPNetwork? range = vip.Ranges.Where(r => r.Contains(flow.Flow.Destination)).Select(r => (IPNetwork?)r).FirstOrDefault();
        return new ServedBy(vip.Name, vip.Position, range?.ToString() ?? flow.Flow.Destination.ToString(), plan.Ports.First(p =>
            (byte)p.Protocol == flow.Flow.Protocol && p.First <= flow.Flow.DestinationPort && flow.Flow.DestinationPort <= p.Last));
    }

    private ImmutableArray<VipAtAddress> Holders(IPAddress address) =>
    [
        .. topology.Vips
            .Where(v => v.Sites.Contains(site.Name) && (v.Addresses.Contains(address) || v.Ranges.Any(r => r.Contains(address))))
            .Select(v => new VipAtAddress(v.Name, v.Position, v.Ports)),
    ];

    private RingStep Ring(FlowChoice flow, Pool pool)
    {
        Vip vip = topology.Vips.Single(v => v.Name == Plan.Vips[flow.Vip].Name);
        string because = flow.Source?.Route is { } route ? $"vips.{vip.Name}.routes {route}" : vip.PoolsAtSites.ContainsKey(site.Name) ? $"vips.{vip.Name}.sites.{site.Name}.pool" : $"vips.{vip.Name}.pool";
        return new RingStep(pool.Name, pool.Position, because, flow.Flow, flow.Quoted, flow.Hash, flow.Slot, Plan.Pools[flow.Pool].Ring.Length, vip.Hash);
    }

    private ChosenBackend Chosen(FlowChoice flow, Pool pool, Backend backend)
    {
        PoolPlan plan = Plan.Pools[flow.Pool];
        int number = flow.Backend!.Value;
        return new ChosenBackend(
            plan.Backends[number].Identity,
            backend.Name,
            backend.Position,
            backend.Address,
            backend.Weight,
            backend.State,
            plan.Ring.Count(owner => owner == number),
            PreferenceText.Of(pool, site.Name, plan.Backends[number].Preferred));
    }

    private EncapsulationStep Encapsulation(ReadOnlySpan<byte> frame, Verdict verdict, FlowChoice flow, Pool pool, Backend backend)
    {
        EthernetFrame link = EthernetFrame.Read(frame)!.Value;
        bool outerV6 = backend.Address.AddressFamily == AddressFamily.InterNetworkV6;
        SourceScope scope = SourceScope.Of(site, pool, backend, outerV6);
        InternetHeader.Read(frame[link.PacketAt..], link.IsV6, frame.Length - link.PacketAt, out InternetHeader header);
        EncapsulationPlan encapsulation = Plan.Encapsulations[Plan.Pools[flow.Pool].Backends[flow.Backend!.Value].Encapsulation];
        OuterBytes? outer = null;
        if (verdict.Reason is null)
        {
            ImmutableArray<byte> bytes = [.. verdict.Output.AsSpan(link.PacketAt, OuterHeader.Overhead(encapsulation, outerV6))];
            NextHop nextHop = (outerV6 ? Plan.NextHopV6 : Plan.NextHopV4)!;
            outer = new OuterBytes(new IPAddress(InternetHeader.Source(bytes.AsSpan(), outerV6)), AddressText.OfMac(nextHop.Mac), nextHop.Gateway, bytes);
        }

        return new EncapsulationStep(encapsulation, scope.Name, scope.Position, scope.Source, link.IsV6, outerV6, header.Length, outer);
    }
}
