using System.Text;

namespace Weir.Cli;

/// <summary>Columns of text, two blanks apart. Columns whose heading begins with a blank are aligned to the right.</summary>
internal static class TextTable
{
    public static string Render(IReadOnlyList<string[]> rows)
    {
        int columns = rows[0].Length;
        int[] widths = [.. Enumerable.Range(0, columns).Select(c => rows.Max(r => r[c].Trim().Length))];
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, c) => rows[0][c].StartsWith(' ') ? cell.Trim().PadLeft(widths[c]) : cell.PadRight(widths[c]));
            text.Append("  ").Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
