using System.Collections.Concurrent;
using System.Globalization;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>What the fuzz has met.</summary>
internal sealed class FuzzTally
{
    private readonly ConcurrentDictionary<string, int> outcomes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> shapes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> kinds = new(StringComparer.Ordinal);

    public int Packets => outcomes.Values.Sum();

    public void Count(GeneratedFrame frame, Verdict verdict)
    {
        outcomes.AddOrUpdate(Name(verdict), 1, static (_, count) => count + 1);
        kinds.TryAdd(frame.Kind, true);
    }

    /// <summary>Notes what a program is made of.</summary>
    public void Count(DataPlane plane)
    {
        string[] made =
        [
            .. new[] { (plane.MatchV4, "4"), (plane.MatchV6, "6") }.Where(match => match.Item1 is not null).Select(match => $"{match.Item1!.Kind} IPv{match.Item2}".ToLowerInvariant()),
            .. new[] { (plane.MatchV4, "4"), (plane.MatchV6, "6") }.Where(match => match.Item1?.Addresses.Any(a => a.IsRange) ?? false).Select(match => $"{match.Item1!.Kind} ranges IPv{match.Item2}".ToLowerInvariant()),
            .. new[] { (plane.Sizes.Sources4, "4"), (plane.Sizes.Sources6, "6") }.Where(rows => rows.Item1 > 0).Select(rows => $"several IPv{rows.Item2} sources"),
            plane.Pools.Any(pool => pool.Wide) ? "u16 rings" : "only u8 rings",
            (plane.BackendsV4, plane.BackendsV6) switch { (true, true) => "mixed backends", (true, false) => "IPv4 backends", _ => "IPv6 backends" },
            .. new[] { (plane.Policies.V4, "4"), (plane.Policies.V6, "6") }.Where(table => !table.Item1.IsEmpty).Select(table => $"lists of IPv{table.Item2} sources"),
            .. plane.Policies.Routes ? ["routes"] : Array.Empty<string>(),
            plane.Policies.Hash is null ? "hash by VIP" : plane.Policies.Hash == HashPolicy.FiveTuple ? "five-tuple" : "another hash",
            plane.Plan.Mtu > 3498 ? "jumbo" : "one buffer",
            .. Paths(plane.Plan),
        ];
        foreach (string shape in made)
        {
            shapes.AddOrUpdate(shape, 1, static (_, count) => count + 1);
        }
    }

    /// <summary>Outcomes that did not occur though a frame can bring them about, and ICMP types that were not sent.</summary>
    public IEnumerable<string> Missing()
    {
        // Headroom has a test of its own; an index outside its table needs a wrong image. Behind them are those of what few sites have.
        IEnumerable<string> reasons = ReasonNames.All.Where(reason => reason is < Reason.DropNoHeadroom or Reason.DropSourceDenied).Select(reason => reason.Name());
        return reasons
            .Concat(["forwarded 4-in-4", "forwarded 4-in-6", "forwarded 6-in-4", "forwarded 6-in-6", "forwarded ICMP error"])
            .Where(name => !outcomes.ContainsKey(name))
            .Concat(((string[])["folded ranges ipv4", "folded ranges ipv6", "hashed ranges ipv4", "hashed ranges ipv6", "several IPv4 sources", "several IPv6 sources", "lists of IPv4 sources", "lists of IPv6 sources", "routes", "hash by VIP", "another hash", .. Enum.GetValues<EncapsulationType>().Select(EncapsulationKeys.Name)]).Where(shape => !shapes.ContainsKey(shape)))
            .Concat(Enumerable.Range(0, 512).Select(type => PacketGenerator.IcmpKind(type > 255, (byte)type)).Where(kind => !kinds.ContainsKey(kind)));
    }

    public override string ToString() => $"{List(outcomes)}; programs: {List(shapes)}";

    private static IEnumerable<string> Paths(SitePlan plan) =>
        plan.Pools.SelectMany(pool => pool.Backends).Select(backend => EncapsulationKeys.Name(plan.Encapsulations[backend.Encapsulation].Type)).Distinct();

    private static string Name(Verdict verdict)
    {
        if (verdict.Reason is Reason reason)
        {
            return reason.Name();
        }

        if (verdict.Flow!.Quoted)
        {
            return "forwarded ICMP error";
        }

        int typeAt = 12;
        while (verdict.Output[typeAt] is 0x81 or 0x88)
        {
            typeAt += 4;
        }

        bool outerV6 = verdict.Output[typeAt] == 0x86;
        bool innerV6 = verdict.Flow.Flow.Destination.GetAddressBytes().Length == 16;
        return $"forwarded {(innerV6 ? 6 : 4)}-in-{(outerV6 ? 6 : 4)}";
    }

    private static string List(IEnumerable<KeyValuePair<string, int>> counts) => string.Join(", ", counts
        .OrderBy(count => count.Key, StringComparer.Ordinal)
        .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}")));
}
