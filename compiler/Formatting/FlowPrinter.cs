using System.Text;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Formatting;

/// <summary>Writes a value on one line: <c>{ name: web-1, address: 10.1.0.11 }</c>.</summary>
internal static class FlowPrinter
{
    /// <summary>The value as it stands after a key and a space, with its anchor; nothing for a value that is not written in a block.</summary>
    public static string Print(LayoutNode node, SchemaShape shape, EntryOrder order, bool inBrackets = false)
    {
        StringBuilder text = new();
        Append(node, shape, order, inBrackets, text);
        return text.ToString();
    }

    private static void Append(LayoutNode node, SchemaShape shape, EntryOrder order, bool inBrackets, StringBuilder text)
    {
        if (node.Anchor is { } anchor)
        {
            text.Append('&').Append(anchor);
        }

        string value = node switch
        {
            AliasLayout alias => "*" + alias.Name,
            ScalarLayout { Kind: ScalarKind.Null, Text: "" } => inBrackets ? "null" : "",
            ScalarLayout scalar => ScalarText.Of(scalar),
            _ => "",
        };
        if (text.Length > 0 && node.Anchor is not null && (value.Length > 0 || node is CollectionLayout))
        {
            text.Append(' ');
        }

        text.Append(value);
        if (node is CollectionLayout { Keyed: true } mapping)
        {
            AppendMapping(mapping, shape, order, text);
        }
        else if (node is CollectionLayout sequence)
        {
            AppendSequence(sequence, shape, order, text);
        }
    }

    private static void AppendMapping(CollectionLayout mapping, SchemaShape shape, EntryOrder order, StringBuilder text)
    {
        string separator = "{ ";
        foreach (LayoutItem entry in order.Sort(mapping.Items, shape))
        {
            text.Append(separator).Append(KeyText.Of(entry)).Append(": ");
            Append(entry.Value, entry.Key is { } key ? shape.Property(key.Text) : shape, order, inBrackets: true, text);
            separator = ", ";
        }

        text.Append(mapping.Items.Length == 0 ? "{}" : " }");
    }

    private static void AppendSequence(CollectionLayout sequence, SchemaShape shape, EntryOrder order, StringBuilder text)
    {
        string separator = "[";
        foreach (LayoutItem item in sequence.Items)
        {
            text.Append(separator);
            Append(item.Value, shape.Items, order, inBrackets: true, text);
            separator = ", ";
        }

        text.Append(sequence.Items.Length == 0 ? "[]" : "]");
    }
}
