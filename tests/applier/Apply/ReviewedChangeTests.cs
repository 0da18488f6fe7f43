using Weir.Applier.Apply;
using Weir.Applier.Generations;
using Weir.Applier.Status;
using Weir.Compiler.Emit;
using Xunit;

namespace Weir.Applier.Tests.Apply;

/// <summary>Only the reviewed plan is applied: from what was live then, to the bundle that was shown.</summary>
public class ReviewedChangeTests
{
    private static readonly Bundle First = TestTopology.Of(1, 2, 3).Compile();
    private static readonly Bundle Second = TestTopology.Of(1, 2).Compile();
    private static readonly Bundle Third = TestTopology.Of(1).Compile();

    [Fact]
    public void The_reviewed_change_is_applied_step_by_step()
    {
        using TestHost host = new();
        Assert.Equal(1, Apply(host, First, $"none..{First.Digest}").Generation);
        Assert.Equal(2, Apply(host, Second, $"{First.Digest[..12]}..{Second.Digest[..20]}").Generation);
        Assert.Equal(ChangeKind.None, Apply(host, Second, $"{Second.Digest}..{Second.Digest}").Change);
    }

    [Fact]
    public void Another_bundle_a_moved_base_or_nothing_live_is_refused_and_changes_nothing()
    {
        using TestHost host = new();
        Refuses(host, First, $"{Second.Digest}..{First.Digest}", "live is none");
        Assert.False(Directory.Exists(Path.Combine(host.Paths.State, "interfaces", host.Interface, "generations", "1")));
        host.Apply(host.Write(First));
        uint program = host.Attached();
        Refuses(host, Third, $"{First.Digest}..{Second.Digest}", "not the bundle that was reviewed");
        Refuses(host, Third, $"{Second.Digest}..{Third.Digest}", $"live is {First.Digest}");
        Refuses(host, Second, $"none..{Second.Digest}", "begins with none");
        char flipped = First.Digest[0] == '0' ? '1' : '0';
        Refuses(host, Second, $"{flipped}{First.Digest[1..]}..{Second.Digest}", "something else was applied");
        Assert.Equal(program, host.Attached());
        Assert.Equal((InterfaceCondition.Live, 1), (host.Status().State, host.Status().Live!.Generation));
    }

    [Fact]
    public void A_bit_that_flipped_in_the_bundle_is_found_before_its_digest_is_compared()
    {
        using TestHost host = new();
        string bundle = host.Write(First);
        string image = Path.Combine(bundle, "maps", "backend.img");
        byte[] bytes = File.ReadAllBytes(image);
        bytes[3] ^= 4;
        File.WriteAllBytes(image, bytes);
        ApplierException error = Assert.Throws<ApplierException>(() => Apply(host, bundle, $"none..{First.Digest}"));
        Assert.Equal(ExitCode.Failed, error.Exit);
        Assert.Equal(0u, host.Attached());
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("none..none")]
    [InlineData("none..0123456789a")]
    [InlineData("0123456789a..0123456789ab")]
    [InlineData("0123456789ab..0123456789ab..0123456789ab")]
    [InlineData("0123456789AB..0123456789ab")]
    [InlineData("none..0123456789ab\n")]
    public void A_text_that_is_no_pair_of_digests_is_a_usage_error(string text) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<ApplierException>(() => ReviewedChange.Parse(text)).Exit);

    private static void Refuses(TestHost host, Bundle bundle, string change, string message)
    {
        ApplierException error = Assert.Throws<ApplierException>(() => Apply(host, bundle, change));
        Assert.Equal(ExitCode.Refused, error.Exit);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static ApplyOutcome Apply(TestHost host, Bundle bundle, string change) => Apply(host, host.Write(bundle), change);

    private static ApplyOutcome Apply(TestHost host, string bundle, string change) =>
        host.Veth.Run(() => new ApplySession(host.Paths).Apply(new ApplyRequest(bundle, host.Interface) { Reviewed = ReviewedChange.Parse(change) }));
}
