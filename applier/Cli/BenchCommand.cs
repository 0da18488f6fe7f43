using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Weir.Applier.Apply;
using Weir.Applier.Bench;
using Weir.Applier.Build;
using Weir.Applier.State;

namespace Weir.Applier.Cli;

internal static class BenchCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<string?> on = new("--interface") { Description = "Whose generation to measure; not needed where only one has any", HelpName = "IF" };
        Option<bool> json = new("--json") { Description = "Print an array of {case, ns, ratio}" };
        Command command = new ExampleCommand(
            "bench",
            "Measure ns per packet of the live generation on this host, on a shadow that sees no traffic",
            "weir-applier bench",
            "weir-applier bench --interface eth0 --json")
        { on, json };
        common.AddTo(command);
        command.SetWork((parsed, cancellation) =>
        {
            ApplierPaths paths = common.Paths(parsed);
            using LiveShadow shadow = LiveShadow.Load(paths, parsed.GetValue(on) ?? Only(paths));
            SiteBench bench = Build(paths, shadow, cancellation);
            ImmutableArray<BenchFigure>.Builder figures = ImmutableArray.CreateBuilder<BenchFigure>();
            foreach (BenchFigure figure in bench.Measure(shadow.Program, shadow.Plan, cancellation))
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure.Case}: {figure.Ns:0.0} ns"));
                figures.Add(figure);
            }

            Print(figures.ToImmutable(), parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Only(ApplierPaths paths) => InterfaceState.Interfaces(paths.State).ToArray() switch
    {
        [var one] => one,
        [] => throw ApplierException.Failed("Nothing was ever applied on this host: there is nothing to measure."),
        _ => throw new ApplierException(ExitCode.Usage, "Several interfaces have generations: name one with --interface."),
    };

    private static SiteBench Build(ApplierPaths paths, LiveShadow shadow, CancellationToken cancellation)
    {
        ObjectBuilder builder = new(Clang.FindAsync(cancellation: cancellation).GetAwaiter().GetResult(), new ObjectCache(paths.Objects));
        return new SiteBench(
            BenchObjects.HarnessAsync(builder, cancellation: cancellation).GetAwaiter().GetResult(),
            BenchObjects.FloorAsync(builder, cancellation).GetAwaiter().GetResult(),
            shadow.Fragments ? BenchObjects.HarnessAsync(builder, frags: true, cancellation).GetAwaiter().GetResult() : null);
    }

    private static void Print(ImmutableArray<BenchFigure> figures, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(figures, BenchFigureJson.Default.ImmutableArrayBenchFigure));
            return;
        }

        Table table = Output.Table(["traffic", "ns", "of the floor"], numbers: 2);
        foreach (BenchFigure figure in figures)
        {
            table.Row(
                figure.Case,
                figure.Ns.ToString("0.0", CultureInfo.InvariantCulture),
                figure.Ratio.ToString("0.00", CultureInfo.InvariantCulture));
        }

        Output.Console.Write(table);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ImmutableArray<BenchFigure>))]
internal sealed partial class BenchFigureJson : JsonSerializerContext;
