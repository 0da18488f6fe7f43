using System.Globalization;
using System.Text;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Formatting;

/// <summary>How a scalar is written: plain where every reader of YAML, also an older one, takes it for the same text wherever it stands; else in
/// double quotes, or in single ones where that saves escapes.</summary>
internal static class ScalarText
{
    /// <summary>Words that YAML 1.1 reads as Booleans.</summary>
    private static readonly string[] OldBooleans = ["yes", "no", "on", "off"];

    /// <summary>Merge keys are only such without quotes.</summary>
    public const string MergeKey = "<<";

    public static string Of(ScalarLayout scalar, bool key = false)
    {
        bool kept = scalar.Plain && (scalar.Kind != ScalarKind.Text || (key && scalar.Text == MergeKey));

        // The parser takes a colon after a star for text.
        bool plain = IsPlain(scalar.Text) && !(key && scalar.Text.Contains('*', StringComparison.Ordinal));
        return kept || plain ? scalar.Text : Quoted(scalar.Text);
    }

    /// <summary>Whether a string may stand without quotes.</summary>
    public static bool IsPlain(string text) =>
        CoreScalar.Resolve(text).Kind == ScalarKind.Text
        && text[0] is not ('-' or '?' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' or '#' or '=')
        && text[0] != ' ' && text[^1] != ' ' && text != MergeKey
        && !text.StartsWith("...", StringComparison.Ordinal)
        && !text.Contains(" #", StringComparison.Ordinal)
        && text.All(c => c is not (':' or ',' or '[' or ']' or '{' or '}') && !NeedsEscape(c))
        && !OldBooleans.Contains(text, StringComparer.OrdinalIgnoreCase)
        && !IsOldNumber(text);

    /// <summary>Numbers and dates of YAML 1.1: digits with underscores, <c>2026-01-31</c>. Not an address or a prefix: those have three dots.</summary>
    private static bool IsOldNumber(string text)
    {
        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('+' or '.'))
        {
            return false;
        }

        bool digits = text.All(c => char.IsAsciiDigit(c) || c is '_' or '.' or '+' or '-');
        return digits ? text.Count(c => c == '.') < 3 : text.StartsWith("0b", StringComparison.Ordinal) || text.StartsWith("0x", StringComparison.Ordinal);
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny('"', '\\') && !text.Any(NeedsEscape) && !text.Contains('\'', StringComparison.Ordinal)
            ? $"'{text}'"
            : DoubleQuoted(text);

    private static string DoubleQuoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ when NeedsEscape(c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Control characters, line breaks of YAML 1.1 and what no file may hold as it is.</summary>
    private static bool NeedsEscape(char c) =>
        c is < ' ' or (>= '\x7f' and <= '\x9f') or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff';
}
