using System.Net;
using System.Numerics;
using Weir.Compiler.Model;
using Xunit;

namespace Weir.Compiler.Tests.Model;

public sealed class FlowHashTests
{
    private const ulong Two32 = 1UL << 32;

    /// <summary>The formula of the page once more, in unbounded integers and straight from the bytes.</summary>
    private static (uint H1, uint H2) ByThePage(ulong k0, ulong k1, byte[] source, byte[] destination, int protocol, byte[] ports)
    {
        BigInteger mask = (BigInteger.One << 64) - 1;
        BigInteger[] m = [0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb];
        BigInteger Mix(BigInteger x, BigInteger w, int which)
        {
            BigInteger y = ((x ^ w) * m[which - 1]) & mask;
            return y ^ (y / Two32);
        }

        BigInteger Read(byte[] bytes, int at, int count) => new(bytes.AsSpan(at, count), isUnsigned: true, isBigEndian: false);
        BigInteger state = source.Length == 4
            ? Mix(k0, Read(source, 0, 4) + (Read(destination, 0, 4) * Two32), 1)
            : Mix(Mix(Mix(Mix(k0, Read(source, 0, 8), 1), Read(source, 8, 8), 2), Read(destination, 0, 8), 3), Read(destination, 8, 8), 1);
        state = Mix(Mix(state, (Read(ports, 0, 4) + (protocol * (BigInteger)Two32)) ^ k1, 2), 0, 3);
        return ((uint)(state / Two32), (uint)(state % Two32));
    }

    [Theory]
    [InlineData("198.51.100.7", "203.0.113.10", 6, 5555, 443)]
    [InlineData("0.0.0.0", "255.255.255.255", 17, 0, 65535)]
    [InlineData("2001:db8::1", "2001:db8:ffff::80", 17, 53, 1)]
    [InlineData("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 6, 65535, 0)]
    public void It_is_the_formula_of_the_page(string source, string destination, byte protocol, ushort sourcePort, ushort destinationPort)
    {
        byte[] from = IPAddress.Parse(source).GetAddressBytes();
        byte[] to = IPAddress.Parse(destination).GetAddressBytes();
        byte[] ports = [(byte)(sourcePort >> 8), (byte)sourcePort, (byte)(destinationPort >> 8), (byte)destinationPort];
        foreach ((ulong k0, ulong k1) in new[] { (0UL, 0UL), (0x0123456789abcdefUL, 0xfedcba9876543210UL), (ulong.MaxValue, 1UL) })
        {
            FlowHash hash = FlowHash.Of((k0, k1), from, to, protocol, sourcePort, destinationPort);
            Assert.Equal(ByThePage(k0, k1, from, to, protocol, ports), (hash.H1, hash.H2));
        }
    }

    [Fact]
    public void Known_values_stay_what_they_are()
    {
        FlowHash v4 = FlowHash.Of((1, 2), [198, 51, 100, 7], [203, 0, 113, 10], 6, 5555, 443);
        FlowHash v6 = FlowHash.Of((1, 2), IPAddress.Parse("2001:db8::7").GetAddressBytes(), IPAddress.Parse("2001:db8::10").GetAddressBytes(), 17, 5555, 443);
        Assert.Equal("f9c6c37eb34ad74e", $"{v4.H1:x8}{v4.H2:x8}");
        Assert.Equal("a375e9769792a771", $"{v6.H1:x8}{v6.H2:x8}");
    }

    [Fact]
    public void Slots_of_many_flows_are_even()
    {
        // 2^18 flows over 256 slots: mean 1,024, standard deviation 32; six of them either way.
        int[] hits = new int[256];
        byte[] source = [10, 0, 0, 0];
        for (int flow = 0; flow < 1 << 18; flow++)
        {
            source[2] = (byte)(flow >> 8);
            source[3] = (byte)flow;
            hits[FlowHash.Of((3, 4), source, [203, 0, 113, 10], 6, (ushort)(1024 + (flow >> 16)), 443).Slot(8)]++;
        }

        Assert.All(hits, count => Assert.InRange(count, 1024 - 192, 1024 + 192));
    }
}
