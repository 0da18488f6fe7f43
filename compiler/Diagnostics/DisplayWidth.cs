using System.Text;
using Wcwidth;

namespace Weir.Compiler.Diagnostics;

/// <summary>How many cells of a terminal a text takes: East Asian wide characters and emoji take two, combining marks none.</summary>
internal static class DisplayWidth
{
    private const int EmojiPresentation = 0xfe0f;

    /// <param name="text">As <see cref="PlainText"/> leaves it.</param>
    public static int Of(ReadOnlySpan<char> text) => text.ContainsAnyExceptInRange(' ', '~') ? OfRunes(text) : text.Length;

    private static int OfRunes(ReadOnlySpan<char> text)
    {
        int width = 0;
        int last = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // A selector makes an emoji of a sign that takes one cell by itself.
            int cells = rune.Value == EmojiPresentation ? (last == 1 ? 1 : 0) : Math.Max(0, UnicodeCalculator.GetWidth(rune.Value));
            width += cells;
            last = cells > 0 ? cells : last;
        }

        return width;
    }
}
