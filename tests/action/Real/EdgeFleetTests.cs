using System.Diagnostics;
using System.Text.RegularExpressions;
using Weir.Testing;
using Xunit;

namespace Weir.Action.Tests.Real;

/// <summary>The change that <c>examples/edge-fleet/README.md</c> walks through, planned by the real compiler.</summary>
public sealed partial class EdgeFleetTests
{
    private static readonly string Example = Path.Combine(RepositoryRoot.Path, "examples/edge-fleet");

    /// <summary>Everything between the command in the README and the block's end is what the command prints. Only the commit and digests may be
    /// earlier ones: they are others with every comment in the files and every byte that the compiler writes.</summary>
    [Fact]
    public async Task The_README_shows_what_the_plan_says()
    {
        const string Command = "weir plan topology --base HEAD --site ams1";
        string folder = Directory.CreateTempSubdirectory("weir-edge-fleet-").FullName;
        try
        {
            Copy(Path.Combine(Example, "topology"), Path.Combine(folder, "topology"));
            Repository.Git(folder, "init", "-q", "-b", "main");
            Repository.Git(folder, "add", "-A");
            Repository.Git(folder, "commit", "-q", "-m", "The estate");
            Repository.Git(folder, "apply", Path.Combine(Example, "change.patch"));
            string plan = await PlanAsync(folder, Command.Split(' ')[1..]);
            string path = Path.Combine(Example, "README.md"), text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
            string begin = $"```text\n$ {Command}\n";
            int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length, to = text.IndexOf("```\n", from, StringComparison.Ordinal);
            string expected = text[..from] + plan + text[to..];
            if (Environment.GetEnvironmentVariable("WEIR_ACCEPT") == "1")
            {
                await File.WriteAllTextAsync(path, expected, TestContext.Current.CancellationToken);
                return;
            }

            Assert.True(Digest().Replace(text, "digest") == Digest().Replace(expected, "digest"), $"the README differs (- as it is, + as the plan says; WEIR_ACCEPT=1 writes it):\n{TextDiff.Render(text, expected)}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("[0-9a-f]{12,}", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static async Task<string> PlanAsync(string folder, IReadOnlyList<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Compilers.Real, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        string plan = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return plan;
    }
}
