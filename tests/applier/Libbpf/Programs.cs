using System.Text;
using Weir.Applier.Build;

namespace Weir.Applier.Tests.Libbpf;

/// <summary>Small programs, compiled by the host's clang.</summary>
internal static class Programs
{
    /// <summary>Writes the first byte of <c>.data.mark</c> over the packet's first, counts in <c>.bss.counters</c> and sends it back, longer by four when the packet asks for it.</summary>
    internal const string Mark = """
        #include "weir/kernel.h"

        struct settings {
            __u8 mark;
            __u8 unused[3];
            __u32 action;
            __u64 wide;
        };

        struct settings settings SEC(".data.mark");
        __u64 runs SEC(".bss.counters");
        __u32 shape[3] SEC(".bss.counters");

        SEC("xdp")
        int mark(struct xdp_md *ctx)
        {
            __u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

            runs++;
            shape[1] = end - data;
            if (data + 14 > end)
                return XDP_ABORTED;
            data[0] = settings.mark;
            if (data[1] == 0xee && bpf_xdp_adjust_head(ctx, -4))
                return XDP_ABORTED;
            return settings.action;
        }

        SEC("xdp")
        int pass(struct xdp_md *ctx)
        {
            return XDP_PASS;
        }

        char _license[] SEC("license") = "GPL";
        """;

    /// <summary>Reads behind the packet's end; the verifier refuses it.</summary>
    internal const string Unchecked = """
        #include "weir/kernel.h"

        SEC("xdp")
        int unchecked(struct xdp_md *ctx)
        {
            __u8 *data = (void *)(long)ctx->data;

            /* vips.www: match */
            return data[20];
        }

        char _license[] SEC("license") = "GPL";
        """;

    /// <summary>Tail-calls what lies in slot 0, or drops.</summary>
    internal const string Jump = """
        #include "weir/kernel.h"

        struct {
            int (*type)[3];
            int (*key_size)[4];
            int (*value_size)[4];
            int (*max_entries)[2];
        } slots SEC(".maps");

        SEC("xdp")
        int jump(struct xdp_md *ctx)
        {
            bpf_tail_call(ctx, &slots, 0);
            return XDP_DROP;
        }

        char _license[] SEC("license") = "GPL";
        """;

    internal static async Task<byte[]> BuildAsync(string source, CancellationToken cancellation)
    {
        ObjectBuilder builder = new(await Clang.FindAsync(cancellation: cancellation));
        return (await builder.BuildAsync(Encoding.UTF8.GetBytes(source), PossibleCpus.Capacity, cancellation)).Elf;
    }
}
