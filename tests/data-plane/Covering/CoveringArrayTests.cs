using Weir.Compiler;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Xunit;

namespace Weir.DataPlaneTests.Covering;

public sealed class CoveringArrayTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_pair_of_values_is_in_a_row_but_those_that_are_refused()
    {
        IReadOnlyList<int[]> rows = CoveringArray.Of(Features.Sizes, Features.Excluded);
        HashSet<(int, int, int, int)> covered = [.. rows.SelectMany(CoveringArray.Covered)];
        foreach ((int i, int a, int j, int b) in CoveringArray.Pairs(Features.Sizes))
        {
            Assert.True(covered.Contains((i, a, j, b)) != Features.Excluded(i, a, j, b), $"{Features.All[i].Name} {Features.All[i].Values[a]} with {Features.All[j].Name} {Features.All[j].Values[b]}");
        }

        output.WriteLine($"{rows.Count} rows cover {covered.Count} pairs of {Features.All.Length} features");
        Assert.InRange(rows.Count, 1, 110);
    }

    [Theory]
    [InlineData(new[] { 2, 2 }, 4)]
    [InlineData(new[] { 3, 3, 3, 3 }, 15)]
    [InlineData(new[] { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 }, 12)]
    [InlineData(new[] { 7, 5, 1, 3 }, 45)]
    public void Rows_are_few_and_always_the_same(int[] sizes, int most)
    {
        IReadOnlyList<int[]> rows = CoveringArray.Of(sizes, (_, _, _, _) => false);
        Assert.Equal(CoveringArray.Pairs(sizes).Count(), rows.SelectMany(CoveringArray.Covered).Distinct().Count());
        Assert.InRange(rows.Count, sizes.OrderDescending().Take(2).Aggregate((a, b) => a * b), most);
        Assert.Equal(rows, CoveringArray.Of(sizes, (_, _, _, _) => false));
    }

    [Fact]
    public void What_excludes_each_other_is_in_no_row()
    {
        IReadOnlyList<int[]> rows = CoveringArray.Of([4, 4, 4], (i, a, j, b) => i == 0 && j == 2 && a > 0 && b > 0);
        Assert.DoesNotContain(rows, row => row[0] > 0 && row[2] > 0);
        Assert.Equal(48 - 9, rows.SelectMany(CoveringArray.Covered).Distinct().Count());
    }

    [Fact]
    public void What_is_refused_is_refused_with_its_code()
    {
        Assert.All(Features.Refused, refused =>
        {
            CheckResult result = Check(Features.Row((refused.Feature, refused.Value), (refused.Other, refused.OtherValue)));
            Assert.Null(result.Topology);
            Assert.All(result.Diagnostics.Where(d => d.Severity == Severity.Error), d => Assert.Equal(refused.Code, d.Code));
        });
    }

    internal static CheckResult Check(int[] row) => TopologyCompiler.Check(SourceSet.Of([new SourceFile("topology.yaml", new FeatureSite(row).Yaml())]));
}
