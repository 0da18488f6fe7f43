using System.Text;

namespace Weir.Compiler.Diagnostics;

/// <summary>Makes text from a file fit for a terminal.</summary>
public static class PlainText
{
    /// <summary>Replaces tabs by spaces and everything else that moves the cursor, changes colours or reorders
    /// text (controls, format characters, lone surrogates) by U+FFFD. The length in UTF-16 units stays the same.</summary>
    public static string Of(string text)
    {
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                plain.Append(c).Append(text[++i]);
            }
            else if (c == '\t')
            {
                plain.Append(' ');
            }
            else
            {
                plain.Append(IsHarmless(c) ? c : '\ufffd');
            }
        }

        return plain.ToString();
    }

    private static bool IsHarmless(char c) => !char.IsControl(c) && !char.IsSurrogate(c)
        && char.GetUnicodeCategory(c) is not (System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
}
