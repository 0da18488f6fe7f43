using System.Collections.Immutable;

namespace Weir.Compiler.Formatting;

/// <summary>Puts a mapping's entries in the schema's order, as far as every alias stays below its anchor. Merge keys come first; names that users
/// choose stay as they are.</summary>
internal sealed class EntryOrder(CollectionLayout root)
{
    /// <summary>Anchors that are defined more than once: what an alias means then hangs on the order. The root's own is not written, as nothing can follow it.</summary>
    private readonly HashSet<string> _repeated =
        [.. root.Items.SelectMany(AnchorsIn).GroupBy(a => a, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)];

    public ImmutableArray<LayoutItem> Sort(ImmutableArray<LayoutItem> entries, SchemaShape shape)
    {
        int?[] ranks = [.. entries.Select(e => RankOf(e, shape))];
        if (ranks.All(r => r is null) || IsSorted(ranks))
        {
            return entries;
        }

        HashSet<string>[] defined = [.. entries.Select(e => AnchorsIn(e).ToHashSet(StringComparer.Ordinal))];
        HashSet<string>[] used = [.. entries.Select(e => AliasesIn(e).ToHashSet(StringComparer.Ordinal))];
        if (defined.Concat(used).Any(names => names.Overlaps(_repeated)))
        {
            return entries;
        }

        List<int> left = [.. Enumerable.Range(0, entries.Length)];
        ImmutableArray<LayoutItem>.Builder sorted = ImmutableArray.CreateBuilder<LayoutItem>(entries.Length);
        while (left.Count > 0)
        {
            int next = left.Where(i => !left.Any(j => j != i && used[i].Overlaps(defined[j]))).MinBy(i => ranks[i] ?? int.MaxValue);
            sorted.Add(entries[next]);
            left.Remove(next);
        }

        return sorted.DrainToImmutable();
    }

    private static bool IsSorted(int?[] ranks) => ranks.Zip(ranks.Skip(1)).All(p => (p.First ?? int.MaxValue) <= (p.Second ?? int.MaxValue));

    private static int? RankOf(LayoutItem entry, SchemaShape shape) => entry.Key switch
    {
        null => null,
        { Plain: true, Text: ScalarText.MergeKey } => -1,
        { Text: var text } => shape.RankOf(text),
    };

    private static IEnumerable<string> AnchorsIn(LayoutItem item) => Below(item).Select(n => n.Anchor).OfType<string>();

    private static IEnumerable<string> AliasesIn(LayoutItem item) => Below(item).OfType<AliasLayout>().Select(a => a.Name);

    private static IEnumerable<LayoutNode> Below(LayoutItem item)
    {
        LayoutNode?[] own = [item.Key, item.AliasKey, item.Value];
        IEnumerable<LayoutNode> nodes = own.OfType<LayoutNode>();
        return item.Value is CollectionLayout collection ? nodes.Concat(collection.Items.SelectMany(Below)) : nodes;
    }
}
