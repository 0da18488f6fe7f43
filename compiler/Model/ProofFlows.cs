using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>Flows that reach the backends of every pool.</summary>
internal static class ProofFlows
{
    /// <summary>Tries a slot has on average before its backend is given up: e^-32 of all slots stay untried.</summary>
    private const int TriesPerSlot = 32;

    /// <summary>One flow for every backend that has slots, and for slots without one; where these are more than <paramref name="limit"/>, as many
    /// for every pool.</summary>
    public static IEnumerable<ProofPacket> For(SitePlan plan, int limit)
    {
        ImmutableArray<ImmutableArray<ushort>> wanted = [.. plan.Pools.Select(pool => pool.Ring.Distinct().Order().ToImmutableArray())];
        int share = wanted.Sum(owners => owners.Length) <= limit ? limit : Math.Max(1, limit / Math.Max(1, wanted.Length));
        PolicyFlows policies = new(plan);
        return Enumerable.Range(0, plan.Pools.Length).SelectMany(pool => ForPool(plan, policies, pool, [.. ProofPackets.Spread(wanted[pool], share)]));
    }

    private static IEnumerable<ProofPacket> ForPool(SitePlan plan, PolicyFlows policies, int pool, HashSet<ushort> wanted)
    {
        if (plan.Vips.FirstOrDefault(vip => vip.Pool == pool && IsPlain(vip) && vip.SampleAddresses.Any() && vip.Ports.Length > 0) is not VipPlan vip)
        {
            return policies.ForPool(pool, wanted, (long)plan.Pools[pool].Ring.Length * TriesPerSlot);
        }

        return ForVip(plan, pool, vip, wanted);
    }

    /// <summary>Any client is served, and a flow's every part decides.</summary>
    private static bool IsPlain(VipPlan vip) => vip.Hash == HashPolicy.FiveTuple && vip.Sources.IsAll && vip.Routes.IsEmpty;

    private static IEnumerable<ProofPacket> ForVip(SitePlan plan, int pool, VipPlan vip, HashSet<ushort> wanted)
    {
        IPAddress address = vip.SampleAddresses.First();
        PortRange ports = vip.Ports[0];
        byte[] destination = address.GetAddressBytes();
        byte[] source = Client(address.AddressFamily == AddressFamily.InterNetworkV6).GetAddressBytes();
        ImmutableArray<ushort> ring = plan.Pools[pool].Ring;
        int bits = int.Log2(ring.Length);
        long tries = (long)ring.Length * TriesPerSlot;
        for (uint flow = 0; flow < tries && wanted.Count > 0; flow++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(source.AsSpan(source.Length - 2), (ushort)(flow >> 16));
            ushort owner = ring[FlowHash.Of(plan.HashKey, source, destination, (byte)ports.Protocol, (ushort)flow, ports.First).Slot(bits)];
            if (!wanted.Remove(owner))
            {
                continue;
            }

            IpFields ip = new(new IPAddress(source), address, TrafficClass: (byte)flow);
            string who = owner == PoolPlan.NoBackend ? "no backend" : plan.Pools[pool].Backends[owner].Name;
            yield return new ProofPacket(
                string.Create(CultureInfo.InvariantCulture, $"pools.{plan.Pools[pool].Name}: flow for {who}"),
                [.. FrameWriter.Frame(ip, (byte)ports.Protocol, FrameWriter.Transport(ip, (byte)ports.Protocol, (ushort)flow, ports.First, payload: 6))]);
        }
    }

    /// <summary>A client's address; the last 16 bits are free.</summary>
    internal static IPAddress Client(bool isV6) => isV6 ? IPAddress.Parse("2001:db8:c11e:47::") : IPAddress.Parse("198.51.0.0");
}
