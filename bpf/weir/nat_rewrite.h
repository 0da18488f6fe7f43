/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* A TCP segment or UDP datagram gets other addresses and ports, of its own family or of the other (RFC 7915). README.md, section 10. */
#ifndef WEIR_NAT_REWRITE_H
#define WEIR_NAT_REWRITE_H

#include "inner_sum.h"
#include "outer.h"

/* Up to this total length IPv4 made from IPv6 may be fragmented on its way (RFC 7915, section 5.1). */
#define NAT_FRAGMENTABLE 1260

/* What is known of a packet. Apart from `struct work`, so that this stays in registers, whose bounds the verifier knows. */
struct nat_packet {
	__u32 l3;        /* offset of the IP header */
	__u32 l4;        /* offset of the TCP, UDP or ICMP header */
	__u32 length;    /* bytes of the IP packet */
	__u8 tos;        /* TOS or traffic class */
	__u8 transport;  /* TCP or UDP, of an ICMP error the quoted packet's */
	__u8 error;      /* it is an ICMP error about the flow */
};

INLINE void nat_packet(struct nat_packet *packet, const struct work *work)
{
	packet->l3 = work->l3;
	packet->l4 = work->l4;
	packet->length = work->length;
	packet->tos = work->tos;
	packet->transport = work->transport;
	packet->error = work->error;
}

/* What a packet becomes. */
struct nat_to {
	__u64 source[2];      /* IPv4 in the first four bytes */
	__u64 destination[2];
	__u64 next_hop;
	__u32 ports;
	__u32 protocol;       /* TCP or UDP */
};

/* MACs in place. 0, or the reason why not. */
INLINE int nat_ether(void *data, void *end, __u64 next_hop)
{
	__u64 ours;

	if (data + ETHER_BYTES > end)
		return WEIR_DROP_INTERNAL;
	ours = *(__u64 *)data;
	*(__u64 *)data = next_hop << 16 >> 16 | ours << 48;
	*(__u32 *)(data + 8) = ours >> 16;
	return 0;
}

/* The same where `grow` bytes come in front, or -grow go. Where the IP header starts, at least `header` bytes, or 0. */
INLINE void *nat_ether_moved(struct xdp_md *ctx, __u32 l3, int grow, __u32 header, __u64 next_hop, __u16 type)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u64 ours, tags;

	if (data + ETHER_BYTES + IPV4_BYTES > end)
		return 0;
	ours = *(__u64 *)data;
	tags = *(__u64 *)(data + 12);
	if (bpf_xdp_adjust_head(ctx, -grow))
		return 0;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if (data + ETHER_BYTES + 2 * TAG_BYTES > end || data + l3 + header > end)
		return 0;
	*(__u64 *)data = next_hop << 16 >> 16 | ours << 48;
	*(__u32 *)(data + 8) = ours >> 16;
	if (likely(l3 == ETHER_BYTES)) {
		*(__u16 *)(data + 12) = type;
	} else if (l3 == ETHER_BYTES + TAG_BYTES) {
		*(__u32 *)(data + 12) = tags;
		*(__u16 *)(data + 16) = type;
	} else {
		*(__u64 *)(data + 12) = tags;
		*(__u16 *)(data + 20) = type;
	}
	return data + l3;
}

/* Ports, and the checksum by what changed: RFC 1624, equation 3, over `change`, the sum of the new words and the inverted old ones of the pseudo
 * header. A UDP datagram without checksum stays so. 0 where the header is not there. */
INLINE int nat_transport(void *l4, void *end, __u32 protocol, __u32 ports, __u64 change)
{
	__u16 *check, sum;

	if (l4 + 8 > end)
		return 0;
	check = l4 + 6;
	if (protocol == PROTOCOL_TCP) {
		check = l4 + 16;
		if (l4 + 18 > end)
			return 0;
	}
	change += (__u64)(__u32)~*(__u32 *)l4 + ports;
	*(__u32 *)l4 = ports;
	if (protocol == PROTOCOL_UDP && !*check)
		return 1;
	sum = ~fold_words(change + (__u16)~*check);
	*check = protocol == PROTOCOL_UDP && !sum ? 0xffff : sum;
	return 1;
}

