using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Planning;

namespace Weir.Compiler.Model;

/// <summary>Flows that reach the backends of a pool through VIPs that say something of their flows: only some sources come there, and only
/// some of a packet decides to whom.</summary>
internal sealed class PolicyFlows(SitePlan plan)
{
    /// <summary>Bits of the source that are tried at most.</summary>
    private const int MostBits = 22;

    private readonly FlowChooser chooser = new(plan);

    /// <param name="wanted">Dense numbers that have no packet yet, or <see cref="PoolPlan.NoBackend"/>; those found are taken out.</param>
    /// <param name="tries">For every VIP and prefix.</param>
    public IEnumerable<ProofPacket> ForPool(int pool, HashSet<ushort> wanted, long tries)
    {
        foreach (VipPlan vip in plan.Vips.Where(vip => vip.Ports.Length > 0 && (vip.Pool == pool || vip.Routes.Any(r => r.Pool == pool))))
        {
            foreach (IPAddress address in vip.SampleAddresses.DistinctBy(a => a.AddressFamily))
            {
                foreach (IPNetwork prefix in Prefixes(vip, pool, address.AddressFamily))
                {
                    foreach (Flow flow in Flows(vip, address, prefix, tries))
                    {
                        if (wanted.Count == 0)
                        {
                            yield break;
                        }

                        if (chooser.Choose(flow, quoted: false) is { Denied: false } choice && choice.Pool == pool && wanted.Remove((ushort)(choice.Backend ?? PoolPlan.NoBackend)))
                        {
                            yield return Packet(pool, choice);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Where clients of the pool are looked for: in the usual place, in routes to it, in what is allowed.</summary>
    private static IEnumerable<IPNetwork> Prefixes(VipPlan vip, int pool, AddressFamily family)
    {
        bool isV6 = family == AddressFamily.InterNetworkV6;
        IEnumerable<IPNetwork> all = vip.Routes.Where(r => r.Pool == pool).Select(r => r.Source);
        all = vip.Pool == pool ? all.Concat(vip.Sources.Allow).Prepend(new IPNetwork(ProofFlows.Client(isV6), isV6 ? 112 : 16)) : all;
        return all.Where(p => p.BaseAddress.AddressFamily == family);
    }

    private static IEnumerable<Flow> Flows(VipPlan vip, IPAddress address, IPNetwork prefix, long tries)
    {
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        int whole = isV6 ? 128 : 32;
        int counted = Math.Max(prefix.PrefixLength, isV6 ? vip.Hash.SourceBitsV6 : vip.Hash.SourceBitsV4);
        int bits = Math.Min(MostBits, counted - prefix.PrefixLength);
        int ports = vip.Hash.SourcePort ? 16 : 0;
        tries = Math.Min(tries, 1L << (bits + ports));
        for (long flow = 0; flow < tries; flow++)
        {
            UInt128 source = Lookup.SourceIntervals.Edges(prefix).First | ((UInt128)(flow >> ports) << (whole - counted));
            ushort port = ports == 0 ? (ushort)40_002 : (ushort)flow;
            yield return new Flow(Address(source, isV6), address, (byte)vip.Ports[0].Protocol, port, vip.Ports[0].First);
        }
    }

    private static IPAddress Address(UInt128 number, bool isV6)
    {
        byte[] bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(isV6 ? bytes : bytes.AsSpan(12));
    }

    private ProofPacket Packet(int pool, FlowChoice choice)
    {
        Flow flow = choice.Flow;
        IpFields ip = new(flow.Source, flow.Destination);
        string who = choice.Backend is int owner ? plan.Pools[pool].Backends[owner].Name : "no backend";
        return new ProofPacket(
            string.Create(CultureInfo.InvariantCulture, $"pools.{plan.Pools[pool].Name}: flow for {who}, from {flow.Source}"),
            [.. FrameWriter.Frame(ip, flow.Protocol, FrameWriter.Transport(ip, flow.Protocol, flow.SourcePort, flow.DestinationPort, payload: 6))]);
    }
}
