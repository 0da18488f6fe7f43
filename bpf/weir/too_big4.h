/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Fragmentation needed, back to the sender. README.md, section 5. */
#ifndef WEIR_TOO_BIG4_H
#define WEIR_TOO_BIG4_H

#include "too_big.h"

/* RFC 1812, 4.3.2.3: up to 576 bytes in all. */
#define QUOTE4_BYTES 548

static __attribute__((noinline)) int too_big4(struct xdp_md *ctx, __u32 l3, __u32 mtu)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 source, destination, sum;
	struct ipv4 *ip;
	struct icmp *icmp;

	if (l3 > ETHER_BYTES + 2 * TAG_BYTES)
		return count(WEIR_DROP_INTERNAL, XDP_DROP);
	ip = data + l3;
	/* Without DF the sender asked for no answer. */
	if ((void *)ip + QUOTE4_BYTES > end || !(ip->fragment & IPV4_DF))
		return count(WEIR_DROP_TOO_BIG, XDP_DROP);
	if (!within_limit())
		return count(WEIR_DROP_TOO_BIG_LIMITED, XDP_DROP);
	source = ip->source;
	destination = ip->destination;
	if (turn_around(ctx, l3, l3 + QUOTE4_BYTES, IPV4_BYTES + ICMP_BYTES))
		return count(WEIR_DROP_NO_HEADROOM, XDP_DROP);
	ip = (void *)(long)ctx->data + l3;
	icmp = (void *)(ip + 1);
	end = (void *)(long)ctx->data_end;
	if ((void *)ip + IPV4_BYTES + ICMP_BYTES + QUOTE4_BYTES > end)
		return count(WEIR_DROP_INTERNAL, XDP_DROP);
	*ip = (struct ipv4){
		.version_ihl = 0x45,
		.total_length = swap16(IPV4_BYTES + ICMP_BYTES + QUOTE4_BYTES),
		.fragment = IPV4_DF,
		.ttl = 64,
		.protocol = PROTOCOL_ICMP,
		.source = destination,
		.destination = source,
	};
	sum = (source & 0xffff) + (source >> 16) + (destination & 0xffff) + (destination >> 16);
	sum += swap16(0x4500) + swap16(IPV4_BYTES + ICMP_BYTES + QUOTE4_BYTES) + IPV4_DF + swap16(64 << 8 | PROTOCOL_ICMP);
	ip->check = ~fold(sum);
	/* Destination unreachable, fragmentation needed (RFC 792), next-hop MTU in the last two bytes (RFC 1191). */
	icmp->type = 3;
	icmp->code = 4;
	icmp->check = 0;
	icmp->rest = swap32(mtu & 0xffff);
	/* Kernels before 6.13 take at most 512 bytes a call. */
	sum = fold(bpf_csum_diff(0, 0, (__u32 *)icmp, 512, 0));
	sum += fold(bpf_csum_diff(0, 0, (__u32 *)((void *)icmp + 512), ICMP_BYTES + QUOTE4_BYTES - 512, 0));
	icmp->check = ~fold(sum);
	return count(WEIR_TX_TOO_BIG, XDP_TX);
}

#endif
