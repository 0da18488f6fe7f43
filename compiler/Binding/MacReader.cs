using System.Net.NetworkInformation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Binding;

/// <summary>Reads a unicast MAC address: six bytes in hex between colons.</summary>
internal static class MacReader
{
    public static Located<PhysicalAddress>? Read(ScalarNode node, List<Diagnostic> diagnostics)
    {
        string text = node.Text;
        if (text.Length != 17 || !text.Select((c, i) => i % 3 == 2 ? c == ':' : char.IsAsciiHexDigit(c)).All(valid => valid))
        {
            diagnostics.Add(Diagnose.MalformedMac(node.Span, text));
            return null;
        }

        byte[] bytes = Convert.FromHexString(text.Replace(":", "", StringComparison.Ordinal));

        // The group bit is the lowest of the first octet (IEEE 802, section 8.4).
        string? reason = bytes.All(b => b == 0) ? "zero" : bytes.All(b => b == 0xff) ? "broadcast" : (bytes[0] & 1) != 0 ? "multicast" : null;
        if (reason is not null)
        {
            diagnostics.Add(Diagnose.UnusableMac(node.Span, text, reason));
            return null;
        }

        return new(new PhysicalAddress(bytes), node.Span);
    }
}
