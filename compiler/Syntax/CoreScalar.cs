using System.Globalization;

namespace Weir.Compiler.Syntax;

/// <summary>Tells what a plain scalar is by YAML 1.2.2's core schema (section 10.3.2): so <c>yes</c>, <c>012:30</c> and <c>1_000</c> are strings.</summary>
public static class CoreScalar
{
    /// <returns>The kind, and for integers the number, bounded to the range of a long.</returns>
    public static (ScalarKind Kind, long Number) Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => (ScalarKind.Null, 0),
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => (ScalarKind.Boolean, 0),
        _ when IsInteger(text, out long number) => (ScalarKind.WholeNumber, number),
        _ when IsFloat(text) => (ScalarKind.RealNumber, 0),
        _ => (ScalarKind.Text, 0),
    };

    private static bool IsInteger(string text, out long number)
    {
        number = 0;
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return Accumulate(text.AsSpan(2), 16, negative: false, out number);
        }

        if (text.StartsWith("0o", StringComparison.Ordinal))
        {
            return Accumulate(text.AsSpan(2), 8, negative: false, out number);
        }

        bool signed = text[0] is '-' or '+';
        return Accumulate(text.AsSpan(signed ? 1 : 0), 10, text[0] == '-', out number);
    }

    private static bool Accumulate(ReadOnlySpan<char> digits, int radix, bool negative, out long number)
    {
        Int128 value = 0;
        number = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiHexDigit(c) ? (c | 0x20) - 'a' + 10 : radix;
            if (digit >= radix)
            {
                return false;
            }

            value = Int128.Min((value * radix) + digit, long.MaxValue);
        }

        number = (long)(negative ? -value : value);
        return digits.Length > 0;
    }

    /// <summary><c>[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?</c>, infinities and NaN.</summary>
    private static bool IsFloat(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        if (rest is ".inf" or ".Inf" or ".INF" || text is ".nan" or ".NaN" or ".NAN")
        {
            return true;
        }

        return rest.Length > 0 && rest[0] is '.' or (>= '0' and <= '9')
            && double.TryParse(rest, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _);
    }
}
