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
	struct ipv6 *ip = data + (l3 & 31), *quoted;
	struct icmp *icmp;
	int refused;

	if ((void *)ip + QUOTE6_BYTES > end)
		return count(WEIR_DROP_TOO_BIG, XDP_DROP);
	refused = turn_around(ctx, l3, l3 + QUOTE6_BYTES, IPV6_BYTES + ICMP_BYTES);
	if (refused)
		return count(refused, XDP_DROP);
	ip = (void *)(long)ctx->data + (l3 & 31);
	icmp = (void *)(ip + 1);
	quoted = (void *)(icmp + 1);
	end = (void *)(long)ctx->data_end;
	if ((void *)quoted + QUOTE6_BYTES > end)
		return count(WEIR_DROP_INTERNAL, XDP_DROP);
	*(__u64 *)ip = swap32(6u << 28) | (__u64)swap16(ICMP_BYTES + QUOTE6_BYTES) << 32 | (__u64)PROTOCOL_ICMPV6 << 48 | 64ull << 56;
	ip->source[0] = quoted->destination[0];
	ip->source[1] = quoted->destination[1];
	ip->destination[0] = quoted->source[0];
	ip->destination[1] = quoted->source[1];
	*(__u64 *)icmp = 2 | (__u64)swap32(mtu) << 32;
	/* The pseudo-header (RFC 8200, 8.1): length and next header, and both addresses, which lie together in front of the message. */
	icmp->check = check_of(ip->source, 32 + ICMP_BYTES + QUOTE6_BYTES, swap16(ICMP_BYTES + QUOTE6_BYTES) + swap16(PROTOCOL_ICMPV6));
	return count(WEIR_TX_TOO_BIG, XDP_TX);
}

#endif
