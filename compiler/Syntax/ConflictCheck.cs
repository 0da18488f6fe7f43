using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;

namespace Weir.Compiler.Syntax;

/// <summary>Finds what git leaves in a file whose two sides nobody has chosen between.</summary>
internal static class ConflictCheck
{
    private const string Ours = "<<<<<<<";
    private const string Theirs = ">>>>>>>";

    /// <summary>One finding for each conflict.</summary>
    public static IEnumerable<Diagnostic> Check(SourceFile file)
    {
        if (!file.Text.Contains(Ours, StringComparison.Ordinal) && !file.Text.Contains(Theirs, StringComparison.Ordinal))
        {
            yield break;
        }

        SourceSpan? open = null;
        int number = 0;
        foreach (string line in file.Text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r'))
        {
            number++;
            SourceSpan marker = new(file.Path, number, 1, number, Ours.Length + 1);
            if (IsMarker(line, Ours))
            {
                if (open is { } before)
                {
                    yield return Diagnose.MergeConflict(before, SourceSpan.None);
                }

                open = marker;
            }
            else if (IsMarker(line, Theirs))
            {
                yield return Diagnose.MergeConflict(open ?? marker, open is null ? SourceSpan.None : marker);
                open = null;
            }
        }

        if (open is { } last)
        {
            yield return Diagnose.MergeConflict(last, SourceSpan.None);
        }
    }

    private static bool IsMarker(string line, string marker) =>
        line.StartsWith(marker, StringComparison.Ordinal) && (line.Length == marker.Length || line[marker.Length] == ' ');
}
