using System.Collections.Immutable;
using System.CommandLine;
using Weir.Compiler;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Formatting;

namespace Weir.Cli;

/// <summary><c>weir fmt</c>: the canonical form of topology files. Every result is proven before the first file is written.</summary>
internal static class FormatCommand
{
    public static Command Create(Terminal terminal, Option<ColorMode> color)
    {
        Argument<string[]> paths = new("PATH")
        {
            Description = "Directories that hold topologies, single files, or - for standard input to standard output",
            DefaultValueFactory = _ => ["."],
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> check = new("--check") { Description = "Write nothing; name the files that are not in canonical form, and exit with 1 if there are any" };
        Option<OutputFormat> format = TopologyInput.Format();
        Command command = new("fmt", "Write topology files in canonical form; what they mean does not change.") { paths, check, format };
        command.SetAction((result, cancellation) => Task.FromResult(Run(
            result.GetRequiredValue(paths),
            result.GetValue(check),
            result.GetValue(format),
            terminal.With(result.GetValue(color)),
            cancellation)));
        return command;
    }

    private static int Run(string[] paths, bool check, OutputFormat format, Terminal terminal, CancellationToken cancellation)
    {
        if (paths.Contains("-", StringComparer.Ordinal))
        {
            return paths is ["-"] ? Filter(check, terminal) : Misused(terminal);
        }

        ImmutableArray<FormatInput> inputs = [.. paths.Select(p => FormatInput.Read(p, cancellation))];
        ImmutableArray<ImmutableArray<FormattedFile>> results = [.. inputs.Select(i => i.Sources.Files.Select(f => Format(f, cancellation)).ToImmutableArray())];
        List<(FormatInput Input, int Index, string Text)> changed = [];
        foreach ((FormatInput input, ImmutableArray<FormattedFile> files) in inputs.Zip(results))
        {
            Prove(input, files, cancellation);
            changed.AddRange(Enumerable.Range(0, files.Length)
                .Where(i => files[i].Text is { } text && !input.Holds(i, text))
                .Select(i => (input, i, files[i].Text!)));
        }

        if (!check && Write(changed, terminal) is { } failure)
        {
            return failure;
        }

        FormatReport report = FormatReport.Of(inputs, results, [.. changed.Select(c => c.Input.NameOf(c.Index)).Distinct(StringComparer.Ordinal)]);
        report.Write(check, format, terminal);
        return report.HasErrors || (check && changed.Count > 0) ? ExitCode.Failed : ExitCode.Done;
    }

    private static FormattedFile Format(Compiler.Sources.SourceFile file, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return TopologyFormatter.Format(file);
    }

    /// <summary>The whole topology's digest must not change either.</summary>
    private static void Prove(FormatInput input, ImmutableArray<FormattedFile> files, CancellationToken cancellation)
    {
        if (input.Sources.Files.Zip(files).All(p => p.Second.Text is null || p.Second.Text == p.First.Text))
        {
            return;
        }

        string? before = Digest(input.Sources, cancellation);
        string? after = Digest(input.Sources with { Files = [.. input.Sources.Files.Zip(files, (file, result) => file with { Text = result.Text ?? file.Text })] }, cancellation);
        if (before != after)
        {
            throw new InvalidOperationException($"Formatting {input.Path} would change the topology. The files are left as they are.");
        }
    }

    private static string? Digest(Compiler.Sources.SourceSet sources, CancellationToken cancellation) =>
        TopologyCompiler.Check(sources, cancellation).Topology is { } topology ? TopologyDigest.Of(topology) : null;

    private static int? Write(List<(FormatInput Input, int Index, string Text)> changed, Terminal terminal)
    {
        foreach ((FormatInput input, int index, string text) in changed)
        {
            try
            {
                AtomicFile.Replace(input.FullPathOf(index), text);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                terminal.Error.WriteLine($"weir: {input.NameOf(index)} was not written: {e.Message}");
                return ExitCode.Failed;
            }
        }

        return null;
    }

    private static int Filter(bool check, Terminal terminal)
    {
        using MemoryStream bytes = new();
        terminal.In.CopyTo(bytes);
        FormatInput input = FormatInput.OfStandardInput(bytes.ToArray());
        FormattedFile result = TopologyFormatter.Format(input.Sources.Files[0]);
        if (result.Text is not { } text)
        {
            terminal.Error.Write(new TextRenderer(input.Sources, "", terminal.ColorError).Render(result.Diagnostics));
            return ExitCode.Failed;
        }

        if (check)
        {
            return input.Holds(0, text) ? ExitCode.Done : ExitCode.Failed;
        }

        terminal.Out.Write(text);
        return ExitCode.Done;
    }

    private static int Misused(Terminal terminal)
    {
        terminal.Error.WriteLine("weir: - stands alone\nTry: weir fmt --help");
        return ExitCode.Usage;
    }
}
