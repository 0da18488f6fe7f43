using System.Collections.Immutable;
using Weir.Compiler.Model;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 2, rule 3.</summary>
public sealed class ExtensionHeaderTests(RuleBench bench) : PacketRules(bench)
{
    private static readonly Extension HopByHop = new(0, [0, 0, 1, 4, 0, 0, 0, 0]);
    private static readonly Extension Options = new(60, [0, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    private static readonly Extension Routed = new(43, [0, 0, 4, 0, 0, 0, 0, 0]);

    private static byte[] Frame(params ImmutableArray<Extension> extensions) => TcpFrame(To("2001:db8::10") with { Extensions = extensions }, 443);

    private static Extension Fragment(byte high, byte low) => new(44, [0, 0, high, low, 1, 2, 3, 4]);

    [Fact]
    public Task They_are_followed_to_the_transport() => Forwards(Frame(HopByHop, Options, Routed, Fragment(0, 0), Options));

    [Fact]
    public async Task Eight_are_followed_a_ninth_is_too_many()
    {
        await Forwards(Frame([.. Enumerable.Repeat(Options, 8)]));
        await Drops(Reason.DropExtensions, Frame([.. Enumerable.Repeat(Options, 9)]));
    }

    [Fact]
    public async Task A_ninth_is_too_many_whatever_it_holds()
    {
        byte[] frame = Frame([.. Enumerable.Repeat(HopByHop, 9)]);
        frame[14 + 40 + (8 * 8) + 1] = 0xff;
        await Drops(Reason.DropExtensions, frame);
    }

    [Fact]
    public async Task One_that_does_not_fit_is_dropped()
    {
        IpFields ip = To("2001:db8::10");
        await Drops(Reason.DropMalformed, FrameWriter.Frame(ip, 0, new byte[7]));
        await Drops(Reason.DropMalformed, FrameWriter.Frame(ip, 60, [6, 1, 0, 0, 0, 0, 0, 0]));
        await Drops(Reason.DropMalformed, FrameWriter.Frame(ip, 43, [6, 1, 4, 1, 0, 0, 0, 0]));
    }

    [Fact]
    public async Task A_route_with_segments_left_is_not_for_us()
    {
        Extension routing = new(43, [0, 0, 4, 1, 0, 0, 0, 0]);
        await Passes(Reason.PassNoService, Frame(routing));
        await Drops(Reason.DropNoService, Frame(HopByHop, routing), Strict);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 6, true)] // reserved bits
    [InlineData(0, 1, false)] // more to come
    [InlineData(0, 8, false)] // a later one
    [InlineData(0xff, 0xf8, false)]
    public Task Only_atomic_fragments_are_stepped_over(byte high, byte low, bool atomic) =>
        atomic ? Forwards(Frame(Fragment(high, low))) : Drops(Reason.DropFragment, Frame(Fragment(high, low)));
}
