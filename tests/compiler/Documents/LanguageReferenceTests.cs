using Weir.Compiler.Structure;
using Weir.Compiler.Tests.Cli;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Documents;

/// <summary><c>weir schema</c> prints what the repository holds.</summary>
public sealed class LanguageReferenceTests
{
    private static readonly string Schemas = Path.Combine(RepositoryRoot.Path, "schemas");

    [Fact]
    public async Task The_schema_is_printed_byte_for_byte()
    {
        CommandRun run = await CommandRun.OfAsync("schema");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Schemas, "topology.schema.json"), TestContext.Current.CancellationToken), System.Text.Encoding.UTF8.GetBytes(run.Out));
    }

    /// <summary>With <c>WEIR_ACCEPT=1</c> the file is written instead.</summary>
    [Fact]
    public async Task The_reference_is_what_the_schema_says()
    {
        CommandRun run = await CommandRun.OfAsync("schema", "--format", "markdown");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string file = Path.Combine(Schemas, "topology.md");
        if (Environment.GetEnvironmentVariable("WEIR_ACCEPT") == "1")
        {
            await File.WriteAllTextAsync(file, run.Out, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), run.Out);
    }

    [Fact]
    public void Every_key_of_the_schema_has_a_row()
    {
        string reference = LanguageReference.Render();
        Assert.All(SchemaExample.All(TopologySchema.Text).Select(e => e.Path).Where(p => !p.EndsWith(']')), path =>
            Assert.Contains($"| `{path[(path.LastIndexOf('.') + 1)..]}` |", reference, StringComparison.Ordinal));
    }
}
