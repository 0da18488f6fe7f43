using Weir.Compiler.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weir.Compiler.Syntax;

/// <summary>Says what an exception of the parser is about, and where: the parser's own place is at times the start of the file.</summary>
internal sealed class YamlFailure(string file, string text, ParsingEvent? last, Stack<(char? Bracket, SourceSpan Start)> collections)
{
    public Diagnostic Explain(Exception exception)
    {
        string message = exception.Message;
        SourceSpan at = exception is YamlException yaml ? SpanOf(yaml) : LastPlace();
        if (message.Contains("tab", StringComparison.Ordinal) && FindTab() is { } tab)
        {
            return Diagnose.TabIndentation(tab);
        }

        if (UnclosedQuote(exception) is { } quote)
        {
            return quote;
        }

        bool unfinished = exception is InvalidOperationException
            || message.Contains("did not find expected ','", StringComparison.Ordinal)
            || (exception is YamlException && (int)((YamlException)exception).Start.Index >= text.TrimEnd().Length);
        if (unfinished && collections.FirstOrDefault(c => c.Bracket is not null) is { Bracket: { } bracket, Start: var start })
        {
            return Diagnose.Unclosed(start, bracket);
        }

        return Diagnose.InvalidYaml(at, exception is YamlException ? Sentence(message) : "the parser gives up here");
    }

    private Diagnostic? UnclosedQuote(Exception exception)
    {
        if (exception is not YamlException { Start: var start } || !exception.Message.Contains("quoted scalar", StringComparison.Ordinal)
            || start.Index >= text.Length || text[(int)start.Index] is not ('"' or '\'')
            || exception.Message.Contains("escape", StringComparison.Ordinal))
        {
            return null;
        }

        SourceSpan quote = new(file, (int)start.Line, (int)start.Column, (int)start.Line, (int)start.Column + 1);
        return Diagnose.Unclosed(quote, text[(int)start.Index]);
    }

    /// <summary>The first tab in the indentation of a line, at or below the last event.</summary>
    private SourceSpan? FindTab()
    {
        int line = 0;
        foreach (ReadOnlySpan<char> content in text.AsSpan().EnumerateLines())
        {
            line++;
            int indentation = content.Length - content.TrimStart(" \t").Length;
            int tab = content[..indentation].IndexOf('\t');
            if (line >= (last?.Start.Line ?? 1) && tab >= 0 && indentation < content.Length)
            {
                return new SourceSpan(file, line, tab + 1, line, tab + 2);
            }
        }

        return null;
    }

    private SourceSpan LastPlace() => last is null
        ? new SourceSpan(file, 1, 1, 1, 1)
        : new SourceSpan(file, (int)last.End.Line, (int)last.End.Column, (int)last.End.Line, (int)last.End.Column);

    private SourceSpan SpanOf(YamlException e) =>
        new(file, (int)e.Start.Line, (int)e.Start.Column, (int)e.End.Line, (int)e.End.Column);

    private static string Sentence(string message)
    {
        string trimmed = message.Trim().TrimEnd('.');
        return trimmed.Length == 0 ? trimmed : char.ToLowerInvariant(trimmed[0]) + trimmed[1..];
    }
}
