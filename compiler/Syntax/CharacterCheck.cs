using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;

namespace Weir.Compiler.Syntax;

/// <summary>Refuses characters that YAML forbids or that editors and this compiler would break lines at differently.</summary>
internal static class CharacterCheck
{
    /// <summary>The first such character of the file, or null.</summary>
    public static Diagnostic? Check(SourceFile file)
    {
        int line = 1;
        int start = 0;
        string text = file.Text;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is >= ' ' and < '\x7f')
            {
                continue;
            }

            SourceSpan span = new(file.Path, line, i - start + 1, line, i - start + 2);
            if (c == '\n' || (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                line++;
                start = i + 1;
            }
            else if ((!file.IsUtf8 && c == '\ufffd') || (c == '\0' && i < 2))
            {
                // Every other byte of plain text in UTF-16 is zero.
                return Diagnose.NotUtf8(span, text.AsSpan(i, Math.Min(4, text.Length - i)).Contains('\0') ? "UTF-16" : null);
            }
            else if (IsForbidden(text, i))
            {
                return Diagnose.ControlCharacter(span, c);
            }
            else if (char.IsHighSurrogate(c))
            {
                i++;
            }
        }

        return null;
    }

    /// <summary>YAML 1.2.2, section 5.1, less NEL, LS and PS (line breaks to YAML 1.1) and byte order marks inside.</summary>
    private static bool IsForbidden(string text, int index) => text[index] switch
    {
        '\t' or '\n' or '\r' => false,
        < ' ' or '\x7f' => true,
        >= '\x80' and <= '\x9f' => true,
        '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' => true,
        >= '\ud800' and <= '\udbff' => index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]),
        >= '\udc00' and <= '\udfff' => true,
        _ => false,
    };
}
