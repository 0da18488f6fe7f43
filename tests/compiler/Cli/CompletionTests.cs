using System.Diagnostics;
using System.Runtime.InteropServices;
using Weir.Cli;
using Weir.Compiler.Diagnostics;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Cli;

public sealed class CompletionTests
{
    /// <summary>A shell of its own with the script loaded, asked as its line editor asks.</summary>
    [Theory]
    [InlineData("weir val", "validate")]
    [InlineData("weir explain --si", "--site")]
    [InlineData("weir validate --format sa", "sarif")]
    [InlineData("weir build examples/dual-stack-edge/topology --color ", "always auto never")]
    [InlineData("weir build examples/dual-stack-edge/topology --site ", "ams1 fra1")]
    [InlineData("weir build examples/dual-stack-edge/topology --site f", "fra1")]
    [InlineData("weir build nowhere --site ", "")]
    [InlineData("weir explain unused-si", "unused-site")]
    [InlineData("weir completion z", "zsh")]
    public async Task Bash_completes(string line, string expected)
    {
        string weir = typeof(WeirCommand).Assembly.Location;
        string dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet");
        string script = $$"""
            weir() { "{{dotnet}}" exec "{{weir}}" "$@"; }
            source <(weir completion bash)
            COMP_LINE=$1 COMP_POINT=${#1}
            read -ra COMP_WORDS <<< "$1"
            [[ $1 == *' ' ]] && COMP_WORDS+=("")
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            $(complete -p weir | sed 's/.*-F \([^ ]*\).*/\1/')
            echo "${COMPREPLY[*]}"
            """;
        ProcessStartInfo start = new("bash", ["--norc", "-u", "-c", script, "bash", line]) { WorkingDirectory = RepositoryRoot.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("", expected), (await error, output.TrimEnd('\n')));
    }

    [Fact]
    public async Task Every_code_is_offered()
    {
        CommandRun run = await CommandRun.OfAsync("[suggest:17]", "weir explain WEIR");
        Assert.Equal(DiagnosticPage.Codes, run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Every_shell_has_a_script_that_asks_weir(string shell)
    {
        CommandRun run = await CommandRun.OfAsync("completion", shell);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("[suggest:", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_verb_has_its_own_examples()
    {
        CommandRun root = await CommandRun.OfAsync("--help");
        string[] lines = root.Out.Split('\n');
        string[] verbs = [.. lines.SkipWhile(l => l != "Commands:").Skip(1).TakeWhile(l => l.Length > 0).Where(l => l.StartsWith("  ", StringComparison.Ordinal) && l[2] != ' ').Select(l => l.Trim().Split(' ')[0])];
        Assert.Contains("explain", verbs);
        Assert.Contains("completion", verbs);
        foreach (string verb in verbs)
        {
            CommandRun help = await CommandRun.OfAsync(verb, "--help");
            string[] examples = [.. help.Out.Split('\n').SkipWhile(l => l != "Examples:").Skip(1).TakeWhile(l => l.Length > 0)];
            Assert.NotEmpty(examples);
            Assert.All(examples, e => Assert.Contains($"weir {verb}", e, StringComparison.Ordinal));
        }
    }
}
