using System.Globalization;
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
                Rune rune = new(c, text[++i]);
                plain.Append(IsHarmless(Rune.GetUnicodeCategory(rune)) ? rune.ToString() : "\ufffd\ufffd");
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

    private static bool IsHarmless(char c) => !char.IsControl(c) && !char.IsSurrogate(c) && IsHarmless(char.GetUnicodeCategory(c));

    private static bool IsHarmless(UnicodeCategory category) => category
        is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
