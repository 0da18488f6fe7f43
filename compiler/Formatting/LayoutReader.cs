using System.Collections.Immutable;
using Weir.Compiler.Syntax;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weir.Compiler.Formatting;

/// <summary>Reads the layout of a file that the source tree's reader accepts: one document of bounded depth, without tags, with scalars as keys.</summary>
internal sealed class LayoutReader
{
    private readonly List<ParsingEvent> _events = [];
    private readonly SourceText _source;
    private readonly CommentQueue _comments;
    private int _next;
    private int _closing;

    /// <summary>Where the last key, value or dash ends.</summary>
    private int _end;

    private LayoutReader(string text)
    {
        _source = new SourceText(text);
        _comments = new CommentQueue(_source);
        Parser parser = new(new StringReader(text));
        while (parser.MoveNext())
        {
            if (parser.Current is NodeEvent or AnchorAlias or MappingEnd or SequenceEnd)
            {
                _events.Add(parser.Current);
            }
        }
    }

    /// <param name="text">Lines end in line feeds.</param>
    public static LayoutFile Read(string text) => new LayoutReader(text).ReadFile();

    private LayoutFile ReadFile()
    {
        if (_events is [] or [Scalar])
        {
            return new LayoutFile(_comments.TakeBefore(int.MaxValue), false, null);
        }

        List<CommentLine> above = [];
        CollectionLayout root = (CollectionLayout)ReadNode(above);
        root = root with { Dangling = [.. root.Dangling, .. _comments.TakeBefore(int.MaxValue)] };
        return FileHeader.Divide(above, root);
    }

    /// <param name="inner">Gets comments between what introduces the value and the value itself.</param>
    private LayoutNode ReadNode(List<CommentLine> inner)
    {
        switch (_events[_next++])
        {
            case AnchorAlias alias:
                inner.AddRange(_comments.TakeBefore(End(alias)));
                return new AliasLayout(alias.Value.Value);
            case Scalar scalar:
                inner.AddRange(_comments.TakeBefore(Math.Max(_end, BlockScalarReader.IsBlock(scalar) ? End(scalar) : (int)scalar.End.Index)));
                return ReadScalar(scalar);
            case SequenceStart sequence:
                return ReadCollection(sequence, keyed: false, sequence.Style == SequenceStyle.Flow, inner);
            case MappingStart mapping:
                return ReadCollection(mapping, keyed: true, mapping.Style == MappingStyle.Flow, inner);
            default:
                throw new InvalidOperationException("The events of the parser are out of order.");
        }
    }

    private ScalarLayout ReadScalar(Scalar scalar)
    {
        End(scalar);
        bool plain = scalar.Style == ScalarStyle.Plain;
        BlockScalar? block = BlockScalarReader.Read(scalar, _source.Text);
        if (BlockScalarReader.IsBlock(scalar))
        {
            // Blank lines below a scalar that keeps its line ends are its own.
            int blanks = _source.Text.AsSpan(_end).IndexOfAnyExcept(" \n");
            _comments.BlanksFrom = block?.Header.EndsWith('+') == true && blanks >= 0 ? _end + blanks : 0;
        }

        return new ScalarLayout(AnchorOf(scalar), scalar.Value, plain ? CoreScalar.Resolve(scalar.Value).Kind : ScalarKind.Text, plain, block);
    }

    private CollectionLayout ReadCollection(NodeEvent start, bool keyed, bool flow, List<CommentLine> inner)
    {
        // A pair without braces in a list, as in [a: b], is a mapping too; the parser gives it no place.
        bool bracketed = flow && (!keyed || _source.HasBrace(Math.Max(_end, (int)start.Start.Index), (int)_events[_next].Start.Index));
        int first = _events[_next] is MappingEnd or SequenceEnd ? _source.ClosingBrackets[_closing] : StartOfItem(keyed, flow);
        inner.AddRange(flow ? _comments.TakeBefore((int)start.Start.Index) : _comments.TakeWhile(c => !c.Own && c.Index < first));
        ImmutableArray<LayoutItem>.Builder items = ImmutableArray.CreateBuilder<LayoutItem>();
        while (_events[_next] is not (MappingEnd or SequenceEnd))
        {
            items.Add(ReadItem(keyed, flow));
        }

        _next++;
        return new CollectionLayout(AnchorOf(start), keyed, flow, items.DrainToImmutable(), bracketed ? CloseBracket() : flow ? [] : CloseBlock(first));
    }

    private LayoutItem ReadItem(bool keyed, bool flow)
    {
        int start = StartOfItem(keyed, flow);
        List<CommentLine> leading = [.. _comments.TakeBefore(start)];
        bool blank = _comments.AfterBlank(start);
        ScalarLayout? key = null;
        AliasLayout? aliasKey = null;
        if (keyed)
        {
            LayoutNode name = ReadNode(leading);
            (key, aliasKey) = (name as ScalarLayout, name as AliasLayout);
        }
        else if (!flow)
        {
            _end = Math.Max(_end, start + 1);
            leading.AddRange(_comments.TakeBefore((int)_events[_next].Start.Index));
        }

        List<CommentLine> inner = [];
        LayoutNode value = ReadNode(inner);
        if (value is not CollectionLayout { Bracketed: false } && _comments.TakeEndOfLine(_end) is { } trailing)
        {
            inner.Add(trailing);
        }

        CommentLine? endOfLine = inner.Find(c => !c.Own);
        leading.AddRange(inner.Where(c => !ReferenceEquals(c, endOfLine)));

        if (value is CollectionLayout { Items.Length: 0 } empty)
        {
            leading.AddRange(empty.Dangling);
            value = empty with { Dangling = [] };
        }

        return new LayoutItem(key, aliasKey, value) { Leading = [.. leading], EndOfLine = endOfLine?.Text, AfterBlank = blank };
    }

    private ImmutableArray<CommentLine> CloseBracket()
    {
        int bracket = _source.ClosingBrackets[_closing++];
        _end = bracket + 1;
        return _comments.TakeBefore(bracket);
    }

    /// <summary>Comments below the last item of a block belong to it if they are indented as its items are, or more.</summary>
    private ImmutableArray<CommentLine> CloseBlock(int first)
    {
        int next = _source.NextContent(_end);
        bool shared = next < _source.Text.Length && _source.Column(next) == _source.Column(first);
        int column = _source.Column(first) + (shared ? 1 : 0);
        return _comments.TakeWhile(c => c.Own && c.Index < next && c.Column >= column);
    }

    /// <summary>Where the item that comes next begins: at its dash, if it has one.</summary>
    private int StartOfItem(bool keyed, bool flow)
    {
        int value = (int)_events[_next].Start.Index;
        return keyed || flow ? value : _source.DashBefore(value);
    }

    private int End(ParsingEvent node) => _end = Math.Max(_end, (int)node.End.Index);

    private static string? AnchorOf(NodeEvent node) => node.Anchor.IsEmpty ? null : node.Anchor.Value;
}
