using System.Collections.Immutable;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Import.Services;

/// <summary>A mapping of a Kubernetes object; what is not there, or of another type, is empty.</summary>
/// <param name="Offset">Lines of the input before the document.</param>
internal readonly record struct KubernetesObject(MappingNode? Node, int Offset)
{
    /// <summary>From 1 in the whole input; 0 when it is not there.</summary>
    public int Line => Node is null ? 0 : Node.Span.Line + Offset;

    public KubernetesObject Below(string key) => this with { Node = Node?.Find(key)?.Value as MappingNode };

    public string? Text(string key) => Node?.Find(key)?.Value is ScalarNode { Kind: not ScalarKind.Null } scalar ? scalar.Text : null;

    public bool? Flag(string key) => Node?.Find(key)?.Value is ScalarNode { Kind: ScalarKind.Boolean } scalar ? scalar.Text.StartsWith("t", StringComparison.OrdinalIgnoreCase) : null;

    public ushort? Port(string key) => Node?.Find(key)?.Value is ScalarNode { Kind: ScalarKind.WholeNumber, Number: > 0 and <= ushort.MaxValue } scalar ? (ushort)scalar.Number : null;

    public ImmutableArray<string> Texts(string key) =>
        Node?.Find(key)?.Value is SequenceNode list ? [.. list.Items.OfType<ScalarNode>().Select(s => s.Text)] : [];

    public ImmutableArray<KubernetesObject> Objects(string key)
    {
        int offset = Offset;
        return Node?.Find(key)?.Value is SequenceNode list ? [.. list.Items.OfType<MappingNode>().Select(m => new KubernetesObject(m, offset))] : [];
    }

    public bool Has(string key) => Node?.Find(key)?.Value is not (null or ScalarNode { Kind: ScalarKind.Null });

    /// <summary><c>namespace/name</c>, by which slices find their service.</summary>
    public string Identity(string? name) => $"{Below("metadata").Text("namespace") ?? "default"}/{name}";
}
