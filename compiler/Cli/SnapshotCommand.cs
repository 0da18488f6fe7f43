using System.CommandLine;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Snapshots;

namespace Weir.Cli;

/// <summary><c>weir snapshot</c>: the fully resolved topology, for repositories that want it reviewed.</summary>
internal static class SnapshotCommand
{
    public static Command Create(Terminal terminal, Option<ColorMode> color)
    {
        Argument<string> directory = TopologyInput.Directory();
        Option<string?> output = new("--output", "-o") { Description = $"The file to write or check, - for stdout (default: {SnapshotText.FileName} in DIR, which no verb reads)", HelpName = "FILE" };
        Option<bool> check = new("--check") { Description = "Write nothing; exit 1 with a diff when the file is not what would be written" };
        Command command = new("snapshot", "Write the topology with all defaults, overrides and port sets resolved, or check that file.") { directory, output, check };
        command.SetAction((result, cancellation) => Task.FromResult(Run(
            result.GetRequiredValue(directory),
            result.GetValue(output),
            result.GetValue(check),
            terminal.With(result.GetValue(color)),
            cancellation)));
        return command;
    }

    private static int Run(string directory, string? output, bool check, Terminal terminal, CancellationToken cancellation)
    {
        TopologyInput input = TopologyInput.Read(directory, revision: null, cancellation);
        input.Report(input.Result.Diagnostics, terminal);
        if (input.Result.Topology is not { } topology)
        {
            terminal.Error.WriteLine($"{TextRenderer.Summary(input.Result.Diagnostics)}; nothing was written");
            return ExitCode.Failed;
        }

        string text = SnapshotText.Of(topology);
        string file = output ?? Path.Combine(directory, SnapshotText.FileName);
        try
        {
            return check ? Check(file, text, terminal) : Write(file, text, terminal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"weir: {e.Message}");
            return ExitCode.Failed;
        }
    }

    private static int Check(string file, string text, Terminal terminal)
    {
        string found = File.Exists(file) ? File.ReadAllText(file) : "";
        if (found == text)
        {
            terminal.Out.WriteLine($"up to date: {file}");
            return ExitCode.Done;
        }

        terminal.Out.Write(LineDiff.Render(found, text, file));
        terminal.Error.WriteLine($"weir: {file} {(File.Exists(file) ? "is not what the topology says" : "does not exist")}; write it with: weir snapshot");
        return ExitCode.Failed;
    }

    private static int Write(string file, string text, Terminal terminal)
    {
        if (file == "-")
        {
            terminal.Out.Write(text);
            return ExitCode.Done;
        }

        // Beside the file, so that the rename stays within the file system.
        string aside = $"{file}.{Guid.NewGuid():n}";
        try
        {
            File.WriteAllText(aside, text);
            File.Move(aside, file, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }

        terminal.Out.WriteLine($"wrote {file}");
        return ExitCode.Done;
    }
}
