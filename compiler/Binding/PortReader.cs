using System.Globalization;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads <c>tcp/443</c>, <c>tcp/8000-8099</c>, <c>udp/*</c> and <c>quic/443</c>.</summary>
internal static class PortReader
{
    /// <summary>Whether the text can be meant as the name of a port set.</summary>
    public static bool IsSetName(string text) => text.Length > 0 && char.IsAsciiLetter(text[0]) && !text.Contains('/', StringComparison.Ordinal);

    /// <summary>Whether the text is a protocol, which no port set may be called.</summary>
    public static bool IsProtocol(string text) => text is "tcp" or "udp" or "quic";

    public static Located<PortRange>? Read(ScalarNode node, List<Diagnostic> diagnostics)
    {
        string text = node.Text;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        TransportProtocol? protocol = slash < 0 ? null : text[..slash] switch
        {
            "tcp" => TransportProtocol.Tcp,
            "udp" or "quic" => TransportProtocol.Udp,
            _ => null,
        };
        if (protocol is not { } known)
        {
            diagnostics.Add(Diagnose.MalformedPort(node.Span, text));
            return null;
        }

        bool quic = text.StartsWith("quic/", StringComparison.Ordinal);
        string ports = text[(slash + 1)..];
        if (ports == "*")
        {
            return new(new PortRange(known, 0, ushort.MaxValue) { Quic = quic }, node.Span);
        }

        int dash = ports.IndexOf('-', StringComparison.Ordinal);
        if (!TryParse(dash < 0 ? ports : ports[..dash], out ushort first) || !TryParse(dash < 0 ? ports : ports[(dash + 1)..], out ushort last))
        {
            diagnostics.Add(Diagnose.MalformedPort(node.Span, text));
            return null;
        }

        if (first == 0 || last == 0)
        {
            diagnostics.Add(Diagnose.PortZero(node.Span, text));
            return null;
        }

        if (first > last)
        {
            diagnostics.Add(Diagnose.ReversedRange(node.Span, text, PortText.Format(new PortRange(known, last, first) { Quic = quic })));
            return null;
        }

        return new(new PortRange(known, first, last) { Quic = quic }, node.Span);
    }

    private static bool TryParse(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && (text.Length == 1 || text[0] != '0');
}
