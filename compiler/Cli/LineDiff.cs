using System.Globalization;
using System.Text;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Weir.Cli;

/// <summary>Two texts as a unified diff, marks in column 0.</summary>
internal static class LineDiff
{
    private const int Context = 3;

    /// <summary>Empty when there is no difference.</summary>
    public static string Render(string before, string after, string file)
    {
        List<DiffPiece> lines = InlineDiffBuilder.Diff(before, after, ignoreWhiteSpace: false).Lines;
        StringBuilder text = new();
        int from = 0;
        while (from < lines.Count)
        {
            int changed = lines.FindIndex(from, l => l.Type != ChangeType.Unchanged);
            if (changed < 0)
            {
                break;
            }

            // A hunk goes on while the next change is near enough to share its context.
            int last = changed;
            for (int next = changed; next >= 0 && next - last <= 2 * Context; next = lines.FindIndex(last + 1, l => l.Type != ChangeType.Unchanged))
            {
                last = next;
            }

            int start = Math.Max(from, changed - Context);
            int end = Math.Min(lines.Count, last + Context + 1);
            Hunk(text, lines, start, end);
            from = end;
        }

        return text.Length == 0 ? "" : $"--- {file}\n+++ {file} (as the topology says)\n{text}";
    }

    private static void Hunk(StringBuilder text, List<DiffPiece> lines, int start, int end)
    {
        List<DiffPiece> before = lines[..start];
        List<DiffPiece> hunk = lines[start..end];
        text.Append(CultureInfo.InvariantCulture, $"@@ -{Place(before, hunk, ChangeType.Inserted)} +{Place(before, hunk, ChangeType.Deleted)} @@\n");
        foreach (DiffPiece line in hunk)
        {
            text.Append(line.Type switch { ChangeType.Inserted => '+', ChangeType.Deleted => '-', _ => ' ' }).Append(line.Text).Append('\n');
        }
    }

    private static string Place(List<DiffPiece> before, List<DiffPiece> hunk, ChangeType absent)
    {
        int count = hunk.Count(l => l.Type != absent);
        int first = before.Count(l => l.Type != absent) + (count > 0 ? 1 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{first},{count}");
    }
}
