using Weir.Applier.Build;
using Weir.Applier.Libbpf;
using Weir.Applier.Tests.Libbpf;
using Weir.Compiler.Emit;
using Xunit;

namespace Weir.Applier.Tests.Build;

public sealed class VerifierFailureTests
{
    private const string Endless = """
        #include "weir/kernel.h"

        __u32 steps SEC(".data.steps");

        /* `vips.www-2`: an unbounded walk. */
        SEC("xdp")
        int endless(struct xdp_md *ctx)
        {
            __u32 at = ctx->rx_queue_index;

            while (at != 7) {
                at = at * 5 + 1;
                *(volatile __u32 *)&steps = at;
            }
            return at;
        }

        char _license[] SEC("license") = "GPL";
        """;

    [Fact]
    public async Task A_real_refusal_names_its_line_and_its_object()
    {
        VerifierFailure failure = await RefusedAsync(Programs.Unchecked);

        Assert.Contains("invalid access to packet, off=20 size=1", failure.Reason, StringComparison.Ordinal);
        Assert.Contains("R1 offset is outside of the packet", failure.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("processed", failure.Reason, StringComparison.Ordinal);
        Assert.Equal("return data[20];", failure.Text);
        Assert.Equal(9, failure.Line);
        Assert.Equal("vips.www", failure.Subject);
        Assert.Equal($"The kernel's verifier refused the program at line 9 of the program, `return data[20];`, from vips.www: {failure.Reason}.", failure.Describe());
        Provenance provenance = new(null, [new ProvenanceObject("vips.www", "vips/web.yaml", 4, 3)], [new ProvenanceLine(2, "vips.far"), new ProvenanceLine(8, "vips.www"), new ProvenanceLine(11, "vips.below")]);
        Assert.Contains(", from vips.www (vips/web.yaml:4): invalid", failure.Describe(provenance), StringComparison.Ordinal);
        Assert.Contains(", from vips.near: invalid", failure.Describe(provenance with { Lines = [new ProvenanceLine(9, "vips.near")] }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_without_end_is_told_as_such()
    {
        VerifierFailure failure = await RefusedAsync(Endless);

        Assert.Matches("too large|infinite loop|too complex", failure.Reason);
        Assert.True(failure.Reason.Length < 300, failure.Reason);
        Assert.Equal("vips.www-2", failure.Subject);
    }

    [Fact]
    public void Older_kernels_name_no_line_but_its_text()
    {
        const string Log = """
            0: R1=ctx(off=0,imm=0) R10=fp0
            ; __u8 *data = (void *)(long)ctx->data;
            0: (61) r1 = *(u32 *)(r1 +0)          ; R1_w=pkt(off=0,r=0,imm=0)
            ; return data[20];
            1: (71) r0 = *(u8 *)(r1 +20)
            invalid access to packet, off=20 size=1, R1(id=0,off=20,r=0)
            R1 offset is outside of the packet
            processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0

            """;

        VerifierFailure failure = VerifierFailure.Read(Log, Programs.Unchecked);

        Assert.Equal(new VerifierFailure("invalid access to packet, off=20 size=1, R1(id=0,off=20,r=0); R1 offset is outside of the packet", "return data[20];", 9, "vips.www"), failure);
    }

    [Fact]
    public void A_line_of_a_header_has_no_number_in_the_program()
    {
        VerifierFailure failure = VerifierFailure.Read("; x = y; @ packet.h:12\n3: (71) r0 = *(u8 *)(r1 +20)\nmath between pkt pointer and register\n", "int x;\n");

        Assert.Equal(new VerifierFailure("math between pkt pointer and register", "x = y;", null, null), failure);
    }

    [Fact]
    public void An_empty_log_gives_an_empty_reason() => Assert.Equal(new VerifierFailure("", null, null, null), VerifierFailure.Read("", "int x;\n"));

    private static async Task<VerifierFailure> RefusedAsync(string source)
    {
        using BpfObject obj = BpfObject.Open(await Programs.BuildAsync(source, TestContext.Current.CancellationToken), "test");
        BpfException error = Assert.Throws<BpfException>(obj.Load);
        return VerifierFailure.Read(error.VerifierLog!, source);
    }
}
