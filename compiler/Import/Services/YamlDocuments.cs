using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Import.Services;

/// <summary>Reads a stream of YAML documents (JSON is one of them) with the topology's own reader and its limits.</summary>
internal static class YamlDocuments
{
    private const string Name = "input";

    /// <returns>The root of each document, with the line before its first.</returns>
    public static List<(SyntaxNode Root, int Offset)> Read(string text, ImportNotes notes)
    {
        List<(SyntaxNode, int)> documents = [];
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        int start = 0;
        for (int i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && lines[i].TrimEnd() != "---" && !lines[i].StartsWith("--- ", StringComparison.Ordinal))
            {
                continue;
            }

            SourceFile file = new(Name, string.Join('\n', lines[start..i]) + "\n");
            List<Diagnostic> diagnostics = [];
            SyntaxNode? root = null;
            if (CharacterCheck.Check(file) is { } character)
            {
                diagnostics.Add(character);
            }
            else
            {
                root = YamlReader.Read(Name, file.Text, diagnostics);
            }

            foreach (Diagnostic diagnostic in diagnostics)
            {
                notes.Fail(diagnostic.Span.Line + start, diagnostic.Message, diagnostic.Help ?? "correct the file");
            }

            if (root is not (null or ScalarNode { Kind: ScalarKind.Null }))
            {
                documents.Add((root, start));
            }

            start = i + 1;
        }

        return documents;
    }
}
