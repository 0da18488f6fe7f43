using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Weir.Compiler.Diagnostics;

/// <summary>What <c>weir explain</c> says of a code: <c>Pages/CODE.md</c>, which the library carries. The first line is
/// <c># CODE: title</c>; the rest says what the finding means, shows a text that causes it, what to do, and a text that is right.</summary>
/// <param name="Title">One line without a full stop.</param>
/// <param name="Text">The whole page, markdown.</param>
public sealed record DiagnosticPage(string Code, string Title, string Text)
{
    private const string Folder = "pages/";
    private const string Extension = ".md";

    private static readonly Assembly Home = typeof(DiagnosticPage).Assembly;

    /// <summary>Every code that has a page, sorted.</summary>
    public static ImmutableArray<string> Codes { get; } =
    [
        .. Home.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Select(n => n[Folder.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    private static readonly ConcurrentDictionary<string, DiagnosticPage?> Pages = new(StringComparer.Ordinal);

    /// <summary>The page of a code, or of a lint rule's name, in any case; null when there is none.</summary>
    public static DiagnosticPage? Find(string codeOrRule)
    {
        string code = LintRules.Find(codeOrRule.ToLowerInvariant())?.Code ?? codeOrRule.ToUpperInvariant();
        return Codes.Contains(code) ? Pages.GetOrAdd(code, Read) : null;
    }

    private static DiagnosticPage Read(string code)
    {
        using Stream stream = Home.GetManifestResourceStream($"{Folder}{code}{Extension}")!;
        using StreamReader reader = new(stream);
        string text = reader.ReadToEnd();
        string first = text[..text.IndexOf('\n', StringComparison.Ordinal)];
        return new DiagnosticPage(code, first[(first.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), text);
    }
}
