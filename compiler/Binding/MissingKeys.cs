using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Binding;

/// <summary>Collects what must be said in an object or in <c>defaults</c> and is said in neither.</summary>
internal sealed class MissingKeys(BoundDefaults defaults)
{
    private readonly List<Diagnostic> _findings = [];

    /// <param name="help">What to write.</param>
    public void Check(ScalarNode name, MappingNode mapping, string key, string help)
    {
        if (defaults.IsMapping && !mapping.Mentions(key) && !defaults.Mentions(key))
        {
            _findings.Add(Diagnose.MissingEverywhere(name.Span, key, help).UsedAt(mapping.Alias));
        }
    }

    /// <summary>A finding of the caller's own.</summary>
    public void Add(Diagnostic finding) => _findings.Add(finding);

    public ImmutableArray<Diagnostic> ToImmutable() => [.. _findings];
}
