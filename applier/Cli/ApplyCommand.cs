using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Weir.Applier.Apply;
using Weir.Applier.Generations;

namespace Weir.Applier.Cli;

internal static class ApplyCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<string> bundle = new("--bundle") { Description = "The bundle that `weir build` wrote", HelpName = "DIR", Required = true };
        Option<string> on = CommonOptions.Interface();
        Option<string?> objectFile = new("--object") { Description = "An object built elsewhere from the same bundle, instead of running clang", HelpName = "FILE" };
        Option<string> mode = CommonOptions.Mode();
        Option<string?> digest = new("--digest")
        {
            Description = "Refuse (exit 3) unless BASE is live and the bundle is HEAD: digests as plans print them, or their first 12 digits or more; none as BASE where nothing is live",
            HelpName = "BASE..HEAD",
        };
        Option<string?> host = new("--host") { Description = "Which host of the site this is, where NAT needs its sources; otherwise the one that is called as this machine, or the only one", HelpName = "NAME" };
        Option<bool> json = CommonOptions.Json("apply.schema.json");
        Command command = new ExampleCommand(
            "apply",
            "Make a bundle live: read, build, load, prove, then store into the live maps or swap the program",
            "weir-applier apply --bundle out/ams1 --interface eth0",
            "weir-applier apply --bundle out/ams1 --interface eth0 --object lb.bpf.o --json",
            "weir-applier apply --bundle out/ams1 --interface eth0 --digest 3f1c9a7be204..8de04c55a1f7")
        { bundle, on, objectFile, mode, host, digest, json };
        common.AddTo(command);
        command.SetWork((parsed, cancellation) =>
        {
            ApplySession session = new(common.Paths(parsed), step: Announce);
            ApplyOutcome outcome = session.Apply(
                new ApplyRequest(parsed.GetValue(bundle)!, parsed.GetValue(on)!, parsed.GetValue(objectFile), CommonOptions.ModeOf(parsed.GetValue(mode)!))
                {
                    Host = parsed.GetValue(host),
                    Reviewed = parsed.GetValue(digest) is { } reviewed ? ReviewedChange.Parse(reviewed) : null,
                },
                cancellation);
            if (outcome.Recovered is { } recovered)
            {
                Console.Error.WriteLine($"recovered: {recovered}");
            }

            Console.Out.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(outcome, ApplyJson.Default.ApplyOutcome) : Line(outcome));
            return ExitCode.Done;
        });
        return command;
    }

    internal static void Announce(ApplyStep step) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step.Name,-7} {step.Milliseconds,8:0.0} ms  {step.Detail}"));

    private static string Line(ApplyOutcome outcome) => outcome.Change == ChangeKind.None
        ? string.Create(CultureInfo.InvariantCulture, $"Nothing to do: {outcome.Reason} on {outcome.Interface} (generation {outcome.Generation}).")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Generation {outcome.Generation} is live on {outcome.Interface}, {outcome.Mode.ToString().ToLowerInvariant()} mode: {Name(outcome.Change)} ({outcome.Reason}), {outcome.Milliseconds:0} ms.");

    private static string Name(ChangeKind change) => change switch
    {
        ChangeKind.Population => "stores into the live maps",
        ChangeKind.Tables => "new maps, the same program",
        _ => "a new program",
    };
}
