using Weir.Compiler.Sources;

namespace Weir.Compiler.Diagnostics;

/// <summary>Makes a fix fit into the text that it replaces: what was in quotes stays in quotes.</summary>
internal static class FixText
{
    public static Diagnostic Fit(Diagnostic diagnostic, SourceSet sources)
    {
        if (diagnostic.Fix is not { } fix)
        {
            return diagnostic;
        }

        char quote = CharacterAt(sources.TextOf(fix.Span.File), fix.Span);
        if (quote is not ('"' or '\'')
            || fix.Replacement.StartsWith(quote) || fix.Replacement.Contains('\\', StringComparison.Ordinal))
        {
            return diagnostic;
        }

        return diagnostic with { Fix = fix with { Replacement = quote + fix.Replacement + quote } };
    }

    private static char CharacterAt(string? text, SourceSpan span)
    {
        int at = Offset(text ?? "", span.Line, span.Column);
        return text is not null && at < text.Length ? text[at] : '\0';
    }

    /// <summary>Where a line and column are in a text, in UTF-16 units; the text's length when it ends before.</summary>
    public static int Offset(string text, int line, int column)
    {
        int at = 0;
        for (int l = 1; l < line && at < text.Length; at++)
        {
            l += text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] != '\n')) ? 1 : 0;
        }

        return Math.Min(text.Length, at + column - 1);
    }
}
