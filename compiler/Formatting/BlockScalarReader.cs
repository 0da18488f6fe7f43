using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weir.Compiler.Formatting;

/// <summary>Takes a block scalar's lines so that they can be indented anew.</summary>
internal static class BlockScalarReader
{
    public static bool IsBlock(Scalar scalar) => scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;

    /// <summary>Null for every other scalar, and for those that are better written in quotes: without a line of text, beginning with white space,
    /// folded with an indentation of their own or lines of spaces.</summary>
    public static BlockScalar? Read(Scalar scalar, string text)
    {
        if (!IsBlock(scalar) || scalar.Value.Length == 0 || char.IsWhiteSpace(scalar.Value[0]))
        {
            return null;
        }

        return scalar.Style == ScalarStyle.Literal ? Literal(scalar.Value) : Folded(scalar, text);
    }

    private static BlockScalar Literal(string value)
    {
        string body = value.TrimEnd('\n');
        int ends = value.Length - body.Length;
        ImmutableArray<string> lines = [.. body.Split('\n'), .. Enumerable.Repeat("", Math.Max(0, ends - 1))];
        return new BlockScalar("|" + Chomping(ends), lines);
    }

    private static BlockScalar? Folded(Scalar scalar, string text)
    {
        int start = text.IndexOf('>', (int)scalar.Start.Index);
        string[] raw = text[start..(int)scalar.End.Index].Split('\n');
        string header = raw[0].Split(' ', '\t')[0].TrimEnd('\r');
        if (header.Any(char.IsAsciiDigit))
        {
            return null;
        }

        string[] lines = [.. raw[1..]];
        int indentation = lines.First(l => !string.IsNullOrWhiteSpace(l)) is var first ? first.Length - first.TrimStart(' ').Length : 0;
        int ends = scalar.Value.Length - scalar.Value.TrimEnd('\n').Length;
        List<string> kept = [.. lines.Select(l => l.Length <= indentation ? "" : l[indentation..])];
        // A line of spaces beyond the indentation is text, which no reader of the file would see.
        if (kept.Any(l => l.Length > 0 && string.IsNullOrWhiteSpace(l)))
        {
            return null;
        }

        while (kept.Count > 0 && kept[^1].Length == 0)
        {
            kept.RemoveAt(kept.Count - 1);
        }

        kept.AddRange(Enumerable.Repeat("", Math.Max(0, ends - 1)));
        return new BlockScalar(">" + Chomping(ends), [.. kept]);
    }

    private static string Chomping(int lineEnds) => lineEnds switch { 0 => "-", 1 => "", _ => "+" };
}
