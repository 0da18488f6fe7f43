using System.Collections.Immutable;
using System.CommandLine;
using Weir.Compiler.Checks;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Explain;
using Weir.Compiler.Planning;

namespace Weir.Cli;

/// <summary>The half of <c>weir explain</c> that knows packets.</summary>
internal sealed class ExplainFlow
{
    private readonly Argument<string?> directory = new("DIR")
    {
        Description = "The directory that holds the topology (default: .)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> topology = new("--topology", "-C") { Description = "The same as DIR", HelpName = "DIR" };
    private readonly Option<string?> site = new("--site") { Description = "The site that the packet comes to", HelpName = "S" };
    private readonly Option<string?> revision = new("--rev") { Description = "Read the topology from this commit, without a checkout", HelpName = "A" };
    private readonly Option<string?> against = new("--against") { Description = "Say what is different from this commit", HelpName = "B" };

    private readonly Option<string?> pcap = new("--pcap") { Description = "Answer for every packet of a capture (pcap or pcapng) instead; WHAT is then DIR", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(directory);
        foreach (Option option in new Option[] { topology, site, revision, against, pcap })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether a capture is asked about.</summary>
    public bool IsCapture(ParseResult result) => result.GetValue(pcap) is not null;

    /// <param name="subject">The directory, where it is not given otherwise.</param>
    public int RunCapture(string? subject, ParseResult result, OutputFormat format, Terminal terminal, CancellationToken cancellation)
    {
        if (result.GetValue(site) is not { } name || result.GetValue(against) is not null)
        {
            terminal.Error.WriteLine(result.GetValue(site) is null ? "weir: --site says which site the packets come to" : "weir: --against is for a flow, not for a capture");
            return Usage(terminal);
        }

        string place = result.GetValue(topology) ?? result.GetValue(directory) ?? subject ?? ".";
        return ExplainSite.Read(place, result.GetValue(revision), name, format, terminal, cancellation) is { Explainer: { } explainer }
            ? new CaptureAnswers(explainer, format, terminal).Run(result.GetValue(pcap)!, cancellation)
            : ExitCode.Failed;
    }

    /// <param name="subject">A flow.</param>
    public int Run(string subject, ParseResult result, OutputFormat format, Terminal terminal, CancellationToken cancellation)
    {
        (PacketQuestion? question, FlowTextError? error) = FlowText.Parse(subject);
        if (question is null)
        {
            terminal.Error.Write($"weir: this is not understood:\n{error!.Render()}");
            return Usage(terminal);
        }

        if (result.GetValue(site) is not { } name)
        {
            terminal.Error.WriteLine("weir: --site says which site the packet comes to");
            return Usage(terminal);
        }

        string place = result.GetValue(topology) ?? result.GetValue(directory) ?? ".";
        if (ExplainSite.Read(place, result.GetValue(revision), name, format, terminal, cancellation) is not { Explainer: { } explainer } now)
        {
            return ExitCode.Failed;
        }

        ImmutableArray<byte> frame = question.Frame();
        Explanation explanation = explainer.Explain(frame.AsSpan());
        (string Name, string? Commit, ExplanationChange Change)? compared = null;
        if (result.GetValue(against) is { } earlier)
        {
            if (ExplainSite.Read(place, earlier, name, format, terminal, cancellation, mayLack: true) is not { } then)
            {
                return ExitCode.Failed;
            }

            compared = (earlier, then.Commit, ExplanationChange.Between(then.Explainer?.Explain(frame.AsSpan()), explanation));
        }

        if (format == OutputFormat.Json)
        {
            terminal.Out.Write(ExplanationJson.Render(question.ToString(), explanation, now.Commit, compared));
            return ExitCode.Done;
        }

        terminal.Out.Write(ExplanationText.Render(question.ToString(), explanation, now.Root));
        if (compared is var (other, commit, change))
        {
            terminal.Out.Write(ChangeText.Render(change, other == commit ? other : $"{other} ({commit![..12]})"));
        }

        return ExitCode.Done;
    }

    private static int Usage(Terminal terminal)
    {
        terminal.Error.WriteLine("Try: weir explain --help");
        return ExitCode.Usage;
    }
}

/// <summary>A site to ask.</summary>
/// <param name="Explainer">Null where the topology has no such site and need not have it.</param>
/// <param name="Root">What stands before file names.</param>
internal sealed record ExplainSite(Explainer? Explainer, string Root, string? Commit)
{
    /// <summary>Reads and plans; null when that failed, which is then said.</summary>
    /// <param name="mayLack">Whether a topology without the site will do.</param>
    public static ExplainSite? Read(string directory, string? revision, string site, OutputFormat format, Terminal terminal, CancellationToken cancellation, bool mayLack = false)
    {
        TopologyInput input = TopologyInput.Read(directory, revision, cancellation);
        ImmutableArray<Diagnostic> diagnostics = input.Result.Diagnostics;
        SitePlan? plan = null;
        if (input.Result.Topology is { } topology)
        {
            if (topology.Sites.Any(s => s.Name == site))
            {
                (plan, ImmutableArray<PlanFinding> findings) = SitePlanner.Plan(topology, site);
                diagnostics = DiagnosticOrder.Sort(diagnostics.Concat(findings.Select(RingChecks.Explain)));
            }
            else if (mayLack)
            {
                return new ExplainSite(null, input.Root, input.Commit);
            }
            else
            {
                diagnostics = DiagnosticOrder.Sort(diagnostics.Append(Diagnose.SiteNotInTopology(site, [.. topology.Sites.Select(s => s.Name)])));
            }
        }

        if (plan is not null)
        {
            return new ExplainSite(new Explainer(input.Result.Topology!, plan), input.Root, input.Commit);
        }

        if (format == OutputFormat.Json)
        {
            terminal.Out.Write(JsonRenderer.Render(diagnostics, input.Root));
        }
        else
        {
            if (revision is not null)
            {
                terminal.Error.WriteLine($"weir: the topology of {PlainText.Of(revision)} cannot be used:");
            }

            input.Report(diagnostics, terminal);
        }

        return null;
    }
}
