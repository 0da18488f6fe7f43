using System.Collections.Immutable;
using System.CommandLine;
using Weir.Compiler.Checks;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Rings;

namespace Weir.Cli;

/// <summary><c>weir build</c>: a site's bundle.</summary>
internal static class BuildCommand
{
    public static Command Create(Terminal terminal, Option<ColorMode> color)
    {
        Argument<string> directory = TopologyInput.Directory();
        Option<string> site = new("--site") { Description = "The site to build for", HelpName = "S", Required = true };
        Option<string?> output = new("--output", "-o") { Description = "Directory for the bundle, replaced as a whole (default: S.bundle)", HelpName = "OUT" };
        Option<string?> revision = new("--rev") { Description = "Read the topology from this commit, without a checkout", HelpName = "REV" };
        Option<string?> compare = new("--compare") { Description = "Say which ring slots move against this bundle", HelpName = "BUNDLE" };
        Option<OutputFormat> format = TopologyInput.Format();
        Command command = new("build", "Compile a site's bundle: program, tables, rings and manifest.") { directory, site, output, revision, compare, format };
        command.SetAction((result, cancellation) => Task.FromResult(Run(
            new Request(
                result.GetRequiredValue(directory),
                result.GetRequiredValue(site),
                result.GetValue(output) ?? result.GetRequiredValue(site) + ".bundle",
                result.GetValue(revision),
                result.GetValue(compare),
                result.GetValue(format)),
            terminal.With(result.GetValue(color)),
            cancellation)));
        return command;
    }

    private static int Run(Request request, Terminal terminal, CancellationToken cancellation)
    {
        TopologyInput input = TopologyInput.Read(request.Directory, request.Revision, cancellation);
        ImmutableArray<Diagnostic> diagnostics = input.Result.Diagnostics;
        SiteCompilation? compilation = null;
        if (input.Result.Topology is { } topology)
        {
            if (topology.Sites.Any(s => s.Name == request.Site))
            {
                // Its warnings are known already, less what the topology disables.
                compilation = SiteCompilation.Compile(topology, request.Site, input.Commit);
                diagnostics = DiagnosticOrder.Sort(diagnostics.Concat(compilation.Findings.Select(RingChecks.Explain).Where(d => d.Severity == Severity.Error)));
            }
            else
            {
                diagnostics = DiagnosticOrder.Sort(diagnostics.Append(Diagnose.SiteNotInTopology(request.Site, [.. topology.Sites.Select(s => s.Name)])));
            }
        }

        if (diagnostics.HasErrors() || compilation is not { Plan: not null, Bundle: { } bundle })
        {
            return Refuse(request, input, diagnostics, terminal);
        }

        ImmutableArray<PoolRingChange>? changes = null;
        try
        {
            if (request.Compare is { } other)
            {
                if (Compared(other, compilation, terminal) is not { } found)
                {
                    return ExitCode.Failed;
                }

                changes = found;
            }

            cancellation.ThrowIfCancellationRequested();
            BundleFolder.Write(bundle, request.Output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"weir: {e.Message}");
            return ExitCode.Failed;
        }

        BuildResult result = new(request.Output, compilation.Plan, bundle.Digest, changes);
        if (request.Format == OutputFormat.Json)
        {
            terminal.Out.Write(BuildJson.Render(diagnostics, input.Root, result));
        }
        else
        {
            input.Report(diagnostics, terminal);
            terminal.Out.Write(BuildText.Render(result));
        }

        return ExitCode.Done;
    }

    private static int Refuse(Request request, TopologyInput input, ImmutableArray<Diagnostic> diagnostics, Terminal terminal)
    {
        if (request.Format == OutputFormat.Json)
        {
            terminal.Out.Write(JsonRenderer.Render(diagnostics, input.Root));
        }
        else
        {
            input.Report(diagnostics, terminal);
            terminal.Error.WriteLine($"{TextRenderer.Summary(diagnostics)}; nothing was written");
        }

        return ExitCode.Failed;
    }

    /// <summary>Null when the other bundle cannot be compared with, which is then said.</summary>
    private static ImmutableArray<PoolRingChange>? Compared(string directory, SiteCompilation compilation, Terminal terminal)
    {
        if (!Directory.Exists(directory))
        {
            terminal.Error.WriteLine($"weir: there is no bundle {directory} to compare with; nothing was written");
            return null;
        }

        (VerifiedBundle? other, ImmutableArray<string> problems) = BundleReader.Read(BundleFolder.Read(directory));
        foreach (string problem in problems)
        {
            terminal.Error.WriteLine($"weir: {directory}: {problem}");
        }

        return other is null ? null : RingChanges.Between(other.ToSitePlan(), compilation.Plan!);
    }

    private sealed record Request(string Directory, string Site, string Output, string? Revision, string? Compare, OutputFormat Format);
}
