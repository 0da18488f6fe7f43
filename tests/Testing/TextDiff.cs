using System.Text;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Weir.Testing;

/// <summary>A line diff for people: changed lines with three lines around them.</summary>
public static class TextDiff
{
    private const int Context = 3;
    private const int MaximumLines = 200;

    /// <summary>Renders the lines that differ, marked <c>-</c> and <c>+</c>; at most 200 lines.</summary>
    public static string Render(string expected, string actual)
    {
        List<DiffPiece> lines = InlineDiffBuilder.Diff(expected, actual, ignoreWhiteSpace: false).Lines;
        bool[] shown = new bool[lines.Count];
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].Type != ChangeType.Unchanged)
            {
                Array.Fill(shown, true, Math.Max(0, i - Context), Math.Min(lines.Count, i + Context + 1) - Math.Max(0, i - Context));
            }
        }

        StringBuilder text = new();
        int printed = 0;
        for (int i = 0; i < lines.Count; i++)
        {
            if (!shown[i])
            {
                continue;
            }

            if (++printed > MaximumLines)
            {
                return text.Append("  ... more lines differ\n").ToString();
            }

            if (i > 0 && !shown[i - 1])
            {
                text.Append("  ...\n");
            }

            text.Append(Mark(lines[i].Type)).Append(lines[i].Text).Append('\n');
        }

        return text.Length == 0 ? "  (only line ends differ)\n" : text.ToString();
    }

    private static string Mark(ChangeType type) => type switch
    {
        ChangeType.Inserted => "+ ",
        ChangeType.Deleted => "- ",
        _ => "  ",
    };
}
