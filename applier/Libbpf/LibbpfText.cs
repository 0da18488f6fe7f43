using System.Runtime.InteropServices;
using System.Text;

namespace Weir.Applier.Libbpf;

/// <summary>Catches what libbpf prints while a call of ours runs. libbpf knows one printer per process and calls it on the thread that called it,
/// so a text belongs to the capture of its thread; outside a capture it is dropped.</summary>
internal readonly unsafe ref struct LibbpfText
{
    private const int Debug = 2;

    [ThreadStatic]
    private static StringBuilder? s_current;

    private readonly StringBuilder _text;
    private readonly StringBuilder? _outer;

    static LibbpfText()
    {
        try
        {
            Imports.libbpf_set_print(&Print);
        }
        catch (DllNotFoundException)
        {
            // Said by the first call that follows, with a hint.
        }
    }

    private LibbpfText(StringBuilder text, StringBuilder? outer)
    {
        _text = text;
        _outer = outer;
    }

    internal static LibbpfText Capture()
    {
        LibbpfText capture = new(new StringBuilder(), s_current);
        s_current = capture._text;
        return capture;
    }

    public override string ToString() => _text.ToString();

    public void Dispose() => s_current = _outer;

    [UnmanagedCallersOnly]
    private static int Print(int level, byte* format, nint arguments)
    {
        StringBuilder? text = s_current;
        if (level >= Debug || text is null)
        {
            return 0;
        }

        // A va_list is an array of one on x86-64 and a large structure on arm64: in both ABIs it arrives, and is handed on, as one pointer.
        byte* line = null;
        int length = LibC.vasprintf(&line, format, arguments);
        if (length > 0)
        {
            text.Append(Encoding.UTF8.GetString(line, length));
        }

        if (length >= 0)
        {
            LibC.free(line);
        }

        return length;
    }
}
