using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;

namespace Weir.Compiler.Syntax;

/// <summary>Brings the files of a topology together.</summary>
internal static class SyntaxMerge
{
    public static MappingNode Merge(List<MappingNode> roots, SourceSet sources, List<Diagnostic> diagnostics)
    {
        List<string> keys = [];
        Dictionary<string, List<MappingEntry>> byKey = new(StringComparer.Ordinal);
        foreach (MappingEntry entry in roots.SelectMany(r => r.Entries))
        {
            if (byKey.TryGetValue(entry.Key.Text, out List<MappingEntry>? sections))
            {
                sections.Add(entry);
            }
            else
            {
                keys.Add(entry.Key.Text);
                byKey.Add(entry.Key.Text, [entry]);
            }
        }

        SourceSpan span = roots.Count > 0 ? roots[0].Span
            : sources.Files.Length > 0 ? new SourceSpan(sources.Files[0].Path, 1, 1, 1, 1)
            : SourceSpan.None;
        return new MappingNode(span, [.. keys.Select(key => MergeSections(byKey[key], diagnostics))]);
    }

    private static MappingEntry MergeSections(List<MappingEntry> sections, List<Diagnostic> diagnostics)
    {
        if (sections is [var single])
        {
            return single;
        }

        if (sections.Find(s => s.Value is not MappingNode) is not null)
        {
            diagnostics.AddRange(sections.Skip(1).Select(s => Diagnose.DuplicateKey(s.Key.Span, s.Key.Text, sections[0].Key.Span)));
            return sections[0];
        }

        Dictionary<string, SourceSpan> first = new(StringComparer.Ordinal);
        ImmutableArray<MappingEntry>.Builder entries = ImmutableArray.CreateBuilder<MappingEntry>();
        foreach (MappingEntry entry in sections.SelectMany(s => ((MappingNode)s.Value).Entries))
        {
            if (first.TryAdd(entry.Key.Text, entry.Key.Span))
            {
                entries.Add(entry);
            }
            else
            {
                diagnostics.Add(Diagnose.DuplicateKey(entry.Key.Span, entry.Key.Text, first[entry.Key.Text]));
            }
        }

        return sections[0] with { Value = new MappingNode(sections[0].Value.Span, entries.DrainToImmutable()) };
    }
}
