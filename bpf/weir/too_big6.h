/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Packet too big, back to the sender. README.md, section 5. */
#ifndef WEIR_TOO_BIG6_H
#define WEIR_TOO_BIG6_H

#include "too_big.h"

/* RFC 4443, 3.2: up to the minimum MTU, 1,280 bytes, in all. */
#define QUOTE6_BYTES 1232

static __attribute__((noinline)) int too_big6(struct xdp_md *ctx, __u32 l3, __u32 mtu)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u64 source[2], destination[2];
	struct ipv6 *ip;
	struct icmp *icmp;
	__u32 sum;

	if (l3 > ETHER_BYTES + 2 * TAG_BYTES)
		return count(WEIR_DROP_INTERNAL, XDP_DROP);
	ip = data + l3;
	if ((void *)ip + QUOTE6_BYTES > end)
		return count(WEIR_DROP_TOO_BIG, XDP_DROP);
	if (!within_limit())
		return count(WEIR_DROP_TOO_BIG_LIMITED, XDP_DROP);
	source[0] = ip->source[0];
	source[1] = ip->source[1];
	destination[0] = ip->destination[0];
	destination[1] = ip->destination[1];
	if (turn_around(ctx, l3, l3 + QUOTE6_BYTES, IPV6_BYTES + ICMP_BYTES))
		return count(WEIR_DROP_NO_HEADROOM, XDP_DROP);
	ip = (void *)(long)ctx->data + l3;
	icmp = (void *)(ip + 1);
	end = (void *)(long)ctx->data_end;
	if ((void *)ip + IPV6_BYTES + ICMP_BYTES + QUOTE6_BYTES > end)
		return count(WEIR_DROP_INTERNAL, XDP_DROP);
	ip->version_class_label = swap32(6u << 28);
	ip->payload_length = swap16(ICMP_BYTES + QUOTE6_BYTES);
	ip->next_header = PROTOCOL_ICMPV6;
	ip->hop_limit = 64;
	ip->source[0] = destination[0];
	ip->source[1] = destination[1];
	ip->destination[0] = source[0];
	ip->destination[1] = source[1];
	icmp->type = 2;
	icmp->code = 0;
	icmp->check = 0;
	icmp->rest = swap32(mtu);
	/* The pseudo-header (RFC 8200, 8.1): both addresses, which lie together, length and next header. */
	sum = fold(bpf_csum_diff(0, 0, (__u32 *)ip->source, 32, 0)) + swap16(ICMP_BYTES + QUOTE6_BYTES) + swap16(PROTOCOL_ICMPV6);
	sum += fold(bpf_csum_diff(0, 0, (__u32 *)icmp, 512, 0));
	sum += fold(bpf_csum_diff(0, 0, (__u32 *)((void *)icmp + 512), 512, 0));
	sum += fold(bpf_csum_diff(0, 0, (__u32 *)((void *)icmp + 1024), ICMP_BYTES + QUOTE6_BYTES - 1024, 0));
	icmp->check = ~fold(sum);
	return count(WEIR_TX_TOO_BIG, XDP_TX);
}

#endif
