using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>Advice about server ids: such as nothing carries, and QUIC that has none.</summary>
internal static class ServerIdLint
{
    public static IEnumerable<Diagnostic> Check(Topology topology)
    {
        foreach (Pool pool in topology.Pools.Where(p => p.Quic is null && p.TcpOption is null))
        {
            foreach (Backend backend in pool.Backends.Where(b => b.ServerId is not null))
            {
                yield return Diagnose.UnusedServerId(backend.Position, pool.Name, backend.Name);
            }
        }

        Dictionary<string, Pool> pools = topology.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (Vip vip in topology.Vips.Where(v => v.Ports.Any(p => p.Quic)))
        {
            foreach (string pool in vip.Sites.Select(vip.PoolAt).Distinct().Order(StringComparer.Ordinal).Where(p => pools[p].Quic is null))
            {
                yield return Diagnose.QuicByHash(vip.Position, vip.Name, PortText.Format(vip.Ports.First(p => p.Quic)), pool);
            }
        }
    }
}
