// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* What a benchmark runs instead of the program it measures. BPF_PROG_RUN with a repeat count hands the second iteration what
 * the first one left behind: the encapsulated packet. The reset program undoes that, writes the next flow into the packet
 * and tail-calls the program under test. Timing the same reset program in front of a stub gives what has to be subtracted. */
#include "weir/kernel.h"

#define BENCH_VIPS 4096

/* The kernel allows tail calls only between programs of one kind: "xdp.frags" where that under test is. */
#ifndef BENCH_SECTION
#define BENCH_SECTION "xdp"
#endif

enum bpf_map_type { BPF_MAP_TYPE_PROG_ARRAY = 3 };

/* Slot 0: the program under test. A constant index makes the JIT emit a direct jump. */
struct {
	int (*type)[BPF_MAP_TYPE_PROG_ARRAY];
	int (*max_entries)[1];
	__u32 *key;
	__u32 *value;
} bench_slot SEC(".maps");

/* What the host says about the packets of a run. */
struct bench_run {
	__u64 ethernet;      /* bytes 0 to 7 of the frame */
	__u32 ethernet_rest; /* bytes 8 to 11 */
	__u16 ether_type;    /* bytes 12 and 13: ETH_P_IP or ETH_P_IPV6, as in the packet */
	__u16 unused;
	__u32 length;        /* bytes of a frame as it arrives */
	__u32 flow_mask;     /* flows - 1, flows being a power of two */
	__u32 flow_shift;    /* half the bits of the mask, at least 1 */
	__u32 vip_mask;      /* VIPs in the table - 1, a power of two likewise */
	__s32 outer_length;  /* what the stub that stands for an encapsulation grows a packet by */
	__u32 next;          /* packets so far */
	__u64 header;        /* of IPv4 TTL and protocol, bytes 22 and 23 of the frame; of IPv6 bytes 14 to 21 */
};

struct bench_vip4 {
	__u32 address;       /* as in the packet */
	__u16 unused;
	__u16 port;          /* as in the packet */
};

struct bench_vip6 {
	__u64 address[2];
	__u16 unused;
	__u16 port;
	__u32 unused2;
};

struct bench_run bench_run SEC(".data.run");
struct bench_vip4 bench_vip4[BENCH_VIPS] SEC(".data.vip4");
struct bench_vip6 bench_vip6[BENCH_VIPS] SEC(".data.vip6");

/* A permutation of the numbers up to the mask (odd multiplier, shift and exclusive or, odd multiplier): every flow once in each
 * period, in an order no prefetcher follows. */
INLINE __u32 scatter(__u32 n, __u32 mask, __u32 shift)
{
	n = (n * 0x9e3779b1) & mask;
	n ^= n >> (shift & 31);
	return (n * 0x85ebca6b) & mask;
}

SEC(BENCH_SECTION)
int bench_reset(struct xdp_md *ctx)
{
	struct bench_run *run = &bench_run;
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	long grown = end - data - run->length;

	if (grown) {
		if (bpf_xdp_adjust_head(ctx, grown))
			return XDP_ABORTED;
		data = (void *)(long)ctx->data;
		end = (void *)(long)ctx->data_end;
	}
	if (data + 58 > end)
		return XDP_ABORTED;

	/* Stores are as wide as any load that follows, so that none of those waits for two stores to be merged. */
	__u32 flow = scatter(run->next++, run->flow_mask, run->flow_shift);
	__u32 source = swap32(0x64400000 | (flow & 0x3fffff)); /* 100.64.0.0/10 */
	__u32 source_port = swap16(1024 + (flow >> 22));
	__u32 vip = flow & run->vip_mask & (BENCH_VIPS - 1);

	*(__u64 *)data = run->ethernet;
	*(__u32 *)(data + 8) = run->ethernet_rest;
	*(__u16 *)(data + 12) = run->ether_type;
	if (run->ether_type == 0x0008) {
		struct bench_vip4 *to = &bench_vip4[vip];
		*(__u16 *)(data + 22) = run->header; /* NAT takes a hop */
		*(__u64 *)(data + 26) = source | (__u64)to->address << 32;
		*(__u32 *)(data + 34) = source_port | (__u32)to->port << 16;
	} else {
		struct bench_vip6 *to = &bench_vip6[vip];
		*(__u64 *)(data + 14) = run->header;
		*(__u64 *)(data + 22) = 0; /* NAT's own, where that was before */
		*(__u64 *)(data + 30) = (__u64)source << 32;
		*(__u64 *)(data + 38) = to->address[0];
		*(__u64 *)(data + 46) = to->address[1];
		*(__u32 *)(data + 54) = source_port | (__u32)to->port << 16;
	}
	bpf_tail_call(ctx, &bench_slot, 0);
	return XDP_ABORTED;
}

/* Stands for a program that leaves the packet where it is. */
SEC(BENCH_SECTION)
int bench_stub(struct xdp_md *ctx)
{
	return XDP_TX;
}

/* Stands for a program that puts a header in front: the reset program then takes it away again. */
SEC(BENCH_SECTION)
int bench_stub_grow(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_head(ctx, -bench_run.outer_length) ? XDP_ABORTED : XDP_TX;
}

char _license[] SEC("license") = "Dual BSD/GPL";
