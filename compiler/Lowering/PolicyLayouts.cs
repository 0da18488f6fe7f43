namespace Weir.Compiler.Lowering;

/// <summary>The structures of <c>.data.policy</c>: those of <c>bpf/weir/sources.h</c>, and the whole.</summary>
public static class PolicyLayouts
{
    public static CStruct Policy { get; } = CStruct.Lay(
        "weir_policy",
        1,
        ("source6", LayoutType.U64, 2),
        ("destination", LayoutType.U64, null),
        ("source4", LayoutType.U32, null),
        ("ports", LayoutType.U32, null),
        ("protocol", LayoutType.U32, null),
        ("first4", LayoutType.U32, null),
        ("rows4", LayoutType.U32, null),
        ("first6", LayoutType.U32, null),
        ("rows6", LayoutType.U32, null),
        ("unused", LayoutType.U32, 3));

    public static CStruct Route { get; } = CStruct.Lay(
        "weir_route",
        1,
        ("ring", LayoutType.U32, null),
        ("backend", LayoutType.U32, null),
        ("ring_shift", LayoutType.U8, null),
        ("ring_wide", LayoutType.U8, null),
        ("pool", LayoutType.U16, null),
        ("unused", LayoutType.U32, null));

    public static CStruct Interval4 { get; } = CStruct.Lay("weir_interval4", 1, ("first", LayoutType.U32, null), ("pool", LayoutType.U32, null));

    public static CStruct Interval6 { get; } = CStruct.Lay(
        "weir_interval6", 1, ("first", LayoutType.U64, 2), ("pool", LayoutType.U32, null), ("unused", LayoutType.U32, null));

    /// <summary>The whole of <c>.data.policy</c>; null where no VIP needs a row of it.</summary>
    public static CStruct? Policies(TableSizes sizes)
    {
        if (sizes.Policies == 0)
        {
            return null;
        }

        List<(string, LayoutType, int?)> members = [("vips", Policy.Type, sizes.Policies)];
        Add("routes", Route, sizes.Routes);
        Add("v4", Interval4, sizes.Intervals4);
        Add("v6", Interval6, sizes.Intervals6);
        return CStruct.Lay("weir_policies", 1, [.. members]);

        void Add(string name, CStruct row, int rows)
        {
            if (rows > 0)
            {
                members.Add((name, row.Type, rows));
            }
        }
    }

    /// <summary>Those that a program with these tables has.</summary>
    public static IEnumerable<CStruct?> All(TableSizes sizes) =>
    [
        sizes.Policies > 0 ? Policy : null,
        sizes.Routes > 0 ? Route : null,
        sizes.Intervals4 > 0 ? Interval4 : null,
        sizes.Intervals6 > 0 ? Interval6 : null,
        Policies(sizes),
    ];
}
