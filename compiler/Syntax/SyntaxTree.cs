using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;

namespace Weir.Compiler.Syntax;

/// <summary>The tree of a whole topology.</summary>
/// <param name="IsComplete">Whether every file could be read: only then is it known what the topology lacks.</param>
public sealed record SyntaxTree(MappingNode Root, bool IsComplete, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Reads all files and merges them by top-level key: where two files have the same key and both give a mapping, its entries
    /// come together; everything else that is defined twice is an error.</summary>
    public static SyntaxTree Read(SourceSet sources, CancellationToken cancellation = default)
    {
        List<Diagnostic> diagnostics = [.. sources.Diagnostics];
        List<MappingNode> roots = [];
        foreach (SourceFile file in sources.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (CharacterCheck.Check(file) is { } character)
            {
                diagnostics.Add(character);
                continue;
            }

            switch (YamlReader.Read(file.Path, file.Text, diagnostics))
            {
                case MappingNode root:
                    roots.Add(root);
                    break;
                case { } other and not ScalarNode { Kind: ScalarKind.Null }:
                    diagnostics.Add(Diagnose.RootNotMapping(other.Span));
                    break;
            }
        }

        MappingNode merged = SyntaxMerge.Merge(roots, sources, diagnostics);
        return new SyntaxTree(merged, !diagnostics.HasErrors(), [.. diagnostics]);
    }
}

