using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>What can be wrong with a manifest's values beside its files.</summary>
internal static class ManifestCheck
{
    public static IEnumerable<string> Problems(Manifest manifest) =>
    [
        .. Traffic(manifest.Traffic),
        .. manifest.Decapsulate?.Problems() ?? [],
        .. ManifestNat.Problems(manifest),
        .. Repeated("map", manifest.Maps.Select(m => m.Section)),
        .. Repeated("pool", manifest.Pools.Select(p => p.Name)),
        .. Repeated("VIP", manifest.Vips.Select(v => v.Name)),
        .. manifest.Maps.Where(m => m.Size < 0 || m.Part is not ("population" or "tables" or "runtime")).Select(m => $"Map {m.Section}: size {m.Size} or part {m.Part} is none."),
        .. manifest.Pools.SelectMany(p => Pool(manifest, p)),
        .. manifest.Pools.SelectMany(ManifestServerIds.Problems),
        .. manifest.Vips.SelectMany(v => Vip(manifest, v)),
    ];

    private static IEnumerable<string> Traffic(ManifestTraffic traffic)
    {
        foreach (string key in new[] { traffic.HashKey0, traffic.HashKey1 }.Where(k => !IsHex(k)))
        {
            yield return $"Hash key {key} is not 16 hex digits.";
        }

        IEnumerable<ManifestEncapsulation> others = traffic.Encapsulations.IsDefault ? [] : traffic.Encapsulations;
        foreach (ManifestEncapsulation other in others.Where(e => EncapsulationKeys.Named(e.Type) is null))
        {
            yield return $"Encapsulation {other.Type} is none that this version knows.";
        }

        IEnumerable<string?> sources = [traffic.SourceV4, traffic.SourceV6, .. others.SelectMany(e => new[] { e.SourceV4, e.SourceV6 })];
        foreach (string source in sources.OfType<string>().Where(s => AddressText.ParseSource(s) is null))
        {
            yield return $"Outer source {source} is no address or prefix.";
        }

        foreach (ManifestNextHop hop in new[] { traffic.NextHopV4, traffic.NextHopV6 }.OfType<ManifestNextHop>().Where(h => !IsNextHop(h)))
        {
            yield return $"Next hop (gateway {hop.Gateway ?? "none"}, MAC {hop.Mac ?? "none"}) is not exactly one of a gateway's address and a MAC.";
        }

        if (traffic.Unmatched is not ("pass" or "drop"))
        {
            yield return $"unmatched: {traffic.Unmatched} is neither pass nor drop.";
        }
    }

    private static IEnumerable<string> Pool(Manifest manifest, ManifestPool pool)
    {
        ManifestMap? ring = manifest.Maps.FirstOrDefault(m => m.Section == pool.RingMap);
        int row = manifest.Layout.FirstOrDefault(s => s.Name is "weir_backend" or "weir_backend4")?.Size ?? 0;
        long rows = manifest.Maps.FirstOrDefault(m => m.Section == ".data.backend")?.Size / Math.Max(1, row) ?? 0;
        bool entry = (pool.RingMap, pool.EntryBytes) is (".data.ring8", 1) or (".data.ring16", 2);
        if (!entry || pool.RingBits is < 0 or > RingSize.MaxBits || pool.RingOffset < 0
            || ring is null || (pool.RingOffset + (1L << pool.RingBits) + Images.SpareEntries) * pool.EntryBytes > ring.Size)
        {
            yield return $"Pool {pool.Name}: its ring does not lie within {pool.RingMap}.";
        }

        if (pool.Capacity < pool.Backends.Length || pool.BackendOffset < 0 || (long)pool.BackendOffset + pool.Capacity > rows)
        {
            yield return $"Pool {pool.Name}: its rows do not lie within .data.backend.";
        }

        if (pool.Ring is { } filled && RingAlgorithms.Parse(filled) is null)
        {
            yield return $"Pool {pool.Name}: a ring that is filled by {filled} is none that this version knows.";
        }

        for (int i = 0; i < pool.Backends.Length; i++)
        {
            ManifestBackend backend = pool.Backends[i];
            if (!IPAddress.TryParse(backend.Address, out IPAddress? address) || ManifestWriter.Hex(BackendIdentity.Of(pool.Name, address, (ushort)backend.Port)) != backend.Identity)
            {
                yield return $"Backend {pool.Name}/{backend.Name}: {backend.Identity} is not the identity of {backend.Address}.";
            }
            else if (i > 0 && string.CompareOrdinal(pool.Backends[i - 1].Identity, backend.Identity) >= 0)
            {
                yield return $"Backend {pool.Name}/{backend.Name}: backends are not in the order of their identities.";
            }

            if (backend.Encapsulation < 0 || backend.Encapsulation > (manifest.Traffic.Encapsulations.IsDefault ? 0 : manifest.Traffic.Encapsulations.Length))
            {
                yield return $"Backend {pool.Name}/{backend.Name}: there is no encapsulation {backend.Encapsulation}.";
            }

            if (backend.Mac is { } text && !(PhysicalAddress.TryParse(text, out PhysicalAddress? mac) && mac.GetAddressBytes().Length == 6))
            {
                yield return $"Backend {pool.Name}/{backend.Name}: {text} is no MAC.";
            }

            if (backend.Weight is < 0 or > ushort.MaxValue || backend.State is not ("active" or "drain" or "down"))
            {
                yield return $"Backend {pool.Name}/{backend.Name}: weight {backend.Weight} or state {backend.State} is none.";
            }
        }
    }

    private static IEnumerable<string> Vip(Manifest manifest, ManifestVip vip)
    {
        if (!manifest.Pools.Any(p => p.Name == vip.Pool))
        {
            yield return $"VIP {vip.Name}: there is no pool {vip.Pool}.";
        }

        if (vip.Fragments is not (null or "follow"))
        {
            yield return $"VIP {vip.Name}: fragments: {vip.Fragments} is neither left out nor follow.";
        }

        foreach (string address in vip.Addresses.Where(a => !IPAddress.TryParse(a, out _)))
        {
            yield return $"VIP {vip.Name}: {address} is no address.";
        }

        foreach (string range in (vip.Ranges.IsDefault ? [] : vip.Ranges).Where(r => !IPNetwork.TryParse(r, out _)))
        {
            yield return $"VIP {vip.Name}: {range} is no prefix.";
        }

        foreach (string problem in ManifestPolicies.Problems(manifest, vip))
        {
            yield return problem;
        }

        foreach (string ports in vip.Ports.Where(p => PortText.Parse(p) is null))
        {
            yield return $"VIP {vip.Name}: {ports} is no port range.";
        }
    }

    private static IEnumerable<string> Repeated(string what, IEnumerable<string> names) =>
        names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => $"There are {g.Count()} entries for {what} {g.Key}.");

    private static bool IsHex(string text) =>
        text.Length == 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);

    private static bool IsNextHop(ManifestNextHop hop) => (hop.Gateway, hop.Mac) switch
    {
        (string gateway, null) => IPAddress.TryParse(gateway, out _),
        (null, string mac) => PhysicalAddress.TryParse(mac, out PhysicalAddress? parsed) && parsed.GetAddressBytes().Length == 6,
        _ => false,
    };
}
