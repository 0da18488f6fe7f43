using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Weir.Compiler.Model;

/// <summary>The names of <see cref="Reason"/>s, and the C header that is generated from them.</summary>
public static class ReasonNames
{
    /// <summary>Rows that the program's counters have for reasons: more than there are today, so that a new reason changes no layout.</summary>
    public const int Rows = 64;

    /// <summary>Every reason, in the order of their numbers.</summary>
    public static ImmutableArray<Reason> All { get; } = [.. Enum.GetValues<Reason>().Order()];

    private static ImmutableDictionary<Reason, string> Names { get; } =
        All.ToImmutableDictionary(reason => reason, reason => Separate(reason.ToString(), '-').ToLowerInvariant());

    /// <summary>The name in status, metrics and documents, as <c>drop-no-backend</c>.</summary>
    public static string Name(this Reason reason) => Names[reason];

    /// <summary>The text of <c>bpf/weir/reasons.h</c>.</summary>
    public static string Header()
    {
        StringBuilder text = new();
        text.Append("/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */\n");
        text.Append("/* Generated from compiler/Model/Reason.cs. Numbers are never reused or changed. */\n");
        text.Append("#ifndef WEIR_REASONS_H\n#define WEIR_REASONS_H\n\nenum weir_reason {\n");
        foreach (Reason reason in All)
        {
            text.Append(CultureInfo.InvariantCulture, $"\tWEIR_{Separate(reason.ToString(), '_').ToUpperInvariant()} = {(int)reason}, /* {reason.Name()} */\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\tWEIR_REASONS = {Rows}, /* rows of the counters */\n}};\n\n#endif\n");
        return text.ToString();
    }

    private static string Separate(string pascal, char separator)
    {
        StringBuilder text = new();
        foreach (char letter in pascal)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append(separator);
            }

            text.Append(letter);
        }

        return text.ToString();
    }
}
