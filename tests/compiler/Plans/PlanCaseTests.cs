using System.Text.RegularExpressions;
using NJsonSchema;
using Weir.Compiler.Plans;
using Weir.Compiler.Plans.Json;
using Weir.Compiler.Plans.Text;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Plans;

/// <summary>Changes as people make them, and what a reviewer reads of each.</summary>
public sealed partial class PlanCaseTests
{
    private const string Folder = "tests/compiler/Plans/cases";

    public static TheoryData<string> Cases => new(
        Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, Folder)).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_plan_reads_as_expected(string name)
    {
        BaselineCase baseline = new($"{Folder}/{name}", "base", "head");
        TopologyPlan plan = PlanOf.Directories(Path.Combine(baseline.Directory, "base"), Path.Combine(baseline.Directory, "head"));
        string json = PlanJson.Render(plan);
        baseline
            .Output("plan.txt", WithoutDigests(new PlanText("", color: false).Render(plan)))
            .Output("plan.md", WithoutDigests(new PlanMarkdown("").Render(plan)))
            .Output("plan.json", WithoutDigests(json))
            .Verify();
        JsonSchema schema = await JsonSchema.FromFileAsync(Path.Combine(RepositoryRoot.Path, "schemas/plan.schema.json"), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(json));
    }

    /// <summary>They change with every comment in a header, and say nothing to a reader.</summary>
    private static string WithoutDigests(string text) => Digest().Replace(text, "DIGEST");

    [GeneratedRegex(@"\b[0-9a-f]{64}\b|\b[0-9a-f]{16}\b(?=\.\.)|(?<=\.\.)[0-9a-f]{16}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();

    [Fact]
    public void A_refactor_plans_empty()
    {
        string folder = Path.Combine(RepositoryRoot.Path, Folder, "refactor");
        TopologyPlan plan = PlanOf.Directories(Path.Combine(folder, "base"), Path.Combine(folder, "head"));
        Assert.True(plan.IsEmpty);
        Assert.All(plan.Sites, s => Assert.Equal(s.BaseDigest, s.HeadDigest));
        Assert.Equal(PlanRisk.None, plan.Risk);
    }
}
