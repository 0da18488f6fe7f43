using System.Text.Json;
using NJsonSchema;
using Weir.Cli;
using Weir.Compiler.Structure;
using Weir.Compiler.Tests.Diagnostics;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Cli;

public sealed class ValidateCommandTests
{
    private static readonly string Example = Path.Combine(RepositoryRoot.Path, "examples/dual-stack-edge/topology");

    [Fact]
    public async Task A_valid_topology_is_summed_up_on_stdout()
    {
        CommandRun run = await CommandRun.OfAsync("validate", Example);
        Assert.Equal(new CommandRun(ExitCode.Done, "valid: 2 sites, 8 pools, 48 backends, 40 VIPs\n", ""), run);
    }

    [Fact]
    public async Task Findings_go_to_stderr_as_text_and_to_stdout_as_json()
    {
        string directory = Case("several-independent");
        CommandRun text = await CommandRun.OfAsync("validate", directory);
        Assert.Equal((ExitCode.Failed, ""), (text.ExitCode, text.Out));
        Assert.Contains($" --> {directory}/topology.yaml:4:42\n", text.Error, StringComparison.Ordinal);
        CommandRun json = await CommandRun.OfAsync("validate", directory, "--format", "json");
        Assert.Equal((ExitCode.Failed, ""), (json.ExitCode, json.Error));
        using JsonDocument document = JsonDocument.Parse(json.Out);
        Assert.Equal(6, document.RootElement.GetProperty("errors").GetInt32());
    }

    [Fact]
    public async Task Warnings_alone_do_not_fail()
    {
        CommandRun run = await CommandRun.OfAsync("validate", Case("1203-unused-pool"));
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal("valid: 1 site, 2 pools, 3 backends, 1 VIP; 0 errors, 1 warning\n", run.Out);
        Assert.StartsWith("warning[WEIR1203]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_of_every_case_follows_its_schema()
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(Path.Combine(RepositoryRoot.Path, "schemas/diagnostics.schema.json"), TestContext.Current.CancellationToken);
        foreach (string name in DiagnosticCaseTests.Names())
        {
            CommandRun run = await CommandRun.OfAsync("validate", Case(name), "--format", "json");
            Assert.True(schema.Validate(run.Out) is { Count: 0 }, $"{name}: {run.Out}");
        }
    }

    [Fact]
    public async Task The_json_form_is_stable()
    {
        CommandRun run = await CommandRun.OfAsync("validate", Case("1201-unknown-pool"), "--format", "json");
        string json = run.Out.Replace(Case("1201-unknown-pool"), "topology", StringComparison.Ordinal);
        new BaselineCase("tests/compiler/Cli/json").Output("unknown-pool.json", json).Verify();
    }

    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("validate", "--format", "xml")]
    [InlineData("validate", "a", "b")]
    [InlineData("validate", "--color", "pink")]
    [InlineData("build", ".")]
    public async Task A_wrong_command_line_is_told_so(params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync(arguments);
        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Out));
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("validate", "--help")]
    [InlineData("build", "--help")]
    [InlineData("fmt", "--help")]
    [InlineData("import", "--help")]
    [InlineData("schema", "-h")]
    public async Task Help_has_examples(params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync(arguments);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("Examples:\n  weir ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_is_printed_as_it_is()
    {
        CommandRun run = await CommandRun.OfAsync("schema");
        Assert.Equal(TopologySchema.Text, run.Out);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "schemas/topology.schema.json"), TestContext.Current.CancellationToken), run.Out);
    }

    [Fact]
    public async Task Colour_is_used_when_asked_for()
    {
        CommandRun run = await CommandRun.OfAsync("validate", Case("1201-unknown-pool"), "--color", "always");
        Assert.Contains("\e[1;31merror[WEIR1201]\e[0m", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_from_files_cannot_steer_the_terminal()
    {
        string directory = Directory.CreateTempSubdirectory("weir-escape-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "a.yaml"), "seed: \"\\e[31m\\a\"\n\"\\e]0;x\\a\": 1\n\"\u202e\": 2\n", TestContext.Current.CancellationToken);
            CommandRun run = await CommandRun.OfAsync("validate", directory);
            Assert.DoesNotContain(run.Error, c => char.IsControl(c) && c != '\n');
            Assert.DoesNotContain('\u202e', run.Error);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Case(string name) => Path.Combine(RepositoryRoot.Path, DiagnosticCaseTests.Folder, name, "topology");
}
