using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Plans;
using Weir.Compiler.Sources;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Plans;

/// <summary>Plans without files, git or a command line.</summary>
internal static class PlanOf
{
    public static TopologyPlan Topologies(Topology before, Topology after, params GateOverride[] overrides) =>
        TopologyComparison.Compare(Compile("base", before), Compile("head", after), null, [.. overrides]);

    public static TopologyPlan Directories(string before, string after, params GateOverride[] overrides) => Topologies(Read(before), Read(after), overrides);

    public static CompiledRevision Compile(string name, Topology topology) => new(
        new PlanSide(name, null), topology, topology.Sites.ToImmutableSortedDictionary(s => s.Name, s => SiteCompilation.Compile(topology, s.Name, null), StringComparer.Ordinal));

    public static Topology Read(string directory)
    {
        CheckResult result = TopologyCompiler.Check(TopologyDirectory.Read(directory, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.True(result.Topology is not null, string.Join('\n', result.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => $"{d.Span}: {d.Message}")));
        return result.Topology;
    }
}
