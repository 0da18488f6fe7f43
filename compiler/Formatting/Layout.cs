using System.Collections.Immutable;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Formatting;

/// <summary>A value as a file writes it: unlike the source tree it keeps comments, anchors, aliases and whether a collection has brackets.</summary>
internal abstract record LayoutNode(string? Anchor);

/// <param name="Text">Content without quotes and with escapes resolved.</param>
/// <param name="Block">How it is written if it is a block scalar, else null.</param>
internal sealed record ScalarLayout(string? Anchor, string Text, ScalarKind Kind, bool Plain, BlockScalar? Block) : LayoutNode(Anchor);

internal sealed record AliasLayout(string Name) : LayoutNode((string?)null);

/// <param name="Keyed">A mapping; else a sequence.</param>
/// <param name="Bracketed">Flow style.</param>
/// <param name="Dangling">Comments after the last item.</param>
internal sealed record CollectionLayout(
    string? Anchor, bool Keyed, bool Bracketed, ImmutableArray<LayoutItem> Items, ImmutableArray<CommentLine> Dangling) : LayoutNode(Anchor)
{
    /// <summary>Whether there is a comment anywhere in it: then it cannot stand on one line.</summary>
    public bool HasComments => Dangling.Length > 0 || Items.Any(i => i.HasComments);
}

/// <summary>An entry of a mapping or an item of a sequence.</summary>
/// <param name="Key">Null in a sequence.</param>
internal sealed record LayoutItem(ScalarLayout? Key, AliasLayout? AliasKey, LayoutNode Value)
{
    /// <summary>Comments above it.</summary>
    public ImmutableArray<CommentLine> Leading { get; init; } = [];

    /// <summary>The comment at the end of its line; with a block below, of its first line.</summary>
    public string? EndOfLine { get; init; }

    /// <summary>Whether a blank line stands directly above it.</summary>
    public bool AfterBlank { get; init; }

    public bool HasComments => EndOfLine is not null || Leading.Length > 0 || Value is CollectionLayout { HasComments: true };
}

/// <param name="Text">From <c>#</c> on.</param>
/// <param name="Own">Nothing stands before it on its line.</param>
/// <param name="AfterBlank">Whether a blank line stands directly above it.</param>
internal sealed record CommentLine(string Text, bool Own, bool AfterBlank);

/// <param name="Header"><c>|</c> or <c>&gt;</c> with its indicators.</param>
/// <param name="Lines">Content lines without the indentation that is the block's own.</param>
internal sealed record BlockScalar(string Header, ImmutableArray<string> Lines);

/// <summary>A whole file.</summary>
/// <param name="Header">Comments that are about the file, not about its first entry.</param>
/// <param name="Root">Null in a file without values.</param>
internal sealed record LayoutFile(ImmutableArray<CommentLine> Header, bool BlankAfterHeader, CollectionLayout? Root);
