using System.Collections.Immutable;

namespace Weir.Compiler.Lowering;

/// <summary>The structures of <c>bpf/weir/layout.h</c> and the two whose arrays depend on the size classes. Images are written
/// and the manifest's layout is stated from these; a test compares them with what clang lays out.</summary>
public static class Layouts
{
    public static CStruct Vip4 { get; } = CStruct.Lay("weir_vip4", 1, ("address", LayoutType.U32, null), ("services", LayoutType.U32, null));

    public static CStruct Vip6 { get; } = CStruct.Lay(
        "weir_vip6", 1, ("address", LayoutType.U64, 2), ("services", LayoutType.U32, null), ("range", LayoutType.U32, null));

    public static CStruct Service { get; } = CStruct.Lay(
        "weir_service",
        1,
        ("first", LayoutType.U32, null),
        ("last", LayoutType.U32, null),
        ("vip", LayoutType.U32, null),
        ("ring", LayoutType.U32, null),
        ("backend", LayoutType.U32, null),
        ("ring_shift", LayoutType.U8, null),
        ("ring_wide", LayoutType.U8, null),
        ("pool", LayoutType.U16, null),
        ("affinity", LayoutType.U32, null),
        ("unused", LayoutType.U32, null));

    public static CStruct Server { get; } = CStruct.Lay(
        "weir_server", 1, ("id", LayoutType.U64, 2), ("pool", LayoutType.U32, null), ("backend", LayoutType.U32, null));

    public static CStruct Routing { get; } = CStruct.Lay(
        "weir_routing", 1, ("config", LayoutType.U16, 8), ("tcp_option", LayoutType.U32, null), ("quic", LayoutType.U32, null));

    public static CStruct Backend4 { get; } = CStruct.Lay(
        "weir_backend4", 1, ("address", LayoutType.U32, null), ("check_seed", LayoutType.U16, null), ("flags", LayoutType.U16, null));

    public static CStruct Backend { get; } = CStruct.Lay(
        "weir_backend",
        1,
        ("address", LayoutType.U64, 2),
        ("check_seed", LayoutType.U16, null),
        ("flags", LayoutType.U16, null),
        ("unused", LayoutType.U32, null));

    public static CStruct Source4 { get; } = CStruct.Lay("weir_source4", 1, ("address", LayoutType.U32, null), ("entropy", LayoutType.U32, null));

    public static CStruct Source6 { get; } = CStruct.Lay(
        "weir_source6", 1, ("address", LayoutType.U64, 2), ("entropy", LayoutType.U32, null), ("unused", LayoutType.U32, null));

    public static CStruct Site { get; } = CStruct.Lay(
        "weir_site",
        1,
        ("next_hop4", LayoutType.U64, null),
        ("next_hop6", LayoutType.U64, null),
        ("icmp_limit", LayoutType.U32, null),
        ("ahead", LayoutType.U32, null));

    /// <summary>A row of <c>.data.region</c>.</summary>
    public static CStruct Region { get; } = CStruct.Lay(
        "weir_region", 1, ("first", LayoutType.U32, null), ("sets", LayoutType.U32, null), ("always", LayoutType.U32, null), ("pool", LayoutType.U32, null));

    /// <summary>Eight records of <c>.bss.records</c>.</summary>
    public static CStruct Set { get; } = CStruct.Lay("weir_set", 64, ("way", LayoutType.U64, 8));

    public static CStruct Use { get; } = CStruct.Lay(
        "weir_use",
        1,
        ("added", LayoutType.U64, null),
        ("adopted", LayoutType.U64, null),
        ("displaced", LayoutType.U64, null),
        ("refused", LayoutType.U64, null),
        ("pressed", LayoutType.U64, null));

    /// <summary>One CPU's slice of <c>.bss.uses</c>.</summary>
    public static CStruct Uses(TableSizes sizes) =>
        CStruct.Lay("weir_uses", 64, ("pool", Use.Type, sizes.Regions), ("refused_down", LayoutType.U32, sizes.Backends));

    public static CStruct Counter { get; } = CStruct.Lay("weir_counter", 1, ("packets", LayoutType.U64, null), ("bytes", LayoutType.U64, null));

    public static CStruct Limit { get; } = CStruct.Lay("weir_limit", 1, ("second", LayoutType.U64, null), ("sent", LayoutType.U64, null));

    /// <summary>One CPU's slice of <c>.bss.clock</c>.</summary>
    public static CStruct Clock { get; } = CStruct.Lay("weir_clock", 64, ("tick", LayoutType.U64, null), ("now", LayoutType.U64, null));

    public static CStruct Fragment { get; } = CStruct.Lay(
        "weir_fragment",
        1,
        ("source", LayoutType.U64, 2),
        ("destination", LayoutType.U64, 2),
        ("id", LayoutType.U32, null),
        ("ports", LayoutType.U32, null),
        ("seen", LayoutType.U32, null),
        ("kind", LayoutType.U16, null),
        ("protocol", LayoutType.U8, null),
        ("unused", LayoutType.U8, null));

    /// <summary>One CPU's slice of <c>.bss.fragments</c>: <c>1 &lt;&lt; WEIR_FRAGMENT_BITS</c> rows.</summary>
    public static CStruct Fragments { get; } = CStruct.Lay("weir_fragments", 64, ("row", Fragment.Type, 1 << 10));

    /// <summary>The whole of <c>.data.nat</c>.</summary>
    public static CStruct Nat { get; } = CStruct.Lay(
        "weir_nat",
        1,
        ("prefix6", LayoutType.U64, 2),
        ("prefix4", LayoutType.U32, null),
        ("rows", LayoutType.U32, null),
        ("families", LayoutType.U32, null),
        ("unused", LayoutType.U32, null));

