using System.Globalization;

namespace Weir.Cli;

internal static class Plural
{
    /// <summary>As <c>1 pool</c> and <c>2 pools</c>.</summary>
    public static string Of(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
