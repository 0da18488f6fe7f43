namespace Weir.Compiler.Formatting;

/// <summary>How the key of an entry is written, without the colon.</summary>
internal static class KeyText
{
    /// <summary>YAML finds the colon of a key without a question mark at most 1,024 characters on (YAML 1.2.2, section 7.4.2).</summary>
    private const int Longest = 1000;

    public static string Of(LayoutItem entry)
    {
        if (entry.AliasKey is { } alias)
        {
            return $"*{alias.Name} ";
        }

        ScalarLayout key = entry.Key ?? throw new ArgumentException("An item of a sequence has no key.", nameof(entry));
        string text = ScalarText.Of(key with { Block = null }, key: true);
        return key.Anchor is null ? text : $"&{key.Anchor} {text}";
    }

    /// <summary>Whether the key needs a question mark and a line of its own.</summary>
    public static bool IsLong(string key) => key.Length >= Longest;
}
