using System.Text;

namespace Weir.Compiler.Plans.Text;

/// <summary>Breaks lines between words.</summary>
internal static class Wrap
{
    /// <param name="hang">Columns that further lines are moved in by.</param>
    public static string Text(string line, int width, int hang)
    {
        if (line.Length <= width)
        {
            return line;
        }

        StringBuilder text = new();
        string rest = line;
        string indent = "";
        while (indent.Length + rest.Length > width)
        {
            int at = rest.LastIndexOf(' ', width - indent.Length);
            if (at <= 0 || string.IsNullOrWhiteSpace(rest[..at]))
            {
                at = rest.IndexOf(' ', Math.Min(rest.Length, width - indent.Length));
            }

            if (at < 0)
            {
                break;
            }

            text.Append(indent).Append(rest[..at].TrimEnd()).Append('\n');
            rest = rest[at..].TrimStart();
            indent = new string(' ', hang);
        }

        return text.Append(indent).Append(rest).ToString();
    }
}
