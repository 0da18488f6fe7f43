/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Outer headers: room in front of the packet, Ethernet, IPv4 or IPv6. README.md, section 3.5. */
#ifndef WEIR_OUTER_H
#define WEIR_OUTER_H

#include "count.h"
#include "packet.h"

/* Makes `grow` bytes of room and fills the Ethernet header there: to the next hop, from the address that the frame was sent to, tags kept. Returns
 * where the outer header goes, at least `grow` bytes, or 0 when there is no room. */
INLINE void *outer_ether(struct xdp_md *ctx, __u32 l3, __u32 grow, __u64 next_hop, __u16 type)
{
	void *data, *end;
	__u64 ours;

	if (bpf_xdp_adjust_head(ctx, -(int)grow))
		return 0;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	/* The frame holds an IP header beyond l3, so both checks always hold; the verifier wants them. */
	if (data + grow + ETHER_BYTES + 2 * TAG_BYTES > end || data + l3 + grow > end)
		return 0;
	ours = *(__u64 *)(data + grow);
	ether_move_tags(data, data + grow, l3);
	/* Both MACs in two stores: the valid bit of the next hop makes way for our address. */
	*(__u64 *)data = next_hop << 16 >> 16 | ours << 48;
	*(__u32 *)(data + 8) = ours >> 16;
	*(__u16 *)(data + l3 - 2) = type;
	return data + l3;
}

/* `check` is the folded sum of what is the same for every packet of the backend, in words as they lie in memory; TOS, length, TTL and protocol, and the
 * source's entropy bits are added here. RFC 6864: with DF the id is free, and so 0. Whole words at a time: version, TOS, length, id, DF;
 * TTL, protocol, check, source. */
INLINE void outer_ipv4(void *ip, __u32 source, __u32 entropy, __u32 destination, __u32 check, __u8 tos, __u8 protocol, __u16 length)
{
	__u32 ttl_protocol = 64 | protocol << 8;

	length = swap16(length + IPV4_BYTES);
	check += (tos << 8) + length + ttl_protocol + (entropy & 0xffff) + (entropy >> 16);
	*(__u64 *)ip = 0x45 | tos << 8 | (__u32)length << 16 | (__u64)IPV4_DF << 48;
	*(__u64 *)(ip + 8) = ttl_protocol | (__u32)(__u16)~fold(check) << 16 | (__u64)(source | entropy) << 32;
	*(__u32 *)(ip + 16) = destination;
}

INLINE void outer_ipv6(void *to, __u64 source_high, __u64 source_low, const __u64 destination[2], __u8 tos, __u32 label, __u8 protocol, __u16 length)
{
	struct ipv6 *ip = to;

	*(__u64 *)to = swap32(6u << 28 | tos << 20 | (label & 0xfffff)) | (__u64)swap16(length) << 32 | (__u64)protocol << 48 | 64ull << 56;
	ip->source[0] = source_high;
	ip->source[1] = source_low;
	ip->destination[0] = destination[0];
	ip->destination[1] = destination[1];
}

#endif
