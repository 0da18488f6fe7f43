using System.Collections.Immutable;
using Weir.Compiler.Binding;
using Weir.Compiler.Checks;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Compiler.Structure;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler;

/// <summary>The front of the pipeline: sources to a checked topology. A pure function of its arguments.</summary>
public static class TopologyCompiler
{
    /// <summary>Checks a topology and reports all there is to say about it in one go.</summary>
    /// <returns>The topology, null when there are errors, and the findings in <see cref="DiagnosticOrder"/>.</returns>
    public static CheckResult Check(SourceSet sources, CancellationToken cancellation = default)
    {
        TopologySchema.Warm();
        SyntaxTree tree = SyntaxTree.Read(sources, cancellation);
        List<Diagnostic> diagnostics = [.. tree.Diagnostics];
        if (sources.Files.Length == 0)
        {
            return new CheckResult(null, DiagnosticOrder.Sort(diagnostics));
        }

        IReadOnlyList<Diagnostic> structure = StructureCheck.Check(tree, cancellation);
        diagnostics.AddRange(structure);
        diagnostics.AddRange(VersionCheck.Check(tree.Root));
        BoundTopology bound = Binder.Bind(tree.Root, diagnostics);
        if (tree.IsComplete)
        {
            diagnostics.AddRange(bound.Missing);
            NameChecks.Check(bound, complete: structure.Count == 0 && bound.Missing.Length == 0, diagnostics);
            foreach (BoundPool pool in bound.Pools)
            {
                cancellation.ThrowIfCancellationRequested();
                PoolChecks.Check(pool, diagnostics);
                ServerIdChecks.Check(pool, diagnostics);
            }

            EncryptionChecks.CheckFiles(bound, diagnostics);
            VipChecks.Check(bound, diagnostics);
            SiteChecks.Check(bound, diagnostics);
            EncapsulationChecks.Check(bound, diagnostics);
            LinkChecks.Check(bound, diagnostics);
            NatChecks.Check(bound, diagnostics);
            EncapsulationBudgets.Check(bound, diagnostics);
            RangeChecks.Check(bound, diagnostics);
            SourceChecks.Check(bound, diagnostics);
            PreferenceChecks.Check(bound, diagnostics);
            if (structure.Count == 0)
            {
                DefaultChecks.Check(bound, diagnostics);
            }
        }

        Topology? topology = diagnostics.HasErrors() ? null : TopologyBuilder.Build(bound);
        diagnostics.AddRange(topology is null ? [] : RingChecks.Check(topology));
        diagnostics.AddRange(topology is null ? [] : FragmentChecks.Check(topology));
        diagnostics.AddRange(topology is null ? [] : LintChecks.Check(topology));
        diagnostics = [.. new LintFilter(tree).Apply(diagnostics, complete: topology is not null)];
        SpanBounds bounds = new(sources);
        return new CheckResult(
            diagnostics.HasErrors() ? null : topology,
            DiagnosticOrder.Sort(diagnostics.Select(d => FixText.Fit(bounds.Within(d), sources))));
    }
}

/// <param name="Topology">Null when any of the findings is an error.</param>
public sealed record CheckResult(Topology? Topology, ImmutableArray<Diagnostic> Diagnostics);
