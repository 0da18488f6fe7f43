using System.Globalization;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Binding;

/// <summary>Reads <c>limits</c> and <c>policy</c>.</summary>
internal static class LimitsReader
{
    private const int LongestNumber = 7;

    private static readonly (string Unit, int Shift)[] Units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];

    public static BoundLimits ReadLimits(this ValueReader values, MappingNode? mapping)
    {
        MappingNode? limits = mapping.Mapping("limits");
        return new BoundLimits(limits.Number("maxFlows"), values.Read(limits.Scalar("mapMemory"), ReadSize));
    }

    public static BoundPolicy ReadPolicy(this MappingNode? mapping)
    {
        MappingNode? policy = mapping.Mapping("policy");
        return new BoundPolicy(policy.Integer("maxLeaving"), policy.Integer("minimumPool"), policy.Integer("maxMoving"));
    }

    /// <summary>A whole number of 1 to 7 digits and <c>KiB</c>, <c>MiB</c> or <c>GiB</c>; in bytes.</summary>
    private static Located<long>? ReadSize(ScalarNode node, List<Diagnostic> diagnostics)
    {
        string text = node.Text;
        int digits = text.TakeWhile(char.IsAsciiDigit).Count();
        string unit = text[digits..];
        bool number = digits is > 0 and <= LongestNumber && text[0] != '0';
        int known = Array.FindIndex(Units, u => u.Unit == unit);
        if (number && known >= 0)
        {
            return new Located<long>(long.Parse(text[..digits], CultureInfo.InvariantCulture) << Units[known].Shift, node.Span);
        }

        // `256 mb` is 256MiB to whoever writes it.
        int meant = Array.FindIndex(Units, u => unit.Trim() is { Length: > 0 } given && char.ToUpperInvariant(given[0]) == u.Unit[0]
            && given[1..].ToUpperInvariant() is "" or "B" or "IB");
        diagnostics.Add(Diagnose.MalformedSize(node.Span, text, number && meant >= 0 ? text[..digits] + Units[meant].Unit : null));
        return null;
    }
}
