using System.Net;
using Weir.Compiler.Model;
using Weir.DataPlaneTests.Harness;
using Weir.DataPlaneTests.Nat;
using Weir.DataPlaneTests.Rules;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Dissect;

/// <summary>The same second opinion on what the program writes itself: answers to echo requests, packets too big, and all that NAT rewrites.</summary>
public sealed class AnswerDissectTests(RuleBench bench) : PacketRules(bench)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Echo_answers_and_packets_too_big_are_well_formed()
    {
        List<byte[]> frames = [];
        foreach (string vip in (string[])["203.0.113.10", "2001:db8::10"])
        {
            IpFields ip = To(vip);
            foreach (ushort[] tags in (ushort[][])[[], [0x8100]])
            {
                byte[] echo = FrameWriter.Icmp(ip, ip.IsV6 ? (byte)128 : (byte)8, 0, 0x12340001, new byte[57]);
                frames.Add((await Send(FrameWriter.Frame(ip, ip.IsV6 ? (byte)58 : (byte)1, echo, tags))).Output);
                frames.Add((await Send(FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, Client, 443, 1450), tags))).Output);
            }
        }

        Dissection[] read = [.. await Dissector.Read(frames, Cancel)];
        Assert.All(read, each => Assert.False(each.HasBadChecksum, each.ToString()));
        Assert.Equal(["0", "3", "0", "3"], read[..4].Select(each => each["icmp.type"].Single()));
        Assert.Equal(["129", "2", "129", "2"], read[4..].Select(each => each["icmpv6.type"].Single()));
        Assert.Equal(["1480", "1480"], read[..4].SelectMany(each => each["icmp.mtu"]));
        Assert.Equal(["1480", "1480"], read[4..].SelectMany(each => each["icmpv6.mtu"]));
        Assert.All(read[..4], each => Assert.Equal(1, each.GoodChecksums("icmp")));
        Assert.All(read[4..], each => Assert.Equal(1, each.GoodChecksums("icmpv6")));
        Assert.All(read, each => Assert.StartsWith("eth:ethertype:", each.Protocols, StringComparison.Ordinal));

        foreach (Dissection each in await Dissector.Read([.. frames.Select(frame => Damaged(frame))], Cancel))
        {
            Assert.True(each.HasBadChecksum, each.ToString());
        }
    }

    /// <summary>Random conversations; a datagram that came without a checksum over IPv4 leaves so, and one that came damaged leaves damaged, so only whole ones are drawn.</summary>
    [Fact]
    public async Task Every_packet_through_NAT_has_right_checksums()
    {
        using NatSession session = await NatSession.Open(NatPlans.All());
        List<(byte[] Frame, string Wanted)> sent = [];
        foreach ((string vip, ushort port) in ((string, ushort)[])[("203.0.113.10", 443), ("2001:db8::10", 443), ("203.0.113.10", 53), ("2001:db8::10", 53), ("203.0.113.20", 7), ("2001:db8::20", 7)])
        {
            byte protocol = port == 53 ? Udp : Tcp;
            string transport = protocol == Udp ? "udp" : "tcp";
            bool clientV6 = To(vip).IsV6, backendV6 = port == 7;
            byte[] request = FrameWriter.Frame(To(vip), protocol, FrameWriter.Transport(To(vip), protocol, Client, port, 41));
            byte[] forward = Sent(session, request);
            sent.Add((forward, $"{Ip(backendV6)}:{transport}"));

            (IPAddress source, IPAddress backend, ushort from, ushort to) = Ends(forward, backendV6);
            IpFields back = new(backend, source);
            byte[] answer = FrameWriter.Frame(back, protocol, FrameWriter.Transport(back, protocol, to, from, 29));
            sent.Add((Sent(session, answer), $"{Ip(clientV6)}:{transport}"));

            // A router between here and the backend cannot reach it.
            IpFields router = new(IPAddress.Parse(backendV6 ? "fd00:9::1" : "10.9.0.1"), source);
            byte[] error = FrameWriter.Frame(
                router, backendV6 ? (byte)58 : (byte)1, FrameWriter.Icmp(router, backendV6 ? (byte)1 : (byte)3, backendV6 ? (byte)0 : (byte)1, 0, forward.AsSpan(14)));
            sent.Add((Sent(session, error), $"{Ip(clientV6)}:{(clientV6 ? "icmpv6:ipv6" : "icmp:ip")}:{transport}"));
        }

        Dissection[] read = [.. await Dissector.Read([.. sent.Select(x => x.Frame)], Cancel)];
        foreach (((byte[] frame, string wanted), Dissection each) in sent.Zip(read))
        {
            string where = $"{Convert.ToHexString(frame)}\n{each}";
            Assert.True(each.Protocols.StartsWith($"eth:ethertype:{wanted}", StringComparison.Ordinal), $"{wanted}\n{where}");
            Assert.False(each.HasBadChecksum, where);
            Assert.False(each.Complains, where);
            string outermost = wanted.Split(':')[1];
            Assert.True(each.GoodChecksums(outermost) >= 1, where);
        }

        foreach (Dissection each in await Dissector.Read([.. sent.Select(x => Damaged(x.Frame))], Cancel))
        {
            Assert.True(each.HasBadChecksum, each.ToString());
        }
    }

    private static byte[] Sent(NatSession session, byte[] frame)
    {
        Observation actual = session.Send(frame);
        Assert.Equal(PacketAction.Tx, actual.Action);
        return actual.Output;
    }

    private static byte[] Damaged(byte[] frame)
    {
        byte[] copy = [.. frame];
        copy[^1] ^= 1;
        return copy;
    }

    private static string Ip(bool v6) => v6 ? "ipv6" : "ip";

    private static (IPAddress Source, IPAddress Destination, ushort From, ushort To) Ends(byte[] frame, bool v6)
    {
        int length = v6 ? 16 : 4, at = v6 ? 22 : 26, l4 = v6 ? 54 : 34;
        return (new IPAddress(frame.AsSpan(at, length)), new IPAddress(frame.AsSpan(at + length, length)), (ushort)((frame[l4] << 8) | frame[l4 + 1]), (ushort)((frame[l4 + 2] << 8) | frame[l4 + 3]));
    }
}
