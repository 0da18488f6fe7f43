using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>States a data plane as its manifest.</summary>
public static class ManifestWriter
{
    public const int Schema = 1;

    /// <param name="source">The program's C text.</param>
    public static Manifest Describe(Topology topology, DataPlane dataPlane, string source)
    {
        SitePlan plan = dataPlane.Plan;
        ImmutableArray<ManifestMap> maps = Maps(dataPlane);
        ImmutableArray<ManifestPool> pools = [.. plan.Pools.Zip(dataPlane.Pools, Describe)];
        return new Manifest
        {
            Schema = Schema,
            Weir = CompilerVersion.Text,
            Site = plan.Site,
            TopologyDigest = TopologyDigest.Of(topology),
            Program = new ManifestProgram(ProgramText.FunctionName(plan.Site), Bundle.ProgramPath, ProgramDigest.Of(Bundle.ProgramPath, source)),
            TablesDigest = TablesDigest(maps),
            PopulationDigest = PopulationDigest(maps, pools),
            Traffic = new ManifestTraffic(
                Hex(plan.HashKey.K0),
                Hex(plan.HashKey.K1),
                plan.Mtu,
                Name(plan.Unmatched),
                AddressText.OfSource(plan.Encapsulations[0].SourceV4),
                AddressText.OfSource(plan.Encapsulations[0].SourceV6),
                Describe(plan.NextHopV4),
                Describe(plan.NextHopV6),
                plan.Encapsulations.Length == 1 ? default : [.. plan.Encapsulations.Skip(1).Select(Describe)],
                plan.Encapsulations[0].Type == EncapsulationType.Ipip ? null : EncapsulationKeys.Name(plan.Encapsulations[0].Type),
                ManifestOptions.Of(plan.Encapsulations[0].Options)),
            Maps = maps,
            Layout = [.. Layouts.All(dataPlane.Sizes, dataPlane.BackendsV6, dataPlane.FollowsAny).Select(s =>
                new ManifestStruct(s.Name, s.Size, [.. s.Members.Select(m => new ManifestMember(m.Name, m.Offset, m.Size))]))],
            Decapsulate = ManifestDecapsulation.Of(plan.Decapsulate),
            Pools = pools,
            Vips = [.. plan.Vips.Select(v => new ManifestVip(
                v.Name, plan.Pools[v.Pool].Name, [.. v.Addresses.Select(a => a.ToString())], [.. v.Ports.Select(PortText.Format)], v.Ranges.IsEmpty ? default : [.. v.Ranges.Select(r => r.ToString())])
            {
                Fragments = v.Fragments == FragmentPolicy.Follow ? "follow" : null,
            }.With(v, plan.Pools))],
            Hosts = [.. topology.Sites.Single(s => s.Name == plan.Site).Hosts.OrderBy(h => h.Name, StringComparer.Ordinal)
                .Select(h => new ManifestHost(h.Name, h.Interface, ManifestNat.Of(plan, h.Name)))],
        };
    }

