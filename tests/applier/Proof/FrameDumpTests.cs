using Weir.Applier.Proof;
using Xunit;

namespace Weir.Applier.Tests.Proof;

public class FrameDumpTests
{
    [Fact]
    public void An_encapsulated_frame_is_taken_apart_header_by_header()
    {
        byte[] frame = new byte[14 + 4 + 20 + 40 + 8 + 3];
        (frame[12], frame[13]) = (0x81, 0x00);
        (frame[16], frame[17]) = (0x08, 0x00);
        (frame[18], frame[27]) = (0x45, 41);
        (frame[38], frame[44]) = (0x60, 17);
        Assert.Equal(
            [("Ethernet", 0, 14), ("VLAN tag", 14, 4), ("IPv4", 18, 20), ("IPv6", 38, 40), ("UDP", 78, 8), ("payload", 86, 3)],
            FrameDump.Layers(frame).Select(layer => (layer.Name, layer.Offset, layer.Length)));
    }

    [Fact]
    public void Lines_that_differ_are_shown_twice()
    {
        byte[] expected = new byte[14 + 20], actual = new byte[14 + 20 + 1];
        expected[12] = actual[12] = 0x08;
        (expected[14], actual[14]) = (0x45, 0x45);
        actual[22] = 0x3f;
        Assert.Equal(
            """
              Ethernet
                0000    00 00 00 00 00 00 00 00 00 00 00 00 08 00
              IPv4, differs
                000e  - 45 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                000e  + 45 00 00 00 00 00 00 00 3f 00 00 00 00 00 00 00
                001e    00 00 00 00
              more than expected, differs
                0022  -
                0022  + 00

            """,
            FrameDump.Compare(expected, actual));
    }

    [Fact]
    public void A_frame_of_any_length_has_layers_that_cover_it()
    {
        for (int length = 0; length < 80; length++)
        {
            byte[] frame = new byte[length];
            if (length > 13)
            {
                (frame[12], frame[13]) = (0x86, 0xdd);
            }

            Assert.Equal(length, FrameDump.Layers(frame).Sum(layer => layer.Length));
        }
    }
}
