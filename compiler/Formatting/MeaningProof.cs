using Weir.Compiler.Sources;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Formatting;

/// <summary>Proves that a formatted file says what the original says.</summary>
internal static class MeaningProof
{
    /// <summary>Null when both files give the same tree, aliases and merge keys resolved, and hold the same comments; else what differs.</summary>
    public static string? Difference(MappingNode? before, SourceFile after, IEnumerable<string> commentsBefore, IEnumerable<string> commentsAfter)
    {
        SyntaxTree tree = SyntaxTree.Read(SourceSet.Of([after]));
        if (!tree.IsComplete)
        {
            return $"the result cannot be read: {tree.Diagnostics[0].Message}";
        }

        if (FirstDifference(before ?? new MappingNode(tree.Root.Span, []), tree.Root, "") is { } place)
        {
            return $"the values differ at `{place}`";
        }

        return commentsBefore.Order(StringComparer.Ordinal).SequenceEqual(commentsAfter.Order(StringComparer.Ordinal)) ? null : "the comments differ";
    }

    /// <summary>Where two trees hold different values first, or null; the order of a mapping's keys means nothing.</summary>
    private static string? FirstDifference(SyntaxNode left, SyntaxNode right, string place)
    {
        if ((left.Alias is null) != (right.Alias is null))
        {
            return place;
        }

        switch (left, right)
        {
            case (ScalarNode a, ScalarNode b):
                return a.Kind == b.Kind && a.Number == b.Number && (a.Kind == ScalarKind.Null || a.Text == b.Text) ? null : place;
            case (SequenceNode a, SequenceNode b) when a.Items.Length == b.Items.Length:
                return a.Items.Zip(b.Items).Select((p, i) => FirstDifference(p.First, p.Second, $"{place}[{i}]")).FirstOrDefault(d => d is not null);
            case (MappingNode a, MappingNode b) when a.Entries.Length == b.Entries.Length:
                return Sorted(a).Zip(Sorted(b))
                    .Select(p => p.First.Key.Text == p.Second.Key.Text ? FirstDifference(p.First.Value, p.Second.Value, $"{place}.{p.First.Key.Text}") : place)
                    .FirstOrDefault(d => d is not null);
            default:
                return place;
        }
    }

    private static IOrderedEnumerable<MappingEntry> Sorted(MappingNode mapping) => mapping.Entries.OrderBy(e => e.Key.Text, StringComparer.Ordinal);
}
