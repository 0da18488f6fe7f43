using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Binding;

/// <summary>Reads values and reports those that are malformed, with the place that uses them when an alias brings them in.</summary>
internal sealed class ValueReader(List<Diagnostic> diagnostics)
{
    public Located<T>? Read<T>(ScalarNode? node, Func<ScalarNode, List<Diagnostic>, Located<T>?> read)
    {
        if (node is null)
        {
            return null;
        }

        int before = diagnostics.Count;
        Located<T>? value = read(node, diagnostics);
        for (int i = before; i < diagnostics.Count; i++)
        {
            diagnostics[i] = diagnostics[i].UsedAt(node.Alias);
        }

        return value is { } known ? known with { UsedAt = node.Alias } : null;
    }

    /// <summary>Those that could be read.</summary>
    public ImmutableArray<Located<T>> ReadEach<T>(ImmutableArray<ScalarNode> nodes, Func<ScalarNode, List<Diagnostic>, Located<T>?> read) =>
        [.. nodes.Select(n => Read(n, read)).OfType<Located<T>>()];
}