INLINE __u64 nat_words6(const __u64 source[2], const __u64 destination[2])
{
	return words(source[0]) + words(source[1]) + words(destination[0]) + words(destination[1]);
}

INLINE __u64 nat_inverted6(const struct ipv6 *ip)
{
	return words(~ip->source[0]) + words(~ip->source[1]) + words(~ip->destination[0]) + words(~ip->destination[1]);
}

/* All four return 0, or the reason why not. */
INLINE int nat_4to4(struct xdp_md *ctx, const struct nat_packet *packet, const struct nat_to *to)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip = data + (packet->l3 & 31);
	__u16 ttl_protocol;
	__u64 change;

	if ((void *)(ip + 1) > end)
		return WEIR_DROP_INTERNAL;
	change = (__u64)(__u32)~ip->source + (__u32)~ip->destination + (__u32)to->source[0] + (__u32)to->destination[0];
	ttl_protocol = ip->ttl | ip->protocol << 8;
	ip->check = ~fold_words(change + (__u16)~ip->check + (__u16)~ttl_protocol + (__u16)(ttl_protocol - 1));
	ip->ttl--;
	ip->source = to->source[0];
	ip->destination = to->destination[0];
	if (!nat_transport(data + (packet->l4 & FAR_MASK), end, to->protocol, to->ports, change))
		return WEIR_DROP_INTERNAL;
	return nat_ether(data, end, to->next_hop);
}

INLINE int nat_6to6(struct xdp_md *ctx, const struct nat_packet *packet, const struct nat_to *to)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + (packet->l3 & 31);
	__u64 change;

	if ((void *)(ip + 1) > end)
		return WEIR_DROP_INTERNAL;
	change = nat_inverted6(ip) + nat_words6(to->source, to->destination);
	ip->hop_limit--;
	ip->source[0] = to->source[0];
	ip->source[1] = to->source[1];
	ip->destination[0] = to->destination[0];
	ip->destination[1] = to->destination[1];
	if (!nat_transport(data + (packet->l4 & FAR_MASK), end, to->protocol, to->ports, change))
		return WEIR_DROP_INTERNAL;
	return nat_ether(data, end, to->next_hop);
}

/* The packet is whole but for the checksum of its UDP datagram. */
#define NAT_UNSUMMED (-1)

INLINE int nat_4to6_of(struct xdp_md *ctx, const struct nat_packet *packet, const struct nat_to *to)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 l3 = packet->l3 & 31, old = (packet->l4 - l3) & 63, payload = packet->length - old;
	struct ipv4 *from = data + l3;
	struct ipv6 *ip;
	__u64 change;
	__u8 ttl;
	__u16 *check;

	if ((void *)(from + 1) > end)
		return WEIR_DROP_INTERNAL;
	change = (__u64)(__u32)~from->source + (__u32)~from->destination + nat_words6(to->source, to->destination);
	ttl = from->ttl - 1;
	ip = nat_ether_moved(ctx, l3, IPV6_BYTES - (int)old, IPV6_BYTES + 8, to->next_hop, ETHER_IPV6);
	if (!ip)
		return WEIR_DROP_NO_HEADROOM;
	/* RFC 7915, section 4.1. */
	*(__u64 *)ip = swap32(6u << 28 | packet->tos << 20) | (__u64)swap16(payload) << 32 | (__u64)to->protocol << 48 | (__u64)ttl << 56;
	ip->source[0] = to->source[0];
	ip->source[1] = to->source[1];
	ip->destination[0] = to->destination[0];
	ip->destination[1] = to->destination[1];
	check = (void *)(ip + 1) + 6;
	if (to->protocol == PROTOCOL_UDP && !*check) {
		*(__u32 *)(ip + 1) = to->ports;
		return NAT_UNSUMMED;
	}
	return nat_transport(ip + 1, (void *)(long)ctx->data_end, to->protocol, to->ports, change) ? 0 : WEIR_DROP_INTERNAL;
}

