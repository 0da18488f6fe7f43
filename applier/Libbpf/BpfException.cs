using System.Runtime.InteropServices;

namespace Weir.Applier.Libbpf;

/// <summary>libbpf or the kernel refused. The message says what was tried, the system's words for it and what to do.</summary>
public sealed class BpfException : Exception
{
    internal BpfException(string operation, int errno, string? libbpfText = null, string? hint = null)
        : base(Compose(operation, errno, libbpfText, hint))
    {
        Operation = operation;
        Error = errno;
        LibbpfText = libbpfText ?? "";
        Hint = hint;
        VerifierLog = ExtractLog(LibbpfText);
    }

    /// <summary>What was tried, as "load lb".</summary>
    public string Operation { get; }

    /// <summary>The error number; see <see cref="Errno"/>.</summary>
    public int Error { get; }

    /// <summary>What libbpf printed meanwhile, or empty.</summary>
    public string LibbpfText { get; }

    /// <summary>What to do, or null.</summary>
    public string? Hint { get; }

    /// <summary>The verifier's log, whole, or null when the verifier was not what refused.</summary>
    public string? VerifierLog { get; }

    private static string Compose(string operation, int errno, string? text, string? hint)
    {
        string message = $"Cannot {operation}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).";
        string? said = text is null ? null : FirstLine(text);
        if (said is not null)
        {
            message += $" libbpf: {said}.";
        }

        return hint is null ? message : $"{message} {hint}";
    }

    private static string? FirstLine(string text)
    {
        string line = text.Split('\n', 2)[0].Trim();
        line = line.StartsWith("libbpf: ", StringComparison.Ordinal) ? line["libbpf: ".Length..] : line;
        return line.Length == 0 ? null : line.TrimEnd('.');
    }

    private static string? ExtractLog(string text)
    {
        const string Begin = "-- BEGIN PROG LOAD LOG --\n";
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        if (begin < 0)
        {
            return null;
        }

        begin += Begin.Length;
        int end = text.IndexOf("-- END PROG LOAD LOG --", begin, StringComparison.Ordinal);
        return end < 0 ? text[begin..] : text[begin..end];
    }
}
