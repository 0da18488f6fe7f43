using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>Whether a VIP whose fragments follow each other may: a later fragment has no transport header and none of its payload's beginning.</summary>
public static class FragmentChecks
{
    public static IEnumerable<Diagnostic> Check(Topology topology) =>
        topology.Vips.Where(v => v.Fragments == FragmentPolicy.Follow).SelectMany(vip => vip.Sites
            .SelectMany(site => vip.Routes.Select(r => r.Pool).Prepend(vip.PoolAt(site)).Select(pool => (Site: site, Pool: pool)))
            .Select(at => Finding(topology, vip, at.Site, at.Pool)).FirstOrDefault(finding => finding is not null) is { } first
                ? [first]
                : Enumerable.Empty<Diagnostic>());

    private static Diagnostic? Finding(Topology topology, Vip vip, string siteName, string poolName)
    {
        if (topology.Pools.FirstOrDefault(p => p.Name == poolName) is not { } pool || topology.Sites.FirstOrDefault(s => s.Name == siteName) is not { } site)
        {
            return null;
        }

        if (pool.Quic is not null || pool.TcpOption is not null)
        {
            return Diagnose.FragmentsWithServerIds(vip.Position, vip.Name, pool.Name);
        }

        EncapsulationType wide = pool.Sites.GetValueOrDefault(siteName)?.Encapsulation?.Type ?? pool.Encapsulation?.Type ?? site.Encapsulation.Type;
        return pool.Backends.Any(b => (b.Encapsulation?.Type ?? wide) == EncapsulationType.Nat)
            ? Diagnose.FragmentsWithNat(vip.Position, vip.Name, pool.Name)
            : null;
    }
}