INLINE int nat_6to4_of(struct xdp_md *ctx, const struct nat_packet *packet, const struct nat_to *to)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 l3 = packet->l3 & 31, old = (packet->l4 - l3) & FAR_MASK, length = packet->length - old + IPV4_BYTES, id, ttl_protocol;
	__u32 source = to->source[0], destination = to->destination[0];
	struct ipv6 *from = data + l3;
	void *ip;
	__u64 change, sum;

	if ((void *)(from + 1) > end)
		return WEIR_DROP_INTERNAL;
	change = nat_inverted6(from) + source + destination;
	ttl_protocol = (from->hop_limit - 1) | to->protocol << 8;
	ip = nat_ether_moved(ctx, l3, IPV4_BYTES - (int)old, IPV4_BYTES + 8, to->next_hop, ETHER_IPV4);
	if (!ip)
		return WEIR_DROP_NO_HEADROOM;
	end = (void *)(long)ctx->data_end;
	if (!nat_transport(ip + IPV4_BYTES, end, to->protocol, to->ports, change))
		return WEIR_DROP_INTERNAL;
	/* RFC 7915, section 5.1. What may be fragmented needs an id of its own: the checksum differs with every segment. */
	if (length > NAT_FRAGMENTABLE)
		id = (__u32)IPV4_DF << 16;
	else if (to->protocol == PROTOCOL_UDP)
		id = *(__u16 *)(ip + IPV4_BYTES + 6);
	else if (ip + IPV4_BYTES + 18 <= end)
		id = *(__u16 *)(ip + IPV4_BYTES + 16);
	else
		return WEIR_DROP_INTERNAL;
	sum = (0x45 | packet->tos << 8) + (__u64)swap16(length) + id + ttl_protocol + source + destination;
	*(__u64 *)ip = 0x45 | (__u32)packet->tos << 8 | (__u64)swap16(length) << 16 | (__u64)id << 32;
	*(__u64 *)(ip + 8) = ttl_protocol | (__u64)(__u16)~fold_words(sum) << 16 | (__u64)source << 32;
	*(__u32 *)(ip + 16) = destination;
	return 0;
}

/* IPv6 without a UDP checksum there is not, so it is made of what is there (RFC 7915, section 4.5). On its own, so that stacks stay small. */
__attribute__((noinline)) int nat_udp_check6(struct xdp_md *ctx, __u32 l3)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + (l3 & 31);
	__u16 check, length;
	__u64 sum;

	if ((void *)(ip + 1) > end)
		return WEIR_DROP_INTERNAL;
	length = ip->payload_length;
	sum = nat_words6(ip->source, ip->destination) + length + (PROTOCOL_UDP << 8);
	sum += sum_packet(ctx, (l3 & 31) + IPV6_BYTES, swap16(length));
	check = ~fold_words(sum);
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	ip = data + (l3 & 31);
	if ((void *)(ip + 1) + 8 > end)
		return WEIR_DROP_INTERNAL;
	*(__u16 *)((void *)(ip + 1) + 6) = check ? check : 0xffff;
	return 0;
}

/* Global functions, so that the verifier looks at each once. */
__attribute__((noinline)) int nat_4to6(struct xdp_md *ctx, const struct nat_packet *packet, const struct nat_to *to)
{
	return packet && to ? nat_4to6_of(ctx, packet, to) : WEIR_DROP_INTERNAL;
}

__attribute__((noinline)) int nat_6to4(struct xdp_md *ctx, const struct nat_packet *packet, const struct nat_to *to)
{
	return packet && to ? nat_6to4_of(ctx, packet, to) : WEIR_DROP_INTERNAL;
}

#endif