    /// <summary>The manifest's bytes: indented JSON, ended by a line feed.</summary>
    public static byte[] Serialize(Manifest manifest) => [.. JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.Manifest), (byte)'\n'];

    internal static string TablesDigest(ImmutableArray<ManifestMap> maps) => Digests.OfFiles(ImagesOf(maps, ImagePart.Tables));

    /// <summary>Over the images and one more line a pool: the digest of its backends' identities, each on a line.</summary>
    internal static string PopulationDigest(ImmutableArray<ManifestMap> maps, ImmutableArray<ManifestPool> pools) => Digests.OfFiles(
        [.. ImagesOf(maps, ImagePart.Population), .. pools.Select(p => ($"pools/{p.Name}", Digests.OfText(string.Concat(p.Backends.Select(b => b.Identity + "\n")))))]);

    internal static string Name(Unmatched unmatched) => unmatched == Unmatched.Drop ? "drop" : "pass";

    internal static string Name(BackendState state) => state switch
    {
        BackendState.Drain => "drain",
        BackendState.Down => "down",
        _ => "active",
    };

    internal static string Name(ImagePart part) => part switch
    {
        ImagePart.Population => "population",
        ImagePart.Tables => "tables",
        _ => "runtime",
    };

    internal static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    private static IEnumerable<(string Path, string Digest)> ImagesOf(ImmutableArray<ManifestMap> maps, ImagePart part) =>
        maps.Where(m => m.Part == Name(part)).Select(m => (m.Image!, m.Digest!));

    private static ImmutableArray<ManifestMap> Maps(DataPlane dataPlane)
    {
        IEnumerable<ManifestMap> filled = dataPlane.Images.Select(i => new ManifestMap(i.Section, i.Bytes.Length, Name(i.Part), i.File, Digests.Of(i.Bytes.AsSpan())));
        ManifestMap[] runtime =
        [
            .. dataPlane.Sizes.Keys > 0 ? [new(".bss.cipher", Layouts.Cipher.Size, Name(ImagePart.Runtime), null, null)] : Array.Empty<ManifestMap>(),
            .. dataPlane.Sizes.Nat > 0 ? [new(NatRows.Section, dataPlane.Sizes.Nat * Layouts.NatRow.Size, Name(ImagePart.Runtime), null, null), new(".data.nat", Layouts.Nat.Size, Name(ImagePart.Runtime), null, null)] : Array.Empty<ManifestMap>(),
            .. dataPlane.Sizes.Sets > 0 ? History(dataPlane) : [],
            .. dataPlane.NeedsClock ? new ManifestMap[] { new(".bss.clock", Layouts.Clock.Size, Name(ImagePart.Runtime), null, null) } : [],
            new(".bss.counters", Layouts.Counters(dataPlane.Sizes).Size, Name(ImagePart.Runtime), null, null),
            new(".bss.limits", Layouts.Limit.Size, Name(ImagePart.Runtime), null, null),
            .. dataPlane.FollowsAny ? new ManifestMap[] { new(".bss.fragments", Layouts.Fragments.Size, Name(ImagePart.Runtime), null, null) } : [],
            new(".data.site", Layouts.Site.Size, Name(ImagePart.Runtime), null, null),
        ];
        IEnumerable<ManifestMap> links = dataPlane.HasLinks ? [new(".data.link", dataPlane.Sizes.Backends * sizeof(ulong), Name(ImagePart.Runtime), null, null)] : [];
        return [.. filled.Concat(runtime).Concat(links).OrderBy(m => m.Section, StringComparer.Ordinal)];
    }

    /// <summary>What the host writes of slots and backends, and what the program makes of flows.</summary>
    private static ManifestMap[] History(DataPlane dataPlane)
    {
        string runtime = Name(ImagePart.Runtime);
        return
        [
            new(FlowRegions.Section, dataPlane.Sizes.Sets * FlowRegions.SetBytes, runtime, null, null),
            new(".bss.uses", Layouts.Uses(dataPlane.Sizes).Size, runtime, null, null),
            new(".data.slot", dataPlane.Sizes.Slots * sizeof(uint), runtime, null, null),
            new(".data.takes", dataPlane.Sizes.Backends, runtime, null, null),
        ];
    }

    private static ManifestPool Describe(PoolPlan pool, PoolPlace place) => new(
        pool.Name,
        pool.Capacity,
        place.Wide ? ".data.ring16" : ".data.ring8",
        place.RingOffset,
        place.RingBits,
        place.Wide ? 2 : 1,
        place.BackendOffset,
        pool.Quality.ImbalancePpm,
        pool.Quality.CollateralPpm,
        [.. pool.Backends.Select(b => new ManifestBackend(Hex(b.Identity), b.Name, b.Address.ToString(), b.Weight, Name(b.State), b.Encapsulation, !b.Preferred, b.ServerId, AddressText.OfMac(b.Mac), b.HandsOn, b.Port))],
        pool.Algorithm == RingAlgorithm.Maglev ? null : pool.Algorithm.Name(),
        pool.Quality.ExpectedPpm,
        ManifestServerIds.Of(pool.Quic),
        pool.TcpOption ?? 0);

    private static ManifestEncapsulation Describe(EncapsulationPlan encapsulation) =>
        new(EncapsulationKeys.Name(encapsulation.Type), AddressText.OfSource(encapsulation.SourceV4), AddressText.OfSource(encapsulation.SourceV6), ManifestOptions.Of(encapsulation.Options));

    private static ManifestNextHop? Describe(NextHop? nextHop) =>
        nextHop is null ? null : new ManifestNextHop(nextHop.Gateway?.ToString(), AddressText.OfMac(nextHop.Mac));
}
