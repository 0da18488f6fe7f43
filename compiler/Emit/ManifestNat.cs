using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;

namespace Weir.Compiler.Emit;

/// <summary>NAT sources of hosts as the manifest states them.</summary>
internal static class ManifestNat
{
    public static ImmutableArray<string> Of(SitePlan plan, string host) =>
        plan.NatSources.FirstOrDefault(s => s.Host == host) is { Addresses: > 0 } sources ? sources.Texts : default;

    /// <summary>Of every host where anything is reached by NAT; else nothing.</summary>
    public static ImmutableArray<HostNatSources> Read(Manifest manifest) => manifest.UsesNat
        ? [.. manifest.Hosts.Select(h => HostNatSources.Of(h.Name, h.NatSources.IsDefault ? [] : h.NatSources.Select(IPNetwork.Parse)))]
        : [];

    public static IEnumerable<string> Problems(Manifest manifest)
    {
        foreach (ManifestHost host in manifest.Hosts.Where(h => !h.NatSources.IsDefault))
        {
            foreach (string text in host.NatSources.Where(t => !IPNetwork.TryParse(t, out _)))
            {
                yield return $"Host {host.Name}: {text} is no prefix.";
            }
        }

        foreach (HostNatSources host in manifest.Hosts.All(h => h.NatSources.IsDefault || h.NatSources.All(t => IPNetwork.TryParse(t, out _))) ? Read(manifest) : [])
        {
            if (host.Addresses > NatRows.MaxAddresses || (host is { V4: { } v4, V6: { } v6 } && 32 - v4.PrefixLength != 128 - v6.PrefixLength))
            {
                yield return $"Host {host.Host} has NAT sources of other lengths than a program has room for.";
            }
        }
    }
}
