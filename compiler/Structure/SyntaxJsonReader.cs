using Newtonsoft.Json;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Structure;

/// <summary>Reads a source tree as JSON. The "line" it states for a token is the token's number: <see cref="Places"/> has the place
/// for each, which a line and a column could not tell where several files come together.</summary>
internal sealed class SyntaxJsonReader : JsonReader, IJsonLineInfo
{
    private readonly Stack<Frame> _frames = new();
    private readonly SyntaxNode _root;
    private bool _begun;

    public SyntaxJsonReader(SyntaxNode root) => _root = root;

    /// <summary>By token number, which begins at 1; the first is unused.</summary>
    public List<SyntaxPlace> Places { get; } = [default];

    public int LineNumber => Places.Count - 1;

    public int LinePosition => 1;

    public bool HasLineInfo() => true;

    public override bool Read()
    {
        if (!_begun)
        {
            _begun = true;
            return Emit(_root, key: null);
        }

        if (!_frames.TryPop(out Frame frame))
        {
            SetToken(JsonToken.None);
            return false;
        }

        switch (frame.Node)
        {
            case MappingNode mapping when frame.Index < mapping.Entries.Length:
                MappingEntry entry = mapping.Entries[frame.Index];
                if (frame.KeyRead)
                {
                    _frames.Push(frame with { Index = frame.Index + 1, KeyRead = false });
                    return Emit(entry.Value, entry.Key);
                }

                _frames.Push(frame with { KeyRead = true });
                Places.Add(new SyntaxPlace(entry.Value, entry.Key));
                SetToken(JsonToken.PropertyName, entry.Key.Text);
                return true;
            case SequenceNode sequence when frame.Index < sequence.Items.Length:
                _frames.Push(frame with { Index = frame.Index + 1 });
                return Emit(sequence.Items[frame.Index], key: null);
            default:
                SetToken(frame.Node is MappingNode ? JsonToken.EndObject : JsonToken.EndArray);
                return true;
        }
    }

    private bool Emit(SyntaxNode node, ScalarNode? key)
    {
        Places.Add(new SyntaxPlace(node, key));
        switch (node)
        {
            case MappingNode:
                _frames.Push(new Frame(node, 0, KeyRead: false));
                SetToken(JsonToken.StartObject);
                break;
            case SequenceNode:
                _frames.Push(new Frame(node, 0, KeyRead: false));
                SetToken(JsonToken.StartArray);
                break;
            case ScalarNode { Kind: ScalarKind.WholeNumber } number:
                SetToken(JsonToken.Integer, number.Number);
                break;
            case ScalarNode { Kind: ScalarKind.RealNumber }:
                SetToken(JsonToken.Float, 0.5);
                break;
            case ScalarNode { Kind: ScalarKind.Boolean } boolean:
                SetToken(JsonToken.Boolean, boolean.Text[0] is 't' or 'T');
                break;
            case ScalarNode { Kind: ScalarKind.Null }:
                SetToken(JsonToken.Null);
                break;
            case ScalarNode text:
                SetToken(JsonToken.String, text.Text);
                break;
        }

        return true;
    }

    private readonly record struct Frame(SyntaxNode Node, int Index, bool KeyRead);
}

/// <param name="Key">The key it is the value of, or null.</param>
internal readonly record struct SyntaxPlace(SyntaxNode Node, ScalarNode? Key);
