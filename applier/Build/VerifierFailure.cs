using System.Globalization;
using System.Text.RegularExpressions;
using Weir.Compiler.Emit;

namespace Weir.Applier.Build;

/// <summary>A verifier's log, reduced to what tells.</summary>
/// <param name="Reason">The verifier's own words.</param>
/// <param name="Text">The line of C it was at, or null when the log names none.</param>
/// <param name="Line">Its number in the generated program, from 1; null when it lies in a header or in several places.</param>
/// <param name="Subject">The YAML object that the nearest comment above names, as <c>vips.www</c>; null without a line.</param>
public sealed partial record VerifierFailure(string Reason, string? Text, int? Line, string? Subject)
{
    // What the verifier prints while it walks (kernel/bpf/verifier.c, log.c and disasm.c, 6.1 to 6.18), and the sums at the end.
    [GeneratedRegex(@"^(\d+: |; |from \d+ to \d+|R\d|\(\d|[0-9a-f]{2}\) |func#|last_idx|first_idx|regs=|parent |mark_precise|Validating|Func#|arg#|propagating|\s*$)")]
    private static partial Regex Walking();

    [GeneratedRegex(@"^(processed \d+ insns|verification time|stack depth|peak_states|Live regs before|insns processed|\s*$)")]
    private static partial Regex Sums();

    [GeneratedRegex(@"^; (?<text>.*?)( @ (?<file>[^ @]+):(?<line>\d+))?$")]
    private static partial Regex SourceLine();

    [GeneratedRegex(@"\b(vips|pools|sites)\.[A-Za-z0-9_][A-Za-z0-9_.-]*[A-Za-z0-9_]|\b(vips|pools|sites)\.[A-Za-z0-9_]")]
    private static partial Regex NamedObject();

    /// <summary>Reads a log.</summary>
    /// <param name="source">The generated program.</param>
    public static VerifierFailure Read(string log, string source)
    {
        string[] lines = log.Split('\n');
        int end = lines.Length;
        while (end > 0 && Sums().IsMatch(lines[end - 1]))
        {
            end--;
        }

        // The verdict is what follows the last step of the walk;
        // "R1 offset is outside of the packet" begins like a step's state but has no "=".
        int start = end;
        while (start > 0 && !IsStep(lines[start - 1]))
        {
            start--;
        }

        string reason = string.Join("; ", lines[start..end]);
        string[] code = source.Split('\n');
        for (int i = start - 1; i >= 0; i--)
        {
            if (SourceLine().Match(lines[i]) is { Success: true } match)
            {
                string text = match.Groups["text"].Value.Trim();
                int? line = LineOf(match, text, code);
                return new VerifierFailure(reason, text, line, line is { } known ? Nearest(code, known) : null);
            }
        }

        return new VerifierFailure(reason, null, null, null);
    }

    /// <summary>In one sentence.</summary>
    /// <param name="provenance">The bundle's, where there is one: it knows the YAML position of the object.</param>
    public string Describe(Provenance? provenance = null)
    {
        string where = Line is { } line ? $" at line {line} of the program" : "";
        string code = Text is null ? "" : $", `{Text}`";
        (string? subject, string? place) = Origin(provenance);
        string named = subject is null ? "" : place is null ? $", from {subject}" : $", from {subject} ({place})";
        return $"The kernel's verifier refused the program{where}{code}{named}: {Reason}.";
    }

    private static bool IsStep(string line) =>
        Walking().IsMatch(line) && !(line.StartsWith('R') && !line.Contains('=', StringComparison.Ordinal));

    private (string? Subject, string? Place) Origin(Provenance? provenance)
    {
        string? subject = Line is { } line && provenance?.Lines.LastOrDefault(named => named.Line <= line) is { } nearest ? nearest.Name : Subject;
        ProvenanceObject? known = provenance?.Objects.FirstOrDefault(o => o.Name == subject && o.Line > 0);
        return (subject, known is null ? null : string.Create(CultureInfo.InvariantCulture, $"{known.File}:{known.Line}"));
    }

    // Kernels since 6.9 say file and line; before, a line is known if its text is there once.
    private static int? LineOf(Match match, string text, string[] code)
    {
        if (match.Groups["line"].Success)
        {
            return match.Groups["file"].Value.EndsWith(".bpf.c", StringComparison.Ordinal)
                ? int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture)
                : null;
        }

        int[] found = [.. Enumerable.Range(0, code.Length).Where(i => code[i].Trim() == text).Take(2)];
        return found.Length == 1 ? found[0] + 1 : null;
    }

    private static string? Nearest(string[] code, int line)
    {
        for (int i = Math.Min(line, code.Length) - 1; i >= 0; i--)
        {
            if (NamedObject().Match(code[i]) is { Success: true } named)
            {
                return named.Value;
            }
        }

        return null;
    }
}
