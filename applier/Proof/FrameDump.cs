using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Weir.Applier.Proof;

/// <summary>Prints two frames side by side as hex, a layer a paragraph, lines that differ marked.</summary>
public static class FrameDump
{
    private const int Width = 16;

    /// <summary>A layer of a frame: where it begins, and its name.</summary>
    public readonly record struct Layer(string Name, int Offset, int Length);

    /// <summary>The layers of what was expected, each with its bytes in both frames.</summary>
    public static string Compare(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        StringBuilder text = new();
        foreach (Layer layer in Layers(expected))
        {
            Append(text, layer.Name, layer.Offset, Slice(expected, layer.Offset, layer.Length), Slice(actual, layer.Offset, layer.Length));
        }

        if (actual.Length > expected.Length)
        {
            Append(text, "more than expected", expected.Length, [], actual[expected.Length..]);
        }

        return text.ToString();
    }

    /// <summary>Takes a frame apart as far as it goes: Ethernet, VLAN tags, IP headers one in the other, transport, payload.</summary>
    public static IReadOnlyList<Layer> Layers(ReadOnlySpan<byte> frame)
    {
        List<Layer> layers = [];
        int at = Take(layers, "Ethernet", 0, 14, frame.Length);
        int type = frame.Length >= 14 ? BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) : 0;
        while (type is 0x8100 or 0x88a8 && at + 4 <= frame.Length)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(frame[(at + 2)..]);
            at = Take(layers, "VLAN tag", at, 4, frame.Length);
        }

        int next = type switch { 0x0800 => 4, 0x86dd => 41, _ => -1 };
        while (at < frame.Length)
        {
            string name;
            int length;
            (name, length, next) = next switch
            {
                4 when at + 20 <= frame.Length => ("IPv4", Math.Max(20, (frame[at] & 15) * 4), frame[at + 9]),
                41 when at + 40 <= frame.Length => ("IPv6", 40, frame[at + 6]),
                6 => ("TCP", 20, -1),
                17 => ("UDP", 8, -1),
                1 => ("ICMP", 8, -1),
                58 => ("ICMPv6", 8, -1),
                _ => ("payload", frame.Length - at, -1),
            };
            at = Take(layers, name, at, length, frame.Length);
        }

        return layers;
    }

    private static int Take(List<Layer> layers, string name, int at, int length, int end)
    {
        int taken = Math.Min(length, end - at);
        layers.Add(new(name, at, taken));
        return at + taken;
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, int offset, int length) =>
        offset >= bytes.Length ? [] : bytes.Slice(offset, Math.Min(length, bytes.Length - offset));

    private static void Append(StringBuilder text, string name, int offset, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        bool equal = expected.SequenceEqual(actual);
        text.Append(CultureInfo.InvariantCulture, $"  {name}{(equal ? "" : ", differs")}\n");
        int length = Math.Max(expected.Length, actual.Length);

        // Equal payload tells nothing.
        length = equal ? Math.Min(length, 4 * Width) : length;
        for (int at = 0; at < length; at += Width)
        {
            ReadOnlySpan<byte> wanted = Slice(expected, at, Width), got = Slice(actual, at, Width);
            if (wanted.SequenceEqual(got))
            {
                text.Append(CultureInfo.InvariantCulture, $"    {offset + at:x4}   {Hex(wanted)}\n");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"    {offset + at:x4}  -{Hex(wanted)}\n");
                text.Append(CultureInfo.InvariantCulture, $"    {offset + at:x4}  +{Hex(got)}\n");
            }
        }
    }

    /// <summary>A blank before every byte.</summary>
    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte value in bytes)
        {
            text.Append(' ').Append(value.ToString("x2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
