using System.Collections.Immutable;
using System.Text;

namespace Weir.Compiler.Formatting;

/// <summary>Writes values in blocks, two spaces a level, and decides what stays on one line.</summary>
internal sealed class BlockPrinter(EntryOrder order, int width)
{
    /// <summary>A comment that is about the line below it: that line stays one.</summary>
    private const string NextLine = "# weir-disable-next-line";

    private readonly StringBuilder _text = new();

    /// <summary>What begins the next line instead of its indentation: the dashes of items whose values begin on their line.</summary>
    private string? _prefix;

    /// <summary>Whether the last line belongs to a block scalar to which a blank line below would belong too.</summary>
    private bool _keeps;

    /// <param name="order">Of the file's entries.</param>
    /// <param name="width">Columns that a bracketed value may take before it is broken.</param>
    public static string Print(LayoutFile file, EntryOrder order, int width)
    {
        BlockPrinter printer = new(order, width);
        printer.Comments(file.Header, "", first: true);
        if (file.BlankAfterHeader)
        {
            printer.Blank();
        }

        if (file.Root is { Items.Length: 0 } empty)
        {
            printer.Line("", FlowPrinter.Print(empty with { Anchor = null }, SchemaShape.Root, order), null);
        }
        else if (file.Root is { } root)
        {
            // An anchor here is left out: whatever named it would be within itself.
            printer.Collection(root, "", SchemaShape.Root, hoisted: false);
        }

        return printer._text.ToString();
    }

    /// <param name="hoisted">Whether the first item's comments are written already: it begins on the line of a dash.</param>
    private void Collection(CollectionLayout collection, string indentation, SchemaShape shape, bool hoisted)
    {
        bool first = true;
        foreach (LayoutItem item in collection.Keyed ? order.Sort(collection.Items, shape) : collection.Items)
        {
            SchemaShape below = item.Key is { } key ? shape.Property(key.Text) : collection.Keyed ? shape : shape.Items;
            if (!(first && hoisted))
            {
                Above(item, below, indentation, first);
            }

            if (collection.Keyed)
            {
                Entry(item, indentation, below);
            }
            else
            {
                Element(item, indentation, below);
            }

            first = false;
        }

        Comments(collection.Dangling, indentation, first: false);
    }

    private void Entry(LayoutItem entry, string indentation, SchemaShape shape)
    {
        string key = KeyText.Of(entry);
        string start = KeyText.IsLong(key) ? $"? {key}" : key + ":";
        if (KeyText.IsLong(key))
        {
            Line(indentation, start, null);
            start = ":";
        }

        if (entry.Value is ScalarLayout { Block: { } block })
        {
            Line(indentation, $"{start} {Anchor(entry.Value)}{block.Header}", entry.EndOfLine);
            Lines(block, indentation + "  ");
        }
        else if (InBlock(entry, indentation.Length + start.Length + 1, shape) is { } collection)
        {
            Line(indentation, $"{start} {Anchor(collection)}", entry.EndOfLine);
            Collection(collection, indentation + "  ", shape, hoisted: false);
        }
        else
        {
            Line(indentation, $"{start} {FlowPrinter.Print(entry.Value, shape, order)}", entry.EndOfLine);
        }
    }

    private void Element(LayoutItem item, string indentation, SchemaShape shape)
    {
        if (item.Value is ScalarLayout { Block: { } block })
        {
            Line(indentation, $"- {Anchor(item.Value)}{block.Header}", item.EndOfLine);
            Lines(block, indentation + "  ");
        }
        else if (InBlock(item, indentation.Length + 2, shape) is not { } collection)
        {
            Line(indentation, $"- {FlowPrinter.Print(item.Value, shape, order)}", item.EndOfLine);
        }
        else if (collection.Anchor is null)
        {
            _prefix = (_prefix ?? indentation) + "- ";
            Collection(collection, indentation + "  ", shape, hoisted: true);
        }
        else
        {
            Line(indentation, $"- {Anchor(collection)}", item.EndOfLine);
            Collection(collection, indentation + "  ", shape, hoisted: false);
        }
    }

    /// <summary>Blank line and comments before an item; also those of what begins on its line.</summary>
    private void Above(LayoutItem item, SchemaShape shape, string indentation, bool first)
    {
        Comments(item.Leading, indentation, first);
        if (item.AfterBlank && !(first && item.Leading.IsEmpty))
        {
            Blank();
        }

        if (item.Key is null && item.AliasKey is null && InBlock(item, indentation.Length + 2, shape) is { Anchor: null } collection)
        {
            if (item.EndOfLine is { } comment)
            {
                Line(indentation, comment, null);
            }

            LayoutItem begin = (collection.Keyed ? order.Sort(collection.Items, shape) : collection.Items)[0] with { AfterBlank = false };
            SchemaShape below = begin.Key is { } key ? shape.Property(key.Text) : collection.Keyed ? shape : shape.Items;
            Above(begin, below, indentation, first && item.Leading.IsEmpty && item.EndOfLine is null);
        }
    }

    /// <summary>The collection that an item's value is, if it has to be written as a block.</summary>
    private CollectionLayout? InBlock(LayoutItem item, int column, SchemaShape shape)
    {
        if (item.Value is not CollectionLayout { Items.Length: > 0 } collection)
        {
            return null;
        }

        bool together = item.Leading is [.., { Text: var last }] && last.StartsWith(NextLine, StringComparison.Ordinal);
        bool block = !collection.Bracketed || collection.HasComments || MustBreak(collection)
            || (!together && column + FlowPrinter.Print(collection, shape, order).Length > width);
        return block ? collection : null;
    }

    /// <summary>Whether the parser cannot read it in brackets: a long key, or an anchored scalar with another entry beside it.</summary>
    private static bool MustBreak(CollectionLayout collection) => collection.Items.Any(i =>
        (collection.Keyed && (KeyText.IsLong(KeyText.Of(i)) || (collection.Items.Length > 1 && i.Value is ScalarLayout { Anchor: not null })))
        || (i.Value is CollectionLayout below && MustBreak(below)));

    private static string Anchor(LayoutNode node) => node.Anchor is null ? "" : $"&{node.Anchor} ";

    private void Comments(ImmutableArray<CommentLine> comments, string indentation, bool first)
    {
        foreach (CommentLine comment in comments)
        {
            if (comment.AfterBlank && !first)
            {
                Blank();
            }

            Line(indentation, comment.Text, null);
            first = false;
        }
    }

    private void Lines(BlockScalar block, string indentation)
    {
        foreach (string line in block.Lines)
        {
            _text.Append(line.Length == 0 ? "" : indentation + line).Append('\n');
        }

        _keeps = block.Header.EndsWith('+');
    }

    private void Blank() => _text.Append(_keeps ? "" : "\n");

    private void Line(string indentation, string content, string? comment)
    {
        _text.Append(_prefix ?? indentation).Append(content.TrimEnd(' '));
        _prefix = null;
        _keeps = false;
        _text.Append(comment is null ? "" : " " + comment).Append('\n');
    }
}
