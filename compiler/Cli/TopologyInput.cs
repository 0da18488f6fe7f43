using System.Collections.Immutable;
using System.CommandLine;
using Weir.Compiler;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;

namespace Weir.Cli;

/// <summary>A topology as a command was given it, read and checked.</summary>
/// <param name="Root">What stands before file names in findings.</param>
/// <param name="Commit">The commit it was read from, or null.</param>
internal sealed record TopologyInput(SourceSet Sources, CheckResult Result, string Root, string? Commit)
{
    public static Argument<string> Directory() => new("DIR")
    {
        Description = "The directory that holds the topology: every *.yaml in it and below",
        DefaultValueFactory = _ => ".",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Option<OutputFormat> Format() => new("--format")
    {
        Description = "How results are written",
        DefaultValueFactory = _ => OutputFormat.Text,
        HelpName = "text|json",
    };

    /// <param name="revision">Read the topology from this commit instead of the directory, if not null.</param>
    public static TopologyInput Read(string directory, string? revision, CancellationToken cancellation)
    {
        Compiler.Structure.TopologySchema.Warm();
        (SourceSet sources, string? commit) = revision is null
            ? (TopologyDirectory.Read(directory, cancellation), null)
            : TopologyRevision.Read(directory, revision, cancellation);
        string trimmed = directory.TrimEnd('/');
        string root = trimmed is "." ? "" : trimmed + "/";
        return new TopologyInput(sources, TopologyCompiler.Check(sources, cancellation), root, commit);
    }

    /// <summary>Writes findings for people, if there are any.</summary>
    public void Report(ImmutableArray<Diagnostic> diagnostics, Terminal terminal) => Report(DiagnosticReport.Of(diagnostics), terminal);

    /// <inheritdoc cref="Report(ImmutableArray{Diagnostic}, Terminal)"/>
    public void Report(DiagnosticReport report, Terminal terminal)
    {
        if (report.Shown.Length > 0)
        {
            terminal.Error.Write(new TextRenderer(Sources, Root, terminal.ColorError).Render(report));
        }
    }
}
