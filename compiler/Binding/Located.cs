using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Binding;

/// <summary>A value and where it is written; <see cref="SourceSpan.None"/> when no file states it.</summary>
internal readonly record struct Located<T>(T Value, SourceSpan Span)
{
    /// <summary>Where it comes to hold: the alias, merge key or name that stands for it, or the object that takes it from <c>defaults</c>.
    /// Null when it holds where it is written.</summary>
    public SourceSpan? UsedAt { get; init; }

    /// <summary>Where to point when two values are in conflict: what is written once may hold twice.</summary>
    public SourceSpan Place => UsedAt ?? Span;

    /// <summary>Where to point when this value repeats another: where it is used, if both are written at one place.</summary>
    public SourceSpan Beside(Located<T> first) => Span == first.Span ? Place : Span;
}

internal static class Located
{
    /// <summary>A value read from a node.</summary>
    public static Located<T> At<T>(ScalarNode node, T value) => new(value, node.Span) { UsedAt = node.Alias };

    /// <summary>The value that an object takes from a wider scope.</summary>
    public static Located<T>? TakenBy<T>(this Located<T>? value, SourceSpan user) => value is { } known ? known with { UsedAt = user } : null;

    /// <summary>The value, or one that no file states.</summary>
    public static Located<T> Or<T>(this Located<T>? value, T otherwise) => value ?? new Located<T>(otherwise, SourceSpan.None);
}
