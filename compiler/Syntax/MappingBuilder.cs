using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Syntax;

/// <summary>Collects a mapping's entries, refuses duplicates and applies merge keys: an entry of the mapping itself wins over a merged one, an
/// earlier merged mapping over a later (YAML merge key, 2005).</summary>
internal sealed class MappingBuilder(List<Diagnostic> diagnostics)
{
    private readonly Dictionary<string, MappingEntry> _byKey = new(StringComparer.Ordinal);
    private readonly List<MappingEntry> _entries = [];
    private readonly List<SyntaxNode> _merges = [];

    public void Add(SyntaxNode key, SyntaxNode value, bool merge)
    {
        if (merge)
        {
            _merges.Add(value);
        }
        else if (key is not ScalarNode { Kind: ScalarKind.Text } name)
        {
            diagnostics.Add(Diagnose.InvalidKey(key.Alias ?? key.Span));
        }
        else if (!_byKey.TryAdd(name.Text, new MappingEntry(name, value)))
        {
            diagnostics.Add(Diagnose.DuplicateKey(name.Span, name.Text, _byKey[name.Text].Key.Span));
        }
        else
        {
            _entries.Add(_byKey[name.Text]);
        }
    }

    /// <summary>Applies the merge keys.</summary>
    /// <returns>How many values came in by them.</returns>
    public long Merge()
    {
        long values = 0;
        foreach (SyntaxNode merge in _merges)
        {
            ImmutableArray<SyntaxNode> sources = merge is SequenceNode list ? list.Items : [merge];
            foreach (SyntaxNode source in sources)
            {
                values += Merge(source, source.Alias ?? merge.Alias);
            }
        }

        return values;
    }

    public ImmutableArray<MappingEntry> ToImmutable() => [.. _entries];

    private long Merge(SyntaxNode source, SourceSpan? alias)
    {
        if (source is ScalarNode { Kind: ScalarKind.Null, Text: "", Span: var place } && place.Column < place.EndColumn)
        {
            // An alias without its anchor, which is reported already.
            return 0;
        }

        if (source is not MappingNode mapping)
        {
            diagnostics.Add(Diagnose.InvalidMerge(source.Alias ?? source.Span));
            return 0;
        }

        long values = 0;
        foreach (MappingEntry entry in mapping.Entries)
        {
            MappingEntry merged = entry with { Value = entry.Value with { Alias = alias ?? entry.Value.Alias } };
            if (_byKey.TryAdd(entry.Key.Text, merged))
            {
                _entries.Add(merged);
                values += 1 + entry.Value.Size;
            }
        }

        return values;
    }
}
