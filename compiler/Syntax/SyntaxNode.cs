using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Syntax;

/// <summary>A value in a topology file. Aliases are resolved: the node they stand for appears again, with
/// <see cref="Alias"/> set; its own and its children's spans stay where they are written.</summary>
public abstract record SyntaxNode(SourceSpan Span)
{
    /// <summary>Where the alias (or merge key) is that brought the node here, or null.</summary>
    public SourceSpan? Alias { get; init; }

    /// <summary>Values in the tree below, itself included, aliases written out.</summary>
    public abstract long Size { get; }

    /// <summary>Levels below, itself included.</summary>
    public abstract int Height { get; }
}

/// <summary>A scalar, as written and as YAML 1.2's core schema reads it.</summary>
/// <param name="Text">Content without quotes and with escapes resolved.</param>
/// <param name="Number">For <see cref="ScalarKind.WholeNumber"/>, bounded to the range of a long; else 0.</param>
public sealed record ScalarNode(SourceSpan Span, string Text, ScalarKind Kind, long Number) : SyntaxNode(Span)
{
    public override long Size => 1;

    public override int Height => 1;
}

public sealed record SequenceNode(SourceSpan Span, ImmutableArray<SyntaxNode> Items) : SyntaxNode(Span)
{
    public override long Size { get; } = 1 + Items.Sum(i => i.Size);

    public override int Height { get; } = 1 + Items.Select(i => i.Height).DefaultIfEmpty().Max();
}

/// <param name="Entries">In the order of the file; keys differ.</param>
public sealed record MappingNode(SourceSpan Span, ImmutableArray<MappingEntry> Entries) : SyntaxNode(Span)
{
    public override long Size { get; } = 1 + Entries.Sum(e => 1 + e.Value.Size);

    public override int Height { get; } = 1 + Entries.Select(e => e.Value.Height).DefaultIfEmpty().Max();

    /// <summary>The entry with this key, or null.</summary>
    public MappingEntry? Find(string key)
    {
        foreach (MappingEntry entry in Entries)
        {
            if (entry.Key.Text == key)
            {
                return entry;
            }
        }

        return null;
    }
}

public sealed record MappingEntry(ScalarNode Key, SyntaxNode Value);

/// <summary>Types of scalars by YAML 1.2.2, section 10.3 (core schema). Whatever is quoted is a string.</summary>
public enum ScalarKind
{
    Text,
    Null,
    Boolean,
    WholeNumber,
    RealNumber,
}
