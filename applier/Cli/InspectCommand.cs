using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Weir.Applier.Apply;
using Weir.Applier.Build;
using Weir.Applier.Inspect;

namespace Weir.Applier.Cli;

internal static class InspectCommand
{
    public static Command Create()
    {
        Option<string> bundle = new("--bundle") { Description = "The bundle that `weir build` wrote", HelpName = "DIR", Required = true };
        Option<bool> measure = new("--measure") { Description = "Measure ns per packet too, which takes some seconds" };
        Option<string> cache = new("--object-cache") { Description = "Where built objects are kept", HelpName = "DIR", DefaultValueFactory = _ => DefaultCache() };
        Option<bool> json = CommonOptions.Json("inspect.schema.json");
        Command command = new ExampleCommand(
            "inspect",
            "Say what a bundle would cost on this host: instructions, machine code, memory, ns per packet. Attaches and pins nothing",
            "weir-applier inspect --bundle out/ams1",
            "weir-applier inspect --bundle out/ams1 --measure --json")
        { bundle, measure, cache, json };
        command.SetWork((parsed, cancellation) =>
        {
            BundleInspection inspection = new(HostBundle.Read(parsed.GetValue(bundle)!), new ObjectCache(Path.GetFullPath(parsed.GetValue(cache)!)));
            InspectReport report = inspection.Run(parsed.GetValue(measure), cancellation);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(report, InspectJson.Default.InspectReport));
            }
            else
            {
                Print(report);
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The user's own, so that nothing of the host's state is touched (XDG Base Directory Specification).</summary>
    private static string DefaultCache()
    {
        string? named = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string? home = Environment.GetEnvironmentVariable("HOME");
        return Path.Combine(!string.IsNullOrEmpty(named) ? named : Path.Combine(string.IsNullOrEmpty(home) ? Path.GetTempPath() : home, ".cache"), "weir", "objects");
    }

    private static void Print(InspectReport report)
    {
        Table table = Output.Table(["", "on this host"], numbers: 1);
        table.Row("instructions", Number(report.Instructions));
        table.Row("machine code, bytes", Number(report.JitedBytes));
        table.Row("verified instructions", Number(report.VerifiedInstructions));
        table.Row("maps, bytes", Number(report.MapBytes));
        foreach (InspectedTraffic traffic in report.Traffic)
        {
            table.Row($"{traffic.Case}, ns per packet", traffic.NsPerPacket.ToString("0.0", CultureInfo.InvariantCulture));
        }

        Output.Console.Write(table);
        if (report.Why is { } why)
        {
            Console.Error.WriteLine($"Not all could be found out: {why}");
        }
    }

    private static string Number(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "?";
}
