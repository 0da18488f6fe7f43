using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Scriban.Runtime;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>What the templates of the program are filled with: every number already in its C form, every name an operator's.</summary>
public static class ProgramText
{
    /// <summary>Beyond this many bytes of IP packet a frame no longer fits one page beside the headroom (Linux 5.18: <c>xdp.frags</c>).</summary>
    private const int OneBufferMtu = 3498;

    /// <summary>The kernel keeps 15 characters of a program's name (<c>BPF_OBJ_NAME_LEN</c>).</summary>
    private const int FunctionNameLength = 15;

    /// <summary>Name of a site's XDP function: <c>weir_</c> and the site, cut to what the kernel keeps.</summary>
    public static string FunctionName(string site)
    {
        string name = "weir_" + string.Concat(site.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return name.Length > FunctionNameLength ? name[..FunctionNameLength] : name;
    }

    public static ScriptObject Describe(DataPlane dataPlane)
    {
        ArgumentNullException.ThrowIfNull(dataPlane);
        SitePlan plan = dataPlane.Plan;
        TableSizes sizes = dataPlane.Sizes;
        bool frags = plan.Mtu > OneBufferMtu;
        ImmutableArray<ScriptObject> deliveries = DeliveryText.Of(dataPlane.Kinds);
        return new ScriptObject
        {
            ["site"] = plan.Site,
            ["function"] = FunctionName(plan.Site),
            ["section"] = frags ? "xdp.frags" : "xdp",
            ["summary"] = Summary(dataPlane),
            ["key0"] = Hex64(plan.HashKey.K0),
            ["key1"] = Hex64(plan.HashKey.K1),
            ["mtu"] = plan.Mtu,
            ["frags"] = frags,
            ["vips"] = sizes.Vips,
            ["backends"] = sizes.Backends,
            ["ring8"] = sizes.Ring8Slots,
            ["ring16"] = sizes.Ring16Slots,
            ["service_rows"] = sizes.ServiceRows,
            ["service_steps"] = sizes.ServiceSteps,
            ["vip_members"] = VipMembers(dataPlane),
            ["clocks"] = dataPlane.NeedsClock,
            ["follow4"] = dataPlane.Follows(AddressFamily.InterNetwork),
            ["follow6"] = dataPlane.Follows(AddressFamily.InterNetworkV6),
            ["backend_struct"] = dataPlane.BackendsV6 ? "weir_backend" : "weir_backend4",
            ["backends4"] = dataPlane.BackendsV4,
            ["backends6"] = dataPlane.BackendsV6,
            ["unmatched"] = plan.Unmatched == Unmatched.Drop ? "drop" : "pass",
            ["v4"] = Match(dataPlane, dataPlane.MatchV4, sizes.Vip4Bits),
            ["v6"] = Match(dataPlane, dataPlane.MatchV6, sizes.Vip6Bits),
            ["source4"] = dataPlane.SourcesV4 is [var source4] ? SourceText.Of4(source4) : null,
            ["source6"] = dataPlane.SourcesV6 is [var source6] ? SourceText.Of6(source6) : null,
            ["four"] = dataPlane.MatchV4 is not null || dataPlane.Translates(AddressFamily.InterNetwork),
            ["six"] = dataPlane.MatchV6 is not null || dataPlane.Translates(AddressFamily.InterNetworkV6),
            ["nat"] = NatText.Of(dataPlane),
            ["kinds4"] = new ScriptArray(deliveries.Where((_, i) => dataPlane.Kinds[i] is { V4: true, Type: not EncapsulationType.Nat })),
            ["kinds6"] = new ScriptArray(deliveries.Where((_, i) => dataPlane.Kinds[i] is { V6: true, Type: not EncapsulationType.Nat })),
            ["several_kinds"] = deliveries.Length > 1,
            ["flags_at"] = dataPlane.BackendsV6 ? 16 : 48,
            ["tunnels"] = dataPlane.Kinds.Any(k => k.Type is EncapsulationType.Gre or EncapsulationType.Gue or EncapsulationType.Vxlan or EncapsulationType.Geneve),
            ["sums"] = deliveries.Where((d, i) => (dataPlane.Kinds[i].V4 && (bool)d["checked4"]!) || (dataPlane.Kinds[i].V6 && (bool)d["checked6"]!)).Any(),
            ["sources4"] = sizes.Sources4,
            ["sources6"] = sizes.Sources6,
            ["records"] = sizes.Sets == 0 ? null : new ScriptObject { ["slots"] = sizes.Slots, ["regions"] = sizes.Regions, ["sets"] = sizes.Sets },
            ["links"] = dataPlane.HasLinks,
            ["answers"] = dataPlane.Kinds.Any(k => k.Type != EncapsulationType.Local),
            ["decapsulate"] = DecapsulationText.Of(plan.Decapsulate),
            ["policies"] = PolicyText.Tables(dataPlane),
            ["hash"] = PolicyText.Hash(dataPlane.Policies.Hash),
            ["servers"] = sizes.Servers,
            ["server_pools"] = sizes.Pools,
            ["server_bucket_shift"] = 66 - BitOperations.Log2((uint)Math.Max(1, sizes.Servers)),
            ["server_quic"] = plan.Pools.Any(p => p.Quic is not null),
            ["server_tcp"] = plan.Pools.Any(p => p.TcpOption is not null),
            ["server_long"] = ServerTable.HasLongIds(plan),
            ["server_crypt"] = sizes.Keys > 0,
            ["server_mixed"] = plan.Vips.Any(v => v.Routes.Length > 0),
        };
    }

    /// <summary>Only what makes another program when it changes: counts of what lies in tables would make a new program of every backend.</summary>
    private static ScriptArray Summary(DataPlane dataPlane)
    {
        SitePlan plan = dataPlane.Plan;
        TableSizes sizes = dataPlane.Sizes;
        ScriptArray lines = [string.Create(CultureInfo.InvariantCulture, $"Encapsulation {DeliveryText.Summary(dataPlane.Kinds)}; room for {Count(sizes.Vips, "VIP")} and {Count(sizes.Backends, "backend")}.")];
        if (dataPlane.MatchV4?.Kind == MatchKind.Hashed || dataPlane.MatchV6?.Kind == MatchKind.Hashed)
        {
            return lines;
        }

        for (int i = 0; i < plan.Pools.Length; i++)
        {
            PoolPlace place = dataPlane.Pools[i];
            lines.Add($"pools.{plan.Pools[i].Name}: {1 << place.RingBits} slots from {place.RingOffset} in ring{(place.Wide ? 16 : 8)}, {plan.Pools[i].Capacity} backend rows from {place.BackendOffset}.");
        }

        return lines;
    }

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? string.Empty : "s")}");

    private static ScriptArray VipMembers(DataPlane dataPlane)
    {
        ScriptArray members = [];
        bool v4 = dataPlane.MatchV4 is { Kind: MatchKind.Hashed };
        bool v6 = dataPlane.MatchV6 is { Kind: MatchKind.Hashed };
        int rows4 = 1 << dataPlane.Sizes.Vip4Bits;
        int rows6 = 1 << dataPlane.Sizes.Vip6Bits;
        AddIf(v4, "__u64 seed4");
        AddIf(v6, "__u64 seed6");
        AddIf(v4, $"__u16 displace4[{rows4 / 4}]");
        AddIf(v6, $"__u16 displace6[{rows6 / 4}]");
        AddIf(v4, $"struct weir_vip4 rows4[{rows4}]");
        AddIf(v6, $"struct weir_vip6 rows6[{rows6}]");
        return members;

        void AddIf(bool condition, string member)
        {
            if (condition)
            {
                members.Add(member);
            }
        }
    }

    private static ScriptObject? Match(DataPlane dataPlane, VipMatch? match, int bits)
    {
        if (match is null)
        {
            return null;
        }

        return new ScriptObject
        {
            ["template"] = match.Kind == MatchKind.Folded ? "match_folded" : "match_hashed",
            ["reason"] = match.Reason,
            ["bits"] = bits,
            ["probes"] = match.Addresses.Any(a => a.IsRange)
                ? new ScriptArray(match.Addresses.Select(a => a.Length).Distinct().Select(length => PrefixText.Probe(length, match == dataPlane.MatchV6)))
                : new ScriptArray(),
            ["prefix"] = match.Prefix is var (address, length) ? Prefix(address, length) : null,
            ["addresses"] = match.Kind == MatchKind.Folded ? new ScriptArray(match.Addresses.Select(a => Address(dataPlane, a))) : new ScriptArray(),
        };
    }

    private static ScriptObject Prefix(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        ScriptObject prefix = new() { ["text"] = string.Create(CultureInfo.InvariantCulture, $"{address}/{length}") };
        if (bytes.Length == 4)
        {
            uint mask = uint.MaxValue << (32 - length);
            prefix["mask"] = Hex32(mask);
            prefix["value"] = Hex32(BinaryPrimitives.ReadUInt32BigEndian(bytes) & mask);
        }
        else
        {
            // Only the upper half is compared; a longer prefix is cut to it.
            ulong mask = BinaryPrimitives.ReverseEndianness(length >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - length));
            prefix["mask"] = Hex64(mask);
            prefix["value"] = Hex64(BinaryPrimitives.ReadUInt64LittleEndian(bytes) & mask);
        }

        return prefix;
    }

    private static ScriptObject Address(DataPlane dataPlane, AddressServices address) => new()
    {
        ["text"] = PrefixText.Of(address),
        ["condition"] = PrefixText.Condition(address),
        ["services"] = new ScriptArray(Group(dataPlane.Plan, address.Services).Select(g => Service(dataPlane, g))),
    };

    /// <summary>Port intervals of one VIP on one address share a branch, unless packets to some name their backends.</summary>
    private static IEnumerable<ImmutableArray<Service>> Group(SitePlan plan, ImmutableArray<Service> services) =>
        services.GroupBy(s => (s.Vip, Affinity: ServerTable.AffinityOf(plan, s))).OrderBy(g => g.Key).Select(g => g.ToImmutableArray());

    private static ScriptObject Service(DataPlane dataPlane, ImmutableArray<Service> services)
    {
        Service first = services[0];
        PoolPlace place = dataPlane.Pools[first.Pool];
        SitePlan plan = dataPlane.Plan;
        return new ScriptObject
        {
            ["condition"] = string.Join(" || ", services.Select(s => Condition(s.Ports, services.Length > 1))),
            ["text"] = $"vips.{plan.Vips[first.Vip].Name}: {string.Join(", ", services.Select(s => PortText.Format(s.Ports)))} to pools.{plan.Pools[first.Pool].Name}",
            ["vip"] = first.Vip,
            ["ring"] = place.RingOffset,
            ["ring_shift"] = 32 - place.RingBits,
            ["ring_wide"] = place.Wide ? 1 : 0,
            ["backend"] = place.BackendOffset,
            ["pool"] = first.Pool,
            ["affinity"] = (int)ServerTable.AffinityOf(plan, first),
        };
    }

    private static string Condition(PortRange ports, bool several)
    {
        uint first = ((uint)ports.Protocol << 16) | ports.First;
        uint last = ((uint)ports.Protocol << 16) | ports.Last;
        string text = ports switch
        {
            { First: 0, Last: ushort.MaxValue } => string.Create(CultureInfo.InvariantCulture, $"key >> 16 == {(int)ports.Protocol}"),
            _ when first == last => $"key == {Hex32(first)}",
            _ => $"key >= {Hex32(first)} && key <= {Hex32(last)}",
        };
        return several && text.Contains("&&", StringComparison.Ordinal) ? $"({text})" : text;
    }

    private static string Hex32(uint value) => $"0x{value:x8}u";

    private static string Hex64(ulong value) => $"0x{value:x16}ull";
}
