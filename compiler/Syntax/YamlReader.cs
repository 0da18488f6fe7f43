using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weir.Compiler.Syntax;

/// <summary>Builds the source tree of one file from the parser's events. Whatever the file holds, the answer is a tree or
/// diagnostics, in time and memory bounded by <see cref="SyntaxLimits"/>.</summary>
internal sealed class YamlReader
{
    private readonly Dictionary<string, SyntaxNode> _anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceSpan> _open = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> _diagnostics;
    private readonly YamlEvents _events;
    private readonly string _file;
    private long _values;
    private long _aliasValues;

    private YamlReader(string file, string text, List<Diagnostic> diagnostics)
    {
        _file = file;
        _diagnostics = diagnostics;
        _events = new YamlEvents(file, text, diagnostics);
    }

    /// <summary>The root node; null when the file is empty or has an error.</summary>
    public static SyntaxNode? Read(string file, string text, List<Diagnostic> diagnostics)
    {
        List<Diagnostic> found = [];
        SyntaxNode? root = new YamlReader(file, text, found).ReadDocument();
        diagnostics.AddRange(found);
        return found.HasErrors() ? null : root;
    }

    private SyntaxNode? ReadDocument()
    {
        if (!_events.SkipTo<DocumentStart>())
        {
            return null;
        }

        if (_events.Current is DocumentStart { Version.Version: { Major: not 1 } or { Minor: < 2 } } start)
        {
            SourceSpan place = _events.Span;
            _diagnostics.Add(Diagnose.OtherYaml(place, string.Create(CultureInfo.InvariantCulture, $"{start.Version.Version.Major}.{start.Version.Version.Minor}")));
        }

        if (!_events.MoveNext() || ReadNode(1) is not { } root)
        {
            return null;
        }

        if (_events.SkipTo<DocumentStart>())
        {
            _diagnostics.Add(Diagnose.SeveralDocuments(_events.Span));
        }

        return root;
    }

    /// <summary>Reads the node at the current event and leaves its last event current. Null: reading cannot go on.</summary>
    private SyntaxNode? ReadNode(int depth)
    {
        SourceSpan span = _events.Span;
        if (depth > SyntaxLimits.Depth)
        {
            return Stop(Diagnose.TooDeep(span, SyntaxLimits.Depth));
        }

        if (++_values > SyntaxLimits.Values)
        {
            return Stop(Diagnose.TooLarge(span, "values in one file", SyntaxLimits.Values));
        }

        if (_events.Current is AnchorAlias alias)
        {
            return ReadAlias(alias.Value.Value, span, depth);
        }

        if (_events.Current is not NodeEvent start)
        {
            return Stop(Diagnose.InvalidYaml(span, "expected a value here"));
        }

        if (!start.Tag.IsEmpty && start.Tag.Value != "?")
        {
            _diagnostics.Add(Diagnose.TagNotAllowed(span, start.Tag.IsNonSpecific ? "!" : start.Tag.Value));
        }

        string? anchor = start.Anchor.IsEmpty ? null : start.Anchor.Value;
        if (anchor is not null)
        {
            _open[anchor] = span;
        }

        SyntaxNode? node = start switch
        {
            Scalar scalar => ReadScalar(scalar, span),
            SequenceStart sequence => ReadSequence(sequence, span, depth),
            MappingStart mapping => ReadMapping(mapping, span, depth),
            _ => Stop(Diagnose.InvalidYaml(span, "expected a value here")),
        };
        if (anchor is not null && node is not null)
        {
            _open.Remove(anchor);
            _anchors[anchor] = node;
        }

        return node;
    }

    private static ScalarNode ReadScalar(Scalar scalar, SourceSpan span)
    {
        (ScalarKind kind, long number) = scalar.Style == ScalarStyle.Plain ? CoreScalar.Resolve(scalar.Value) : (ScalarKind.Text, 0);
        return new ScalarNode(span, scalar.Value, kind, number);
    }

    private SequenceNode? ReadSequence(SequenceStart start, SourceSpan span, int depth)
    {
        _events.Enter(start.Style == SequenceStyle.Flow ? '[' : null);
        ImmutableArray<SyntaxNode>.Builder items = ImmutableArray.CreateBuilder<SyntaxNode>();
        while (_events.MoveNext())
        {
            if (_events.Current is SequenceEnd)
            {
                return new SequenceNode(_events.Leave(span, items.Count == 0 ? null : items[^1].Span), items.DrainToImmutable());
            }

            if (ReadNode(depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return null;
    }

    private MappingNode? ReadMapping(MappingStart start, SourceSpan span, int depth)
    {
        bool bracketed = _events.Enter(start.Style == MappingStyle.Flow ? '{' : null);
        MappingBuilder entries = new(_diagnostics);
        SourceSpan? last = null;
        while (_events.MoveNext())
        {
            if (_events.Current is MappingEnd)
            {
                if (!Spend(span, entries.Merge()))
                {
                    return null;
                }

                return new MappingNode(_events.Leave(span, last), entries.ToImmutable());
            }

            bool merge = _events.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
            if (ReadNode(depth + 1) is not { } key || !_events.MoveNext() || ReadNode(depth + 1) is not { } value)
            {
                return null;
            }

            if (last is null && !bracketed && start.Style == MappingStyle.Flow)
            {
                // The parser does not say where a pair by itself begins.
                span = key.Alias ?? key.Span;
            }

            last = value.Alias ?? value.Span;
            entries.Add(key, value, merge);
        }

        return null;
    }

    private SyntaxNode? ReadAlias(string name, SourceSpan span, int depth)
    {
        if (_open.TryGetValue(name, out SourceSpan definition))
        {
            return Stop(Diagnose.RecursiveAlias(span, name, definition));
        }

        if (!_anchors.TryGetValue(name, out SyntaxNode? node))
        {
            _diagnostics.Add(Diagnose.UnknownAnchor(span, name, Suggestion.For(name, _anchors.Keys)));
            return new ScalarNode(span, string.Empty, ScalarKind.Null, 0);
        }

        if (depth + node.Height > SyntaxLimits.Depth)
        {
            return Stop(Diagnose.TooDeep(span, SyntaxLimits.Depth));
        }

        return Spend(span, node.Size) ? node with { Alias = span } : null;
    }

    /// <summary>Accounts for values that exist a second time.</summary>
    private bool Spend(SourceSpan span, long values)
    {
        _aliasValues += values;
        if (_aliasValues <= SyntaxLimits.AliasValues)
        {
            return true;
        }

        Stop(Diagnose.AliasExpansion(span, SyntaxLimits.AliasValues));
        return false;
    }

    private SyntaxNode? Stop(Diagnostic diagnostic)
    {
        _diagnostics.Add(diagnostic);
        return null;
    }
}
