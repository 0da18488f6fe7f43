using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Formatting;

/// <summary>The canonical form of topology files: the schema's order of keys, two spaces a level, quotes only where needed, what has brackets on
/// one line if it fits and as a block if not; comments, anchors, aliases and block scalars are kept.</summary>
public static class TopologyFormatter
{
    /// <summary>Columns that a line with brackets may take.</summary>
    public const int Width = 140;

    /// <summary>Formats one file, and reads the result again to prove that it means the same.</summary>
    /// <returns>The text, or the findings that keep the file from being read.</returns>
    /// <exception cref="InvalidOperationException">A bug: the result would mean something else.</exception>
    public static FormattedFile Format(SourceFile file)
    {
        SyntaxTree tree = SyntaxTree.Read(SourceSet.Of([file]));
        if (!tree.IsComplete)
        {
            return new FormattedFile(null, tree.Diagnostics);
        }

        string source = file.Text.ReplaceLineEndings("\n");
        string text = Print(source);
        string? difference = MeaningProof.Difference(tree.Root, file with { Text = text }, CommentsOf(source), CommentsOf(text));
        return difference is null
            ? new FormattedFile(text, [])
            : throw new InvalidOperationException($"Formatting {file.Path} would change it: {difference}. The file is left as it is.");
    }

    private static string Print(string source)
    {
        LayoutFile layout = LayoutReader.Read(source);
        EntryOrder order = new(layout.Root ?? new CollectionLayout(null, true, false, [], []));
        return BlockPrinter.Print(layout, order, Width);
    }

    private static IEnumerable<string> CommentsOf(string text) => new SourceText(text).Comments.Select(c => c.Text);
}

/// <param name="Text">Null when the file cannot be read.</param>
public sealed record FormattedFile(string? Text, ImmutableArray<Diagnostic> Diagnostics);
