using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads <c>defaults</c>.</summary>
internal static class DefaultsReader
{
    public static BoundDefaults Read(MappingNode root, ValueReader values)
    {
        MappingNode? defaults = root.Mapping("defaults");
        return new BoundDefaults
        {
            IsMapping = defaults is not null || !root.Mentions("defaults"),
            Encapsulation = values.ReadEncapsulation(defaults),
            NextHop = values.ReadNextHop(defaults),
            Interface = defaults.Text("interface"),
            Mtu = defaults.Integer("mtu"),
            Unmatched = defaults.ReadUnmatched(),
            Limits = values.ReadLimits(defaults),
            Capacity = defaults.Integer("capacity"),
            Prefer = defaults.ReadPreference(),
            Weight = defaults.Integer("weight"),
            Sites = [.. (defaults.Value("sites") as SequenceNode).Texts().Select(s => Located.At(s, s.Text))],
            Mentions = defaults.Mentions,
        };
    }

    public static Located<Unmatched>? ReadUnmatched(this MappingNode? mapping) => mapping.Scalar("unmatched") switch
    {
        { Text: "drop" } drop => Located.At(drop, Unmatched.Drop),
        { Text: "pass" } pass => Located.At(pass, Unmatched.Pass),
        _ => null,
    };
}
