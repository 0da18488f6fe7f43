using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Binding;
using Weir.Compiler.Model;

namespace Weir.Compiler.Explain;

/// <summary>What is wrong with a question.</summary>
/// <param name="At">Offset of the first character that is not understood; the text's length where something is missing.</param>
public sealed record FlowTextError(string Text, int At, string Message)
{
    /// <summary>The text and, below it, a caret and the message.</summary>
    public string Render() => $"  {Diagnostics.PlainText.Of(Text)}\n  {new string(' ', At)}^ {Message}\n";
}

/// <summary>Reads <c>tcp 198.51.100.7:5555 -> 203.0.113.10:443</c>, with <c>length N</c>, <c>df</c> or <c>no-df</c> behind it.
/// IPv6 addresses stand in brackets (RFC 3986). <c>icmp A -> B</c> is an echo request.</summary>
public static class FlowText
{
    private const int MaximumLength = 65_535;

    /// <summary>Whether a text is meant as a flow at all, and not as a diagnostic's code.</summary>
    public static bool LooksLikeOne(string text) => text.Contains("->", StringComparison.Ordinal) || text.Trim().Contains(' ', StringComparison.Ordinal);

    /// <summary>Exactly one of the two is not null.</summary>
    public static (PacketQuestion? Question, FlowTextError? Error) Parse(string text)
    {
        try
        {
            return (new Reader(text).Question(), null);
        }
        catch (NotUnderstoodException e)
        {
            return (null, new FlowTextError(text, e.At, e.Message));
        }
    }

    private sealed class NotUnderstoodException(int at, string message) : Exception(message)
    {
        public int At => at;
    }

    private sealed class Reader(string text)
    {
        private int at;

        public PacketQuestion Question()
        {
            (int protocolAt, string name) = Word();
            bool icmp = name is "icmp" or "icmp6" or "icmpv6" or "ping";
            byte protocol = name switch
            {
                "tcp" => InternetHeader.Tcp,
                "udp" => InternetHeader.Udp,
                _ when icmp => InternetHeader.Icmp,
                "" => throw Wrong(protocolAt, "a flow begins with its protocol, as in `tcp 198.51.100.7:5555 -> 203.0.113.10:443`"),
                _ => throw Wrong(protocolAt, "the protocol is tcp, udp or icmp"),
            };
            (_, IPAddress source, ushort sourcePort) = Endpoint(icmp);
            Arrow();
            (int destinationAt, IPAddress destination, ushort destinationPort) = Endpoint(icmp);
            if (source.AddressFamily != destination.AddressFamily)
            {
                throw Wrong(destinationAt, "source and destination are of one family, IPv4 or IPv6");
            }

            bool isV6 = destination.AddressFamily == AddressFamily.InterNetworkV6;
            if (icmp && isV6)
            {
                protocol = InternetHeader.IcmpV6;
            }

            PacketQuestion question = new(source, destination, protocol, sourcePort, destinationPort, PacketQuestion.Least(protocol, isV6), DontFragment: true);
            return Options(question);
        }

        private PacketQuestion Options(PacketQuestion question)
        {
            while (true)
            {
                (int wordAt, string word) = Word();
                switch (word)
                {
                    case "":
                        return question;
                    case "length":
                        question = question with { Length = Length(question) };
                        break;
                    case "df":
                        question = question with { DontFragment = true };
                        break;
                    case "no-df" when question.IsV6:
                        throw Wrong(wordAt, "no router cuts an IPv6 packet, so there is no `no-df`");
                    case "no-df":
                        question = question with { DontFragment = false };
                        break;
                    default:
                        throw Wrong(wordAt, "behind the flow may stand `length N`, `df` or `no-df`");
                }
            }
        }

        private int Length(PacketQuestion question)
        {
            (int numberAt, string number) = Word();
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > MaximumLength)
            {
                throw Wrong(numberAt, "the length of the IP packet, headers included, is a number of bytes up to 65535");
            }

            int least = PacketQuestion.Least(question.Protocol, question.IsV6);
            return length >= least
                ? length
                : throw Wrong(numberAt, string.Create(CultureInfo.InvariantCulture, $"such a packet has at least {least} bytes"));
        }

        private (int At, IPAddress Address, ushort Port) Endpoint(bool icmp)
        {
            (int start, string word) = Word();
            if (word.Length == 0)
            {
                throw Wrong(start, icmp ? "an address is missing" : "an address with a port is missing, as `198.51.100.7:5555` or `[2001:db8::1]:5555`");
            }

            bool bracket = word[0] == '[';
            int close = bracket ? word.IndexOf(']', StringComparison.Ordinal) : -1;
            if (bracket && close < 0)
            {
                throw Wrong(start + word.Length, "the bracket is not closed");
            }

            if (!bracket && !icmp && word.Count(c => c == ':') > 1)
            {
                throw Wrong(start, "an IPv6 address stands in brackets: `[2001:db8::1]:5555`");
            }

            int colon = bracket ? close + 1 : icmp ? word.Length : word.IndexOf(':', StringComparison.Ordinal) is var found and >= 0 ? found : word.Length;
            string address = bracket ? word[1..close] : word[..colon];
            if (!AddressReader.TryParse(address, out IPAddress parsed, out string? reason) || (bracket && parsed.AddressFamily != AddressFamily.InterNetworkV6))
            {
                throw Wrong(start + (bracket ? 1 : 0), reason is null ? $"`{address}` is no {(bracket ? "IPv6 address" : "address")}" : $"`{address}` is no address: {reason}");
            }

            return (start, parsed, icmp ? NoPort(start + colon, word[colon..]) : Port(start + colon, word[colon..]));
        }

        private static ushort NoPort(int at, string rest) => rest.Length == 0 ? (ushort)0 : throw Wrong(at, "ICMP has no ports");

        private static ushort Port(int at, string rest)
        {
            if (rest.Length == 0 || rest[0] != ':')
            {
                throw Wrong(at, "a port is missing: `:443`");
            }

            return ushort.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
                ? port
                : throw Wrong(at + 1, "a port is a number from 0 to 65535");
        }

        private void Arrow()
        {
            Blanks();
            if (!text.AsSpan(at).StartsWith("->", StringComparison.Ordinal))
            {
                throw Wrong(at, "`->` and the destination are missing here");
            }

            at += 2;
        }

        /// <summary>Up to the next blank or arrow; empty at the end.</summary>
        private (int At, string Word) Word()
        {
            Blanks();
            int start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]) && !text.AsSpan(at).StartsWith("->", StringComparison.Ordinal))
            {
                at++;
            }

            return (start, text[start..at]);
        }

        private void Blanks()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
        }

        private static NotUnderstoodException Wrong(int at, string message) => new(at, message);
    }
}
