using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Planning;

/// <summary>Checked topology and site to site plan: which VIPs and pools the site serves, and every pool's ring.</summary>
public static class SitePlanner
{
    /// <param name="site">Name of a site of the topology.</param>
    /// <param name="rings">Rings of other plans that may be used again, or null.</param>
    /// <returns>The plan, null when two backends cannot be told apart, and what was noticed, sorted by pool and position in it.</returns>
    /// <exception cref="ArgumentException">There is no such site.</exception>
    public static (SitePlan? Plan, ImmutableArray<PlanFinding> Findings) Plan(Topology topology, string site, RingCache? rings = null)
    {
        Site at = topology.Sites.FirstOrDefault(s => s.Name == site)
            ?? throw new ArgumentException($"The topology has no site {site}.", nameof(site));
        Vip[] vips = [.. topology.Vips.Where(v => v.Sites.Contains(site)).OrderBy(v => v.Name, StringComparer.Ordinal)];
        HashSet<string> used = [.. vips.SelectMany(v => v.PoolsAt(site))];
        Pool[] pools = [.. topology.Pools.Where(p => used.Contains(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal)];

        ImmutableHashSet<IPAddress> loadBalancers = at.Decapsulate is null ? [] : [.. topology.Sites.Where(s => s.Name != site).SelectMany(s => s.Decapsulate?.Addresses ?? [])];

        // Pools are independent of each other, so they are built side by side; results are taken in order.
        int[] bits = [.. pools.Select(p => RingSize.Bits(p))];
        int leavers = RingMeasure.Leavers(bits.Sum(b => 1L << b));
        var plans = new (PoolPlan? Plan, ImmutableArray<Backend> Backends, ImmutableArray<PlanFinding> Findings)[pools.Length];
        Parallel.For(0, pools.Length, i => plans[i] = PlanPool(pools[i], site, loadBalancers, bits[i], leavers, rings));
        ImmutableArray<PlanFinding> findings = [.. plans.SelectMany(p => p.Findings)];
        if (plans.Any(p => p.Plan is null))
        {
            return (null, findings);
        }

        (ImmutableArray<EncapsulationPlan> encapsulations, ImmutableArray<ImmutableArray<int>> index) =
            EncapsulationScopes.Number(at, pools.Zip(plans, (pool, plan) => (pool, plan.Backends)));
        Dictionary<string, int> numbers = pools.Select((pool, i) => (pool.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
        return (new SitePlan
        {
            Site = site,
            HashKey = HashKey(topology.Seed),
            Mtu = at.Mtu,
            Unmatched = at.Unmatched,
            Encapsulations = encapsulations,
            NextHopV4 = at.NextHopV4,
            NextHopV6 = at.NextHopV6,
            Pools = [.. plans.Zip(index, (p, own) => WithEncapsulations(p.Plan!, own))],
            Vips = [.. vips.Select(v => new VipPlan(
                v.Name,
                numbers[v.PoolAt(site)],
                [.. v.Addresses.Order(AddressOrder.Instance)],
                [.. v.Ports.OrderBy(p => p.Protocol).ThenBy(p => p.First)])
            {
                Ranges = [.. v.Ranges.OrderBy(r => r.BaseAddress, AddressOrder.Instance).ThenBy(r => r.PrefixLength)],
                Hash = v.Hash,
                Sources = v.Sources,
                Routes = [.. v.Routes.Select(r => (r.Source, numbers[r.Pool]))],
                Fragments = v.Fragments,
            })],
            Decapsulate = at.Decapsulate,
            NatSources = encapsulations.Any(e => e.Type == EncapsulationType.Nat)
                ? [.. at.Hosts.OrderBy(h => h.Name, StringComparer.Ordinal).Select(h => HostNatSources.Of(h.Name, h.NatSources))]
                : [],
        }, findings);
    }

    /// <summary>See <see cref="SitePlan.HashKey"/>.</summary>
    public static (ulong K0, ulong K1) HashKey(string seed)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes("weir seed v1\0" + seed));
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(8)));
    }

    private static PoolPlan WithEncapsulations(PoolPlan pool, ImmutableArray<int> index) => index.All(i => i == 0)
        ? pool
        : pool with { Backends = [.. pool.Backends.Zip(index, (backend, i) => backend with { Encapsulation = i })] };

    private static (PoolPlan? Plan, ImmutableArray<Backend> Backends, ImmutableArray<PlanFinding> Findings) PlanPool(Pool pool, string site, ImmutableHashSet<IPAddress> loadBalancers, int bits, int leavers, RingCache? rings)
    {
        (ulong Identity, Backend Backend)[] backends =
            [.. pool.Backends.Select(b => (BackendIdentity.Of(pool.Name, b.Address, b.Port), b)).OrderBy(b => b.Item1).ThenBy(b => b.b.Name, StringComparer.Ordinal)];
        ImmutableArray<PlanFinding> collisions =
            [.. Enumerable.Range(1, Math.Max(0, backends.Length - 1)).Where(i => backends[i].Identity == backends[i - 1].Identity)
                .Select(i => new IdentityCollision(pool.Name, backends[i].Backend.Name, backends[i - 1].Backend.Name, backends[i].Backend.Position))];
        if (collisions.Length > 0)
        {
            return (null, [], collisions);
        }

        HashSet<Backend> takers = new(RingMembership.Of(pool, site), ReferenceEqualityComparer.Instance);
        int[] active = [.. Enumerable.Range(0, backends.Length).Where(i => takers.Contains(backends[i].Backend))];
        RingMember[] members = [.. active.Select(i => new RingMember(backends[i].Identity, backends[i].Backend.Weight))];
        BuiltRing built = rings?.Of(pool.Algorithm, members, bits, leavers) ?? BuiltRing.Of(pool.Algorithm, members, bits, leavers);
        ushort[] ring = [.. built.Slots];

        // From indices of ring members to dense numbers.
        for (int slot = 0; slot < ring.Length; slot++)
        {
            ring[slot] = ring[slot] == RingAlgorithms.Nobody ? PoolPlan.NoBackend : (ushort)active[ring[slot]];
        }

        ImmutableArray<PlanFinding> findings = active.Length == 0 || RingLimits.Finding(pool, ring.Length, (built.ExpectedPpm, backends[active[built.Lightest]].Backend)) is not { } finding
            ? []
            : [finding];
        Preference preference = RingMembership.PreferenceAt(pool, site);
        return (new PoolPlan
        {
            Name = pool.Name,
            Capacity = pool.Capacity,
            Backends = [.. backends.Select(b => new BackendPlan(b.Identity, b.Backend.Name, b.Backend.Address, b.Backend.Weight, b.Backend.State)
            {
                Preferred = RingMembership.IsPreferred(preference, b.Backend, site),
                Port = b.Backend.Port,
                Mac = b.Backend.Mac,
                HandsOn = loadBalancers.Contains(b.Backend.Address),
                ServerId = b.Backend.ServerId,
            })],
            Ring = ImmutableCollectionsMarshal.AsImmutableArray(ring),
            Quality = new RingQuality(built.ImbalancePpm, built.CollateralPpm)
            {
                ExpectedPpm = pool.Algorithm == RingAlgorithm.Maglev ? 0 : built.ExpectedPpm,
            },
            Algorithm = pool.Algorithm,
            Quic = pool.Quic,
            TcpOption = pool.TcpOption,
        }, [.. backends.Select(b => b.Backend)], findings);
    }
}
