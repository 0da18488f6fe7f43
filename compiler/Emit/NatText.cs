using System.Collections.Immutable;
using System.Net.Sockets;
using Scriban.Runtime;
using Weir.Compiler.Lowering;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>What the templates need of NAT.</summary>
internal static class NatText
{
    /// <summary>Null where no backend is reached by it.</summary>
    public static ScriptObject? Of(DataPlane dataPlane)
    {
        if (dataPlane.Sizes.Nat == 0)
        {
            return null;
        }

        ImmutableArray<int> backends = Families(dataPlane.Translates(AddressFamily.InterNetwork), dataPlane.Translates(AddressFamily.InterNetworkV6));
        ImmutableArray<int> clients = Families(dataPlane.MatchV4 is not null, dataPlane.MatchV6 is not null);
        IEnumerable<(int From, int To)> pairs = clients.SelectMany(c => backends, (c, b) => (c, b)).SelectMany(p => new[] { p, (p.b, p.c) }).Distinct().Order();
        return new ScriptObject
        {
            ["rows"] = dataPlane.Sizes.Nat,
            ["index"] = dataPlane.Kinds.Select(k => k.Type).ToList().IndexOf(EncapsulationType.Nat),
            ["four"] = backends.Contains(4),
            ["six"] = backends.Contains(6),
            ["families"] = new ScriptArray(backends.Select(f => (object)f)),
            ["pairs"] = new ScriptArray(pairs.Select(p => new ScriptObject { ["from"] = p.From, ["to"] = p.To })),
        };
    }

    private static ImmutableArray<int> Families(bool v4, bool v6) => (v4, v6) switch
    {
        (true, true) => [4, 6],
        (true, false) => [4],
        (false, true) => [6],
        _ => [],
    };
}
