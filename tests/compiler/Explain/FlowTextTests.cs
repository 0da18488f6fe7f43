using Weir.Compiler.Explain;
using Xunit;

namespace Weir.Compiler.Tests.Explain;

public sealed class FlowTextTests
{
    [Theory]
    [InlineData("tcp 198.51.100.7:5555 -> 203.0.113.10:443", "tcp 198.51.100.7:5555 -> 203.0.113.10:443", 40, true)]
    [InlineData("  udp  198.51.100.7:5555->203.0.113.10:53  no-df length 1480", "udp 198.51.100.7:5555 -> 203.0.113.10:53", 1480, false)]
    [InlineData("tcp [2001:db8::1]:5555 -> [2001:DB8:0::10]:443 df", "tcp [2001:db8::1]:5555 -> [2001:db8::10]:443", 60, true)]
    [InlineData("icmp 198.51.100.7 -> 203.0.113.10", "icmp 198.51.100.7 -> 203.0.113.10", 28, true)]
    [InlineData("icmp [2001:db8::1] -> 2001:db8::10 length 100", "icmp 2001:db8::1 -> 2001:db8::10", 100, true)]
    public void A_flow_is_read_and_said_back(string text, string said, int length, bool dontFragment)
    {
        (PacketQuestion? question, FlowTextError? error) = FlowText.Parse(text);
        Assert.Null(error);
        Assert.Equal((said, length, dontFragment), (question!.ToString(), question.Length, question.DontFragment));
        Assert.Equal(length + 14, question.Frame().Length);
    }

    [Theory]
    [InlineData("", "  \n  ^ a flow begins with its protocol")]
    [InlineData("sctp 1.2.3.4:1 -> 1.2.3.5:2", "  sctp 1.2.3.4:1 -> 1.2.3.5:2\n  ^ the protocol is tcp, udp or icmp")]
    [InlineData("tcp 198.51.100.7 -> 203.0.113.10:443", "                  ^ a port is missing")]
    [InlineData("tcp 198.51.100.7:x -> 203.0.113.10:443", "                   ^ a port is a number")]
    [InlineData("tcp 198.51.100.7:70000 -> 203.0.113.10:443", "                   ^ a port is a number")]
    [InlineData("tcp 198.51.100.300:1 -> 203.0.113.10:443", "      ^ `198.51.100.300` is no address")]
    [InlineData("tcp 198.51.100.07:1 -> 203.0.113.10:443", "leading zero")]
    [InlineData("tcp 198.51.100.7:1 203.0.113.10:443", "                     ^ `->` and the destination are missing")]
    [InlineData("tcp 198.51.100.7:1", "                    ^ `->` and the destination are missing")]
    [InlineData("tcp 198.51.100.7:1 ->", "                       ^ an address with a port is missing")]
    [InlineData("tcp 2001:db8::1:5 -> [2001:db8::1]:5", "      ^ an IPv6 address stands in brackets")]
    [InlineData("tcp [2001:db8::1:5 -> [2001:db8::1]:5", "                    ^ the bracket is not closed")]
    [InlineData("tcp [10.0.0.1]:5 -> [2001:db8::1]:5", "       ^ `10.0.0.1` is no IPv6 address")]
    [InlineData("tcp [2001:db8::1]:5 -> 203.0.113.10:443", "                         ^ source and destination are of one family")]
    [InlineData("icmp 198.51.100.7 -> 203.0.113.10 length 20", "                                           ^ such a packet has at least 28 bytes")]
    [InlineData("icmp [2001:db8::1]:7 -> 2001:db8::10", "                    ^ ICMP has no ports")]
    [InlineData("tcp [2001:db8::1]:5 -> [2001:db8::2]:5 no-df", "no router cuts an IPv6 packet")]
    [InlineData("tcp 198.51.100.7:1 -> 203.0.113.10:443 loud", "                                         ^ behind the flow may stand")]
    [InlineData("tcp 198.51.100.7:1 -> 203.0.113.10:443 length", "                                               ^ the length of the IP packet")]
    public void What_is_not_understood_is_pointed_at(string text, string said)
    {
        (PacketQuestion? question, FlowTextError? error) = FlowText.Parse(text);
        Assert.Null(question);
        Assert.Contains(said, error!.Render(), StringComparison.Ordinal);
    }
}
