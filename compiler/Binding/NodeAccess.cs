using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Binding;

/// <summary>Reads values of an expected type from a mapping; values of another type are as if they were not there. What an alias brings in
/// keeps the outermost alias, so that everything below knows where it comes to hold.</summary>
internal static class NodeAccess
{
    public static SyntaxNode? Value(this MappingNode? mapping, string key) =>
        mapping?.Find(key) is { } entry ? Within(mapping, entry.Value) : null;

    public static MappingNode? Mapping(this MappingNode? mapping, string key) => mapping.Value(key) as MappingNode;

    /// <summary>Where the key is, or null.</summary>
    public static SourceSpan? KeySpan(this MappingNode? mapping, string key) => mapping?.Find(key)?.Key.Span;

    /// <summary>Whether the key is there, with whatever value, or something that was probably meant to be it: either way it is not missing.</summary>
    public static bool Mentions(this MappingNode? mapping, string key) =>
        mapping is not null && mapping.Entries.Any(e => Suggestion.For(e.Key.Text, [key]) is not null);

    /// <summary>The entries that are mappings themselves.</summary>
    public static IEnumerable<(ScalarNode Key, MappingNode Value)> MappingEntries(this MappingNode? mapping)
    {
        foreach (MappingEntry entry in mapping?.Entries ?? [])
        {
            if (entry.Value is MappingNode)
            {
                yield return (entry.Key, (MappingNode)Within(mapping!, entry.Value));
            }
        }
    }

    /// <summary>Every name in a mapping, of whatever content, with its place; null when there is no such mapping.</summary>
    public static Dictionary<string, SourceSpan>? Names(this MappingNode? mapping) =>
        mapping?.Entries.ToDictionary(e => e.Key.Text, e => e.Key.Span, StringComparer.Ordinal);

    public static ImmutableArray<SyntaxNode> Items(this SequenceNode list) => [.. list.Items.Select(i => Within(list, i))];

    /// <summary>A string.</summary>
    public static ScalarNode? Scalar(this MappingNode? mapping, string key) => AsText(mapping.Value(key));

    /// <summary>A string with its place.</summary>
    public static Located<string>? Text(this MappingNode? mapping, string key) =>
        mapping.Scalar(key) is { } scalar ? Located.At(scalar, scalar.Text) : null;

    /// <summary>A whole number.</summary>
    public static Located<long>? Number(this MappingNode? mapping, string key) =>
        mapping.Value(key) is ScalarNode { Kind: ScalarKind.WholeNumber } scalar ? Located.At(scalar, scalar.Number) : null;

    /// <summary>A whole number, bounded to the range of an int.</summary>
    public static Located<int>? Integer(this MappingNode? mapping, string key) => mapping.Number(key) is { } number
        ? new Located<int>((int)Math.Clamp(number.Value, int.MinValue, int.MaxValue), number.Span) { UsedAt = number.UsedAt }
        : null;

    /// <summary>Whether the value is the boolean true.</summary>
    public static bool IsTrue(this MappingNode? mapping, string key) =>
        mapping.Value(key) is ScalarNode { Kind: ScalarKind.Boolean, Text: "true" or "True" or "TRUE" };

    /// <summary>A string, or a list of strings.</summary>
    public static ImmutableArray<ScalarNode> Texts(this MappingNode? mapping, string key) => mapping.Value(key).Texts();

    /// <inheritdoc cref="Texts(MappingNode?, string)"/>
    public static ImmutableArray<ScalarNode> Texts(this SyntaxNode? node) => node switch
    {
        SequenceNode list => [.. list.Items().Select(AsText).OfType<ScalarNode>()],
        { } when AsText(node) is { } single => [single],
        _ => [],
    };

    private static ScalarNode? AsText(SyntaxNode? node) => node is ScalarNode { Kind: ScalarKind.Text } text ? text : null;

    private static SyntaxNode Within(SyntaxNode outer, SyntaxNode node) => outer.Alias is { } alias ? node with { Alias = alias } : node;
}
