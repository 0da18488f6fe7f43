using System.Globalization;
using System.Text;

namespace Weir.Compiler.Import;

/// <summary>Makes names that the language allows: letters, digits and inner dots, hyphens and underscores, beginning with a letter; no two alike.</summary>
internal sealed class UniqueNames
{
    private const int Longest = 60;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <param name="wanted">Any text.</param>
    /// <param name="prefix">Stands before it, with a hyphen, if it begins with no letter.</param>
    public string Take(string wanted, string prefix)
    {
        string legal = Legal(wanted, prefix);
        string name = legal;
        for (int i = 2; !_taken.Add(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{legal}-{i}");
        }

        return name;
    }

    private static string Legal(string wanted, string prefix)
    {
        StringBuilder name = new();
        foreach (char c in wanted.Length > 0 && char.IsAsciiLetter(wanted[0]) ? wanted : $"{prefix}-{wanted}")
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                name.Append(c);
            }
            else if (name.Length > 0 && char.IsAsciiLetterOrDigit(name[^1]))
            {
                name.Append(c == '_' ? c : '-');
            }
        }

        return (name.Length > Longest ? name.ToString(0, Longest) : name.ToString()).TrimEnd('-', '_');
    }
}
