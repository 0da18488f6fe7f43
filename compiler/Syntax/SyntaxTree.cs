using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;

namespace Weir.Compiler.Syntax;

/// <summary>The tree of a whole topology.</summary>
/// <param name="IsComplete">Whether every file could be read: only then is it known what the topology lacks.</param>
public sealed record SyntaxTree(MappingNode Root, bool IsComplete, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>The comments that speak to Weir.</summary>
    public ImmutableArray<DirectiveComment> Directives { get; init; } = [];

    /// <summary>Reads all files and merges them by top-level key: where two files have the same key and both give a mapping, its entries
    /// come together; everything else that is defined twice is an error.</summary>
    public static SyntaxTree Read(SourceSet sources, CancellationToken cancellation = default)
    {
        List<Diagnostic> diagnostics = [.. sources.Diagnostics];
        List<MappingNode> roots = [];
        List<DirectiveComment> directives = [];
        foreach (SourceFile file in sources.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (CharacterCheck.Check(file) is { } character)
            {
                diagnostics.Add(character);
                continue;
            }

            Diagnostic[] conflicts = [.. ConflictCheck.Check(file)];
            if (conflicts.Length > 0)
            {
                diagnostics.AddRange(conflicts);
                continue;
            }

            switch (YamlReader.Read(file.Path, file.Text, diagnostics))
            {
                case MappingNode root:
                    roots.Add(root);
                    directives.AddRange(DirectiveComments.Read(file));
                    break;
                case { } other and not ScalarNode { Kind: ScalarKind.Null }:
                    diagnostics.Add(Diagnose.RootNotMapping(other.Span));
                    break;
            }
        }

        MappingNode merged = SyntaxMerge.Merge(roots, sources, diagnostics);
        return new SyntaxTree(merged, !diagnostics.HasErrors(), [.. diagnostics]) { Directives = [.. directives] };
    }
}

