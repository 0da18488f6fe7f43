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
	struct ipv4 *ip = data + (l3 & 31);
	struct icmp *icmp;
	__u64 addresses;
	int refused;

	/* Without DF the sender asked for no answer. */
	if ((void *)ip + QUOTE4_BYTES > end || !(ip->fragment & IPV4_DF))
		return count(WEIR_DROP_TOO_BIG, XDP_DROP);
	refused = turn_around(ctx, l3, l3 + QUOTE4_BYTES, IPV4_BYTES + ICMP_BYTES);
	if (refused)
		return count(refused, XDP_DROP);
	ip = (void *)(long)ctx->data + (l3 & 31);
	icmp = (void *)(ip + 1);
	end = (void *)(long)ctx->data_end;
	if ((void *)(icmp + 1) + QUOTE4_BYTES > end)
		return count(WEIR_DROP_INTERNAL, XDP_DROP);
	/* Source and destination of the quoted header, changed over; the other fields a word of eight bytes at a time. */
	addresses = *(__u64 *)((void *)(icmp + 1) + 12);
	*(__u64 *)ip = 0x45 | (__u32)swap16(IPV4_BYTES + ICMP_BYTES + QUOTE4_BYTES) << 16 | (__u64)IPV4_DF << 48;
	*(__u64 *)((void *)ip + 8) = 64 | PROTOCOL_ICMP << 8 | addresses >> 32 << 32;
	ip->destination = addresses;
	ip->check = check_of(ip, IPV4_BYTES, 0);
	/* Destination unreachable, fragmentation needed (RFC 792), next-hop MTU in the last two bytes (RFC 1191). */
	*(__u64 *)icmp = 3 | 4 << 8 | (__u64)swap32(mtu & 0xffff) << 32;
	icmp->check = check_of(icmp, ICMP_BYTES + QUOTE4_BYTES, 0);
	return count(WEIR_TX_TOO_BIG, XDP_TX);
}

#endif
