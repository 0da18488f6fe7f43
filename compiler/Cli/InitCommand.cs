using System.Collections.Immutable;
using System.CommandLine;
using System.Reflection;
using Weir.Compiler.Structure;

namespace Weir.Cli;

/// <summary><c>weir init</c>: a commented topology to begin with, and the workflow that plans its pull requests.</summary>
internal static class InitCommand
{
    private const string Prefix = "starter/";

    public static Command Create(Terminal terminal, Option<ColorMode> color)
    {
        Argument<string> directory = new("DIR")
        {
            Description = "The directory to write into, made where it is missing; usually a repository's root",
            DefaultValueFactory = _ => ".",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command command = new("init", "Write a commented topology to start from, with its CI workflow.") { directory };
        command.SetAction((result, cancellation) => Task.FromResult(Run(result.GetRequiredValue(directory), terminal.With(result.GetValue(color)), cancellation)));
        return command;
    }

    private static int Run(string directory, Terminal terminal, CancellationToken cancellation)
    {
        ImmutableSortedDictionary<string, string> files = Files();
        try
        {
            string[] inTheWay = [.. files.Keys.Where(f => Path.Exists(Path.Combine(directory, f)))];
            if (inTheWay.Length > 0)
            {
                terminal.Error.WriteLine("weir: these files are there already; nothing was written:");
                foreach (string file in inTheWay)
                {
                    terminal.Error.WriteLine($"  {Path.Combine(directory, file)}");
                }

                return ExitCode.Failed;
            }

            Write(directory, files, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"weir: {e.Message}; nothing was written");
            return ExitCode.Failed;
        }

        foreach (string file in files.Keys)
        {
            terminal.Out.WriteLine($"wrote {Path.Combine(directory, file)}");
        }

        terminal.Out.WriteLine($"next: weir validate {Path.Combine(directory, "topology")}; {Path.Combine(directory, "README.md")} says how to go on");
        return ExitCode.Done;
    }

    /// <summary>All or nothing: files are written aside, then moved to where nothing stands; what was made is removed again when one of them fails.</summary>
    private static void Write(string directory, ImmutableSortedDictionary<string, string> files, CancellationToken cancellation)
    {
        Stack<Action> undo = new();
        try
        {
            Make(directory, undo);
            string aside = Path.Combine(directory, $".weir-init-{Guid.NewGuid():n}");
            Make(aside, undo);
            foreach ((string file, string text) in files)
            {
                cancellation.ThrowIfCancellationRequested();
                string target = Path.Combine(directory, file);
                Make(Path.GetDirectoryName(target)!, undo);
                string written = Path.Combine(aside, "file");
                File.WriteAllText(written, text);
                try
                {
                    File.Move(written, target, overwrite: false);
                }
                catch
                {
                    File.Delete(written);
                    throw;
                }

                undo.Push(() => File.Delete(target));
            }

            Directory.Delete(aside);
        }
        catch
        {
            while (undo.TryPop(out Action? step))
            {
                step();
            }

            throw;
        }
    }

    /// <summary>Creates a folder and those above it.</summary>
    private static void Make(string folder, Stack<Action> undo)
    {
        string full = Path.GetFullPath(folder);
        if (Directory.Exists(full))
        {
            return;
        }

        Make(Path.GetDirectoryName(full)!, undo);
        Directory.CreateDirectory(full);
        undo.Push(() => Directory.Delete(full));
    }

    /// <summary>Paths and texts.</summary>
    private static ImmutableSortedDictionary<string, string> Files()
    {
        Assembly assembly = typeof(InitCommand).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(n => KeyValuePair.Create(PathOf(n[Prefix.Length..]), Text(assembly, n)))
            .Append(KeyValuePair.Create("topology.schema.json", TopologySchema.Text))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private static string PathOf(string name) => name.StartsWith("github/", StringComparison.Ordinal) ? "." + name : name;

    private static string Text(Assembly assembly, string name)
    {
        using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
