using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Weir.Compiler.Snapshots;

/// <summary>Writes a string so that every YAML reader, of whichever version, takes it for that string.</summary>
internal static partial class YamlText
{
    /// <summary>Plain where nothing else can be meant, else in double quotes.</summary>
    public static string Of(string text) => PlainWord().IsMatch(text) && !OtherMeaning().IsMatch(text) ? text : Quoted(text);

    private static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool plain = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            _ = rune.Value switch
            {
                '"' or '\\' => quoted.Append('\\').Append((char)rune.Value),
                _ when plain => quoted.Append(rune),
                <= 0xffff => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Names, IPv4 addresses and prefixes, ports.</summary>
    [GeneratedRegex(@"\A(?:[A-Za-z][A-Za-z0-9_.-]*(?:/[0-9-]+)?|[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]+)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainWord();

    /// <summary>Booleans and nulls of YAML 1.1 and 1.2.</summary>
    [GeneratedRegex(@"\A(?:y|n|yes|no|on|off|true|false|null)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex OtherMeaning();
}
