using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>A bundle whose files are all there and are what its manifest says: the work of <see cref="BundleReader"/>.</summary>
public sealed record VerifiedBundle(Bundle Bundle, Manifest Manifest)
{
    public string Digest => Bundle.Digest;

    /// <summary>The program's C text.</summary>
    public string Source => Encoding.UTF8.GetString(Bundle.Files[Manifest.Program.Source].AsSpan());

    /// <summary>Bytes by section of the maps that have an image.</summary>
    public ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Images => Manifest.Maps
        .Where(m => m.Image is not null)
        .ToImmutableSortedDictionary(m => m.Section, m => Bundle.Files[m.Image!].AsMemory(), StringComparer.Ordinal);

    /// <summary>The site plan that the bundle was made from, read back from manifest and ring images.</summary>
    public SitePlan ToSitePlan()
    {
        ManifestTraffic traffic = Manifest.Traffic;
        Dictionary<string, int> pools = Manifest.Pools.Select((p, i) => (p.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
        return new SitePlan
        {
            Site = Manifest.Site,
            HashKey = (Hex(traffic.HashKey0), Hex(traffic.HashKey1)),
            Mtu = traffic.Mtu,
            Unmatched = traffic.Unmatched == ManifestWriter.Name(Unmatched.Drop) ? Unmatched.Drop : Unmatched.Pass,
            Encapsulations =
            [
                Encapsulation(traffic.Type, traffic.SourceV4, traffic.SourceV6, traffic.Options),
                .. Some(traffic.Encapsulations).Select(e => Encapsulation(e.Type, e.SourceV4, e.SourceV6, e.Options)),
            ],
            NextHopV4 = NextHop(traffic.NextHopV4),
            NextHopV6 = NextHop(traffic.NextHopV6),
            Decapsulate = Manifest.Decapsulate?.Read(),
            NatSources = ManifestNat.Read(Manifest),
            Pools = [.. Manifest.Pools.Select(Pool)],
            Vips = [.. Manifest.Vips.Select(v => new VipPlan(
                v.Name,
                pools[v.Pool],
                [.. v.Addresses.Select(IPAddress.Parse)],
                [.. v.Ports.Select(p => PortText.Parse(p) ?? throw new FormatException($"{p} is no port range."))])
            {
                Ranges = [.. Some(v.Ranges).Select(r => IPNetwork.Parse(r))],
                Fragments = v.Fragments == "follow" ? FragmentPolicy.Follow : FragmentPolicy.Drop,
            }.With(v, pools))],
        };
    }

    private PoolPlan Pool(ManifestPool pool) => new()
    {
        Name = pool.Name,
        Capacity = pool.Capacity,
        Backends = [.. pool.Backends.Select(b => new BackendPlan(
            Hex(b.Identity), b.Name, IPAddress.Parse(b.Address), b.Weight, State(b.State))
        {
            Encapsulation = b.Encapsulation,
            Preferred = !b.Unpreferred,
            ServerId = b.ServerId,
            Mac = b.Mac is null ? null : PhysicalAddress.Parse(b.Mac),
            HandsOn = b.HandsOn,
            Port = checked((ushort)b.Port),
        })],
        Ring = Ring(pool),
        Quality = new RingQuality(pool.ImbalancePpm, pool.CollateralPpm) { ExpectedPpm = pool.ExpectedPpm },
        Algorithm = RingAlgorithms.Parse(pool.Ring) ?? RingAlgorithm.Maglev,
        Quic = ManifestServerIds.Read(pool.Quic),
        TcpOption = pool.TcpOption == 0 ? null : (byte)pool.TcpOption,
    };

    private ImmutableArray<ushort> Ring(ManifestPool pool)
    {
        ReadOnlySpan<byte> image = Images[pool.RingMap].Span.Slice(pool.RingOffset * pool.EntryBytes, pool.EntryBytes << pool.RingBits);
        var ring = ImmutableArray.CreateBuilder<ushort>(1 << pool.RingBits);
        for (int slot = 0; slot < 1 << pool.RingBits; slot++)
        {
            int entry = pool.EntryBytes == 1 ? image[slot] : BinaryPrimitives.ReadUInt16LittleEndian(image[(2 * slot)..]);
            ring.Add(entry == (pool.EntryBytes == 1 ? Lowering.Images.NoBackend8 : Lowering.Images.NoBackend16) ? PoolPlan.NoBackend : (ushort)entry);
        }

        return ring.MoveToImmutable();
    }

    private static EncapsulationPlan Encapsulation(string? type, string? sourceV4, string? sourceV6, ManifestOptions? options) => new(
        type is null ? EncapsulationType.Ipip : EncapsulationKeys.Named(type) ?? throw new FormatException($"{type} is no encapsulation."), ParseSource(sourceV4), ParseSource(sourceV6))
    {
        Options = ManifestOptions.Read(options),
    };

    private static BackendState State(string name) => Enum.GetValues<BackendState>().Single(state => ManifestWriter.Name(state) == name);

    private static OuterSource? ParseSource(string? text) => text is null ? null : AddressText.ParseSource(text);

    /// <summary>An array that the manifest leaves out where it is empty.</summary>
    private static ImmutableArray<T> Some<T>(ImmutableArray<T> array) => array.IsDefault ? [] : array;

    private static NextHop? NextHop(ManifestNextHop? nextHop) => nextHop is null
        ? null
        : new NextHop(nextHop.Gateway is null ? null : IPAddress.Parse(nextHop.Gateway), nextHop.Mac is null ? null : PhysicalAddress.Parse(nextHop.Mac));

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
