using System.Collections.Immutable;

namespace Weir.Compiler.Formatting;

/// <summary>Tells the comments that are about a file from those that are about its first entry.</summary>
internal static class FileHeader
{
    /// <summary>A line for editors: it names the schema and must stay the first.</summary>
    private const string Modeline = "# yaml-language-server:";

    /// <summary>To the file belong what is above the root, the line for editors, and what a blank line parts from the first entry.</summary>
    public static LayoutFile Divide(List<CommentLine> above, CollectionLayout root)
    {
        if (root.Items is not [var first, ..])
        {
            return new LayoutFile([.. above, .. root.Dangling], false, root with { Dangling = [] });
        }

        ImmutableArray<CommentLine> leading = first.Leading;
        int count = leading.TakeWhile(c => c.Text.StartsWith(Modeline, StringComparison.Ordinal)).Count();
        for (int i = 1; i <= leading.Length; i++)
        {
            if (i == leading.Length ? first.AfterBlank : leading[i].AfterBlank)
            {
                count = Math.Max(count, i);
            }
        }

        bool blank = count < leading.Length ? count > 0 && leading[count].AfterBlank : count + above.Count > 0 && first.AfterBlank;
        LayoutItem rest = first with { Leading = leading[count..], AfterBlank = count < leading.Length && first.AfterBlank };
        return new LayoutFile([.. above, .. leading[..count]], blank, root with { Items = root.Items.SetItem(0, rest) });
    }
}
