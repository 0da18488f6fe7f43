using System.Globalization;
using System.Net;
using System.Text;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Harness;

/// <summary>Tells where program and model differ, for a person who has to find out which of them is wrong.</summary>
internal static class Disagreement
{
    private const int BytesPerLine = 16;
    private const int Shown = 8;

    public static string Describe(string difference, SitePlan plan, HostState host, ReadOnlySpan<byte> frame, Verdict expected, Observation actual)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"Program and model differ: {difference}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"layers:   {Layers.Of(frame)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"expected: {expected.Action} {(expected.Reason is Reason reason ? reason.Name() : "to the backend")} {expected.Flow}");
        text.AppendLine(CultureInfo.InvariantCulture, $"actual:   {actual.Action} [{string.Join(", ", actual.Counted)}]");
        text.Append(Summary(plan, host, expected.Address));
        text.AppendLine(CultureInfo.InvariantCulture, $"input ({frame.Length} bytes):");
        Dump(text, frame, frame);
        if (expected.Action != PacketAction.Drop)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"expected output ({expected.Output.Length} bytes):");
            Dump(text, expected.Output.AsSpan(), expected.Output.AsSpan());
            text.AppendLine(CultureInfo.InvariantCulture, $"actual output ({actual.Output.Length} bytes; [xx] differ):");
            Dump(text, actual.Output.AsSpan(), expected.Output.AsSpan());
        }

        return text.ToString();
    }

    /// <summary>The site in the manner of its YAML, VIPs with an address first.</summary>
    public static string Summary(SitePlan plan, HostState host, IPAddress? about = null)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"site: mtu {plan.Mtu}, unmatched {plan.Unmatched}, sources {string.Join(", ", plan.Encapsulations.Select(e => $"{Source(e.SourceV4)} {Source(e.SourceV6)}"))}, next hops {host.NextHopV4} {host.NextHopV6}");
        foreach (PoolPlan pool in plan.Pools.Take(Shown))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  pool {pool.Name}: capacity {pool.Capacity}, ring {pool.Ring.Length}, {pool.Backends.Length} backends, first {pool.Backends[0].Address}");
        }

        foreach (VipPlan vip in plan.Vips.OrderByDescending(vip => about is not null && vip.Holds(about)).Take(Shown))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  vip {vip.Name}: [{string.Join(", ", vip.Addresses)}{string.Concat(vip.Ranges.Select(r => $" {r}"))}] [{string.Join(", ", vip.Ports.Select(p => $"{p.Protocol}/{p.First}-{p.Last}"))}] pool {plan.Pools[vip.Pool].Name}");
        }

        return text.ToString();
    }

    private static string Source(OuterSource? source) => source is null ? "-" : $"{source.Address}/{source.PrefixLength}";

    private static void Dump(StringBuilder text, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> reference)
    {
        for (int at = 0; at < bytes.Length; at += BytesPerLine)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {at:x4} ");
            for (int one = at; one < Math.Min(at + BytesPerLine, bytes.Length); one++)
            {
                bool differs = one >= reference.Length || bytes[one] != reference[one];
                text.Append(CultureInfo.InvariantCulture, $"{(differs ? '[' : ' ')}{bytes[one]:x2}{(differs ? ']' : ' ')}");
            }

            text.AppendLine();
        }
    }
}
