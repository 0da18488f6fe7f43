using Weir.Compiler.Model.Nat;
using Xunit;

namespace Weir.Compiler.Tests.Model.Nat;

/// <summary>RFC 7915's tables, row by row.</summary>
public sealed class IcmpErrorTypesTests
{
    [Theory]
    [InlineData(3, 1, 0, 1, 0, 0)]
    [InlineData(3, 2, 0, 4, 1, 6)]
    [InlineData(3, 3, 0, 1, 4, 0)]
    [InlineData(3, 4, 1400, 2, 0, 1420)]
    [InlineData(3, 4, 1490, 2, 0, 1500)]
    [InlineData(3, 4, 576, 2, 0, 1280)]
    [InlineData(3, 4, 0, 2, 0, 1500)]
    [InlineData(3, 10, 0, 1, 1, 0)]
    [InlineData(11, 1, 0, 3, 1, 0)]
    [InlineData(12, 0, 9, 4, 0, 6)]
    [InlineData(12, 2, 16, 4, 0, 24)]
    public void IPv4_becomes_IPv6(byte type, byte code, uint value, byte newType, byte newCode, uint newValue) =>
        Assert.Equal(new IcmpError(newType, newCode, newValue), IcmpErrorTypes.ToV6(new IcmpError(type, code, value), quotedLength: 1500, mtu: 1500));

    [Theory]
    [InlineData(1, 0, 0, 3, 1, 0)]
    [InlineData(1, 1, 0, 3, 10, 0)]
    [InlineData(1, 4, 0, 3, 3, 0)]
    [InlineData(2, 0, 1400, 3, 4, 1380)]
    [InlineData(2, 0, 9000, 3, 4, 1480)]
    [InlineData(2, 0, 0, 3, 4, 1260)]
    [InlineData(3, 0, 0, 11, 0, 0)]
    [InlineData(4, 0, 39, 12, 0, 16)]
    [InlineData(4, 1, 0, 3, 2, 0)]
    public void IPv6_becomes_IPv4(byte type, byte code, uint value, byte newType, byte newCode, uint newValue) =>
        Assert.Equal(new IcmpError(newType, newCode, newValue), IcmpErrorTypes.ToV4(new IcmpError(type, code, value), mtu: 1500));

    [Theory]
    [InlineData(3, 14, 0)]
    [InlineData(4, 0, 0)]
    [InlineData(5, 1, 0)]
    [InlineData(12, 0, 4)]
    [InlineData(12, 1, 0)]
    public void What_IPv6_has_not_is_nothing(byte type, byte code, uint value) =>
        Assert.Null(IcmpErrorTypes.ToV6(new IcmpError(type, code, value), quotedLength: 1500, mtu: 1500));

    [Theory]
    [InlineData(1, 5, 0)]
    [InlineData(4, 0, 2)]
    [InlineData(4, 2, 0)]
    [InlineData(128, 0, 0)]
    public void What_IPv4_has_not_is_nothing(byte type, byte code, uint value) =>
        Assert.Null(IcmpErrorTypes.ToV4(new IcmpError(type, code, value), mtu: 1500));
}
