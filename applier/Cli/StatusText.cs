using System.Globalization;
using Spectre.Console;
using Weir.Applier.Status;

namespace Weir.Applier.Cli;

/// <summary>Prints a status for people.</summary>
internal static class StatusText
{
    public static void Print(StatusReport report)
    {
        if (report.Interfaces.IsEmpty)
        {
            Output.Console.WriteLine("Nothing was ever applied on this host.");
        }

        foreach (InterfaceStatus status in report.Interfaces)
        {
            string name = status.State.ToString().ToLowerInvariant();
            Output.Console.WriteLine(status.Detail.Length == 0 ? $"{status.Interface}: {name}" : $"{status.Interface}: {name}: {status.Detail}");
            if (status.Live is { } live)
            {
                Print(live);
            }
        }
    }

    private static void Print(LiveStatus live)
    {
        Line("generation", $"{Text(live.Generation)} since {live.Since.ToString("u", CultureInfo.InvariantCulture)} ({live.Reason})");
        Line("bundle", $"{live.BundleDigest}, site {live.Site}");
        Line("program", $"{live.Program.Name}, id {Text(live.Program.Id)}, tag {live.Program.Tag}, {live.Mode.ToString().ToLowerInvariant()} mode, {Text(live.Program.Instructions)} instructions");
        foreach (NextHopStatus hop in live.NextHops)
        {
            Line("next hop", $"{hop.Family} {hop.Mac ?? "unknown"}{(hop.Gateway is null ? "" : $" ({hop.Gateway})")}");
        }

        foreach (LinkStatus link in live.Links ?? [])
        {
            Line("link", $"{link.Address} {link.Mac ?? "unknown: nobody answers for it, its packets are dropped"}");
        }

        if (live.Nat is { } nat)
        {
            Line("nat", $"from {string.Join(" and ", nat.Sources)}: {Text(nat.Connections)} connections, {Text(nat.Settled)} of them settled, room for {Text(nat.Room)}");
        }

        Table vips = Output.Table(["VIP", "pool", "ports", "packets", "bytes"], numbers: 2);
        foreach (VipStatus vip in live.Vips)
        {
            vips.Row(vip.Name, vip.Pool, string.Join(' ', vip.Ports), Text(vip.Packets), Text(vip.Bytes));
        }

        Table backends = Output.Table(["pool", "backend", "address", "state", "weight", "packets", "bytes"], numbers: 3);
        foreach (BackendStatus backend in live.Backends)
        {
            backends.Row(backend.Pool, backend.Name, backend.Address, backend.State, Text(backend.Weight), Text(backend.Packets), Text(backend.Bytes));
        }

        Table reasons = Output.Table(["reason", "packets"], numbers: 1);
        foreach (ReasonStatus reason in live.Reasons.Where(reason => reason.Packets != 0))
        {
            reasons.Row(reason.Name, Text(reason.Packets));
        }

        foreach (Table table in new[] { vips, backends, reasons }.Where(table => table.Rows.Count > 0))
        {
            Output.Console.WriteLine();
            Output.Console.Write(table);
        }
    }

    private static void Line(string name, string value) => Output.Console.WriteLine($"  {name,-10} {value}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
