using System.Globalization;

namespace Weir.Compiler.Plans;

/// <summary>Amounts of memory for people.</summary>
internal static class Bytes
{
    /// <summary><c>1,536 B</c> as <c>1.5 KiB</c>: one decimal, rounded to the nearest; bytes below 1 KiB.</summary>
    public static string Text(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        int unit = 0;
        while (unit + 1 < units.Length && bytes >= 1L << (10 * (unit + 1)))
        {
            unit++;
        }

        long tenths = unit == 0 ? bytes * 10 : ((bytes * 10) + (1L << ((10 * unit) - 1))) >> (10 * unit);
        return tenths % 10 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{tenths / 10} {units[unit]}")
            : string.Create(CultureInfo.InvariantCulture, $"{tenths / 10}.{tenths % 10} {units[unit]}");
    }
}
