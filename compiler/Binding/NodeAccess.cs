using System.Collections.Immutable;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Binding;

/// <summary>Reads values of an expected type from a mapping; values of another type are as if they were not there.</summary>
internal static class NodeAccess
{
    public static MappingNode? Mapping(this MappingNode? mapping, string key) => mapping?.Find(key)?.Value as MappingNode;

    /// <summary>The entries that are mappings themselves.</summary>
    public static IEnumerable<(ScalarNode Key, MappingNode Value)> MappingEntries(this MappingNode? mapping)
    {
        foreach (MappingEntry entry in mapping?.Entries ?? [])
        {
            if (entry.Value is MappingNode value)
            {
                yield return (entry.Key, value);
            }
        }
    }

    /// <summary>A string.</summary>
    public static ScalarNode? Scalar(this MappingNode mapping, string key) => AsText(mapping.Find(key)?.Value);

    /// <summary>A string with its place.</summary>
    public static Located<string>? Text(this MappingNode mapping, string key) =>
        mapping.Scalar(key) is { } scalar ? new Located<string>(scalar.Text, scalar.Span) : null;

    /// <summary>A whole number, bounded to the range of an int.</summary>
    public static Located<int>? Integer(this MappingNode mapping, string key) =>
        mapping.Find(key)?.Value is ScalarNode { Kind: ScalarKind.WholeNumber } scalar
            ? new Located<int>((int)Math.Clamp(scalar.Number, int.MinValue, int.MaxValue), scalar.Span)
            : null;

    /// <summary>A string, or a list of strings.</summary>
    public static ImmutableArray<ScalarNode> Texts(this MappingNode? mapping, string key) => mapping?.Find(key)?.Value switch
    {
        SequenceNode list => [.. list.Items.Select(AsText).OfType<ScalarNode>()],
        { } node when AsText(node) is { } single => [single],
        _ => [],
    };

    private static ScalarNode? AsText(SyntaxNode? node) => node is ScalarNode { Kind: ScalarKind.Text } text ? text : null;
}