    /// <summary>A row of <c>.bss.nat</c>: one connection.</summary>
    public static CStruct NatRow { get; } = CStruct.Lay(
        "weir_nat_row",
        1,
        ("turn", LayoutType.U32, null),
        ("seen", LayoutType.U32, null),
        ("client", LayoutType.U64, 2),
        ("vip", LayoutType.U64, 2),
        ("backend", LayoutType.U64, 2),
        ("ports", LayoutType.U32, null),
        ("port", LayoutType.U16, null),
        ("id", LayoutType.U16, null));

    /// <summary>The whole of <c>.data.vip</c>; null when no family is hashed.</summary>
    public static CStruct? Vips(TableSizes sizes)
    {
        var members = new List<(string, LayoutType, int?)>();
        Add(sizes.Vip4Bits, "seed4", LayoutType.U64, null);
        Add(sizes.Vip6Bits, "seed6", LayoutType.U64, null);
        Add(sizes.Vip4Bits, "displace4", LayoutType.U16, 1 << Math.Max(0, sizes.Vip4Bits - 2));
        Add(sizes.Vip6Bits, "displace6", LayoutType.U16, 1 << Math.Max(0, sizes.Vip6Bits - 2));
        Add(sizes.Vip4Bits, "rows4", Vip4.Type, 1 << sizes.Vip4Bits);
        Add(sizes.Vip6Bits, "rows6", Vip6.Type, 1 << sizes.Vip6Bits);
        return members.Count == 0 ? null : CStruct.Lay("weir_vips", 1, [.. members]);

        void Add(int bits, string name, LayoutType type, int? count)
        {
            if (bits > 0)
            {
                members.Add((name, type, count));
            }
        }
    }

    /// <summary>The whole of <c>.data.source</c>; null where no family has several.</summary>
    public static CStruct? Sources(TableSizes sizes) => (sizes.Sources4, sizes.Sources6) switch
    {
        (0, 0) => null,
        (var v4, 0) => CStruct.Lay("weir_sources", 1, ("v4", Source4.Type, v4)),
        (0, var v6) => CStruct.Lay("weir_sources", 1, ("v6", Source6.Type, v6)),
        var (v4, v6) => CStruct.Lay("weir_sources", 1, ("v4", Source4.Type, v4), ("v6", Source6.Type, v6)),
    };

    /// <summary>The whole of <c>.data.server</c>; null where no packet names a backend.</summary>
    public static CStruct? Servers(TableSizes sizes) => sizes.Servers == 0
        ? null
        : CStruct.Lay(
            "weir_servers",
            1,
            ("seed", LayoutType.U64, null),
            ("routing", Routing.Type, sizes.Pools),
            ("displace", LayoutType.U16, sizes.Servers / 4),
            ("rows", Server.Type, sizes.Servers));

    /// <summary>One CPU's slice of <c>.bss.cipher</c>: an encrypted connection id at work.</summary>
    public static CStruct Cipher { get; } = CStruct.Lay(
        "weir_cipher", 64, ("block", LayoutType.U64, 2), ("left", LayoutType.U64, 2), ("right", LayoutType.U64, 2), ("id", LayoutType.U64, 6));

    /// <summary>One CPU's slice of <c>.bss.counters</c>, on cache lines of its own.</summary>
    public static CStruct Counters(TableSizes sizes) => CStruct.Lay(
        "weir_counters",
        64,
        ("vip", Counter.Type, sizes.Vips),
        ("backend", Counter.Type, sizes.Backends),
        ("reason", LayoutType.U64, Reasons));

    /// <summary>Every structure that a program with these tables has, sorted by name.</summary>
    /// <param name="fragments">Whether it follows fragments.</param>
    public static ImmutableArray<CStruct> All(TableSizes sizes, bool backendsV6, bool fragments = false)
    {
        CStruct?[] all =
        [
            backendsV6 ? Backend : Backend4,
            sizes.Keys > 0 ? Cipher : null,
            fragments || sizes.Nat > 0 || sizes.Sets > 0 ? Clock : null,
            Counter,
            Counters(sizes),
            fragments ? Fragment : null,
            fragments ? Fragments : null,
            Limit,
            sizes.Sets > 0 ? Region : null,
            sizes.Sets > 0 ? Set : null,
            sizes.Sets > 0 ? Use : null,
            sizes.Sets > 0 ? Uses(sizes) : null,
            sizes.Nat > 0 ? Nat : null,
            sizes.Nat > 0 ? NatRow : null,
            sizes.Servers > 0 ? Routing : null,
            sizes.Servers > 0 ? Server : null,
            Servers(sizes),
            sizes.ServiceRows > 0 ? Service : null,
            Site,
            sizes.Sources4 > 0 ? Source4 : null,
            sizes.Sources6 > 0 ? Source6 : null,
            Sources(sizes),
            sizes.Vip4Bits > 0 ? Vip4 : null,
            sizes.Vip6Bits > 0 ? Vip6 : null,
            Vips(sizes),
            .. PolicyLayouts.All(sizes),
        ];
        return [.. all.OfType<CStruct>().OrderBy(s => s.Name, StringComparer.Ordinal)];
    }

    /// <summary>Counters of reasons a slice has room for, so that a new reason is no new layout; <c>WEIR_REASONS</c> in
    /// <c>bpf/weir/reasons.h</c>.</summary>
    private const int Reasons = 64;
}
