/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What both answers to packets that do not fit once encapsulated share. README.md, section 5. Needs `site` and `limits`. */
#ifndef WEIR_TOO_BIG_H
#define WEIR_TOO_BIG_H

#include "count.h"
#include "packet.h"

#define NANOSECONDS_PER_SECOND 1000000000ULL

/* Turns a frame into the answer to it: cuts it after `keep` bytes, puts `grow` bytes in front, and moves MACs (swapped), tags and
 * EtherType there. 0, or the reason why not. */
static __attribute__((noinline)) int turn_around(struct xdp_md *ctx, __u32 l3, __u32 keep, __u32 grow)
{
	struct weir_limit *mine = &limits[bpf_get_smp_processor_id() & (WEIR_CPUS - 1)];
	__u64 second = bpf_ktime_get_ns() / NANOSECONDS_PER_SECOND;
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 destination, source;
	__u16 destination_end, source_end, type;

	if (mine->second != second) {
		mine->second = second;
		mine->sent = 0;
	}
	if (mine->sent >= site.icmp_limit)
		return WEIR_DROP_TOO_BIG_LIMITED;
	mine->sent++;

	if (bpf_xdp_adjust_tail(ctx, (int)keep - (int)WEIR_FRAME_BYTES(ctx, data, end)) || bpf_xdp_adjust_head(ctx, -(int)grow))
		return WEIR_DROP_NO_HEADROOM;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if (data + grow + l3 > end || data + ETHER_BYTES + 2 * TAG_BYTES + grow > end)
		return WEIR_DROP_NO_HEADROOM;
	destination = *(__u32 *)(data + grow);
	destination_end = *(__u16 *)(data + grow + 4);
	source = *(__u32 *)(data + grow + 6);
	source_end = *(__u16 *)(data + grow + 10);
	type = *(__u16 *)(data + grow + l3 - 2);
	ether_move_tags(data, data + grow, l3);
	*(__u32 *)data = source;
	*(__u16 *)(data + 4) = source_end;
	*(__u32 *)(data + 6) = destination;
	*(__u16 *)(data + 10) = destination_end;
	*(__u16 *)(data + l3 - 2) = type;
	return 0;
}

/* A packet's checksum over constantly many bytes: RFC 1071. Kernels before 6.13 sum up at most 512 in a call. */
static __attribute__((noinline)) __u16 check_of(void *at, __u32 bytes, __u32 sum)
{
	for (; bytes > 512; bytes -= 512, at += 512)
		sum = bpf_csum_diff(0, 0, at, 512, sum);
	return ~fold(bpf_csum_diff(0, 0, at, bytes, sum));
}

#endif
