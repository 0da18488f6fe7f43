using System.Globalization;
using Weir.Compiler.Model;

namespace Weir.Compiler.Captures;

/// <summary>A packet of a capture.</summary>
/// <param name="Number">From 1, as other tools count.</param>
/// <param name="LinkType">What the bytes begin with: a LINKTYPE_ number of tcpdump.org that <see cref="LinkTypes"/> knows.</param>
/// <param name="Bytes">What was captured.</param>
/// <param name="Length">Bytes that the packet had; more than were captured where the capture cut it short.</param>
public sealed record CapturedPacket(long Number, int LinkType, ReadOnlyMemory<byte> Bytes, int Length)
{
    /// <summary>Whether the capture cut it short.</summary>
    public bool IsCut => Bytes.Length < Length;

    /// <summary>The packet as a frame of its whole length: zeros for what was not captured, and an Ethernet header for bare IP.</summary>
    public byte[] Frame()
    {
        byte[] whole = new byte[Math.Max(Length, Bytes.Length)];
        Bytes.CopyTo(whole);
        if (LinkType == LinkTypes.Ethernet)
        {
            return whole;
        }

        return FrameWriter.Frame(whole.Length > 0 && whole[0] >> 4 == 6 ? EthernetFrame.Ipv6 : EthernetFrame.Ipv4, whole);
    }
}

/// <summary>Link types that are understood.</summary>
public static class LinkTypes
{
    public const int Ethernet = 1;

    /// <summary>Whether packets of the type are Ethernet frames or bare IP packets.</summary>
    public static bool IsKnown(int linkType) => linkType is Ethernet or 12 or 101 or 228 or 229;

    /// <summary>What to say of another.</summary>
    internal static string Refusal(int linkType)
    {
        string name = linkType switch
        {
            0 or 108 => " (loopback)",
            105 or 127 => " (wireless)",
            113 or 276 => " (Linux cooked: capture on one interface, not on `any`)",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"its packets have link type {linkType}{name}; Ethernet (1) and bare IP (101, 228, 229) are understood");
    }
}

/// <summary>A file is no capture, or is damaged.</summary>
public sealed class CaptureException(string message) : Exception(message);
