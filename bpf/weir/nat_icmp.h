/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* An ICMP error about a connection through NAT: its addresses and those of what it quotes, of its own family or of the other. README.md, section 10. */
#ifndef WEIR_NAT_ICMP_H
#define WEIR_NAT_ICMP_H

#include "nat_rewrite.h"

#define NAT_LEAST_MTU6 1280

/* How an error begins: the MTU of too-big answers, the pointer of parameter problems, else 0. */
struct nat_icmp {
	__u8 type;
	__u8 code;
	__u32 value;
};

/* What was quoted. */
struct nat_quote {
	__u32 first;     /* of IPv6: version, class, label as in the packet */
	__u32 id;        /* of IPv4: id and fragment word as in the packet */
	__u16 payload;   /* bytes behind its header and what follows it, as it said */
	__u8 tos;
	__u8 hops;
};

/* RFC 1191, section 7.1: for routers that do not say an MTU. */
INLINE __u32 nat_plateau(__u32 length)
{
	return length > 32000 ? 32000 : length > 17914 ? 17914 : length > 8166 ? 8166 : length > 4352 ? 4352 : length > 2002 ? 2002 : length > 1492 ? 1492 : NAT_LEAST_MTU6;
}

INLINE int nat_pointer6(__u32 pointer)
{
	return pointer <= 1 ? (int)pointer : pointer <= 3 ? 4 : pointer == 8 ? 7 : pointer == 9 ? 6 : pointer >= 12 && pointer <= 15 ? 8 : pointer >= 16 && pointer <= 19 ? 24 : -1;
}

INLINE int nat_pointer4(__u32 pointer)
{
	return pointer <= 1 ? (int)pointer : pointer == 4 || pointer == 5 ? 2 : pointer == 6 ? 9 : pointer == 7 ? 8 : pointer >= 8 && pointer <= 23 ? 12 : pointer >= 24 && pointer <= 39 ? 16 : -1;
}

/* RFC 7915, section 4.2, figure 3. 0 where there is no counterpart. */
INLINE int nat_icmp_to6(struct nat_icmp *icmp, __u32 quoted)
{
	__u8 type = icmp->type, code = icmp->code;
	__u32 value = icmp->value;

	*icmp = (struct nat_icmp){};
	if (type == 11) {
		icmp->type = 3;
		icmp->code = code;
		return code <= 1;
	}
	if (type == 12) {
		int pointer = nat_pointer6(value >> 24);

		icmp->type = 4;
		icmp->value = pointer;
		return (code == 0 || code == 2) && pointer >= 0;
	}
	icmp->type = 1;
	if (code == 2) {
		icmp->type = 4;
		icmp->code = 1;
		icmp->value = 6;
	} else if (code == 3) {
		icmp->code = 4;
	} else if (code == 4) {
		__u32 mtu = value & 0xffff;

		mtu = (mtu ? mtu : nat_plateau(quoted)) + IPV6_BYTES - IPV4_BYTES;
		mtu = mtu < WEIR_MTU ? mtu : WEIR_MTU;
		icmp->type = 2;
		icmp->value = mtu > NAT_LEAST_MTU6 ? mtu : NAT_LEAST_MTU6;
	} else if (code == 9 || code == 10 || code == 13 || code == 15) {
		icmp->code = 1;
	} else if (code > 12) {
		return 0;
	}
	return 1;
}

/* Section 5.2, figure 6. */
INLINE int nat_icmp_to4(struct nat_icmp *icmp)
{
	__u8 type = icmp->type, code = icmp->code;
	__u32 value = icmp->value;

	*icmp = (struct nat_icmp){ .type = 3 };
	if (type == 1) {
		icmp->code = code == 1 ? 10 : code == 4 ? 3 : 1;
		return code <= 4;
	}
	if (type == 2) {
		value = value > NAT_LEAST_MTU6 ? value : NAT_LEAST_MTU6;
		value = value < WEIR_MTU ? value : WEIR_MTU;
		icmp->code = 4;
		icmp->value = value - (IPV6_BYTES - IPV4_BYTES);
		return 1;
	}
	if (type == 3) {
		icmp->type = 11;
		icmp->code = code;
		return code <= 1;
	}
	if (code == 1) {
		icmp->code = 2;
		return 1;
	} else {
		int pointer = nat_pointer4(value);

		icmp->type = 12;
		icmp->value = (__u32)pointer << 24;
		return code == 0 && pointer >= 0;
	}
}

/* Writes an IPv4 header without options. */
INLINE void nat_header4(void *ip, __u8 tos, __u16 length, __u32 id, __u8 hops, __u8 protocol, __u32 source, __u32 destination)
{
	__u32 ttl_protocol = hops | protocol << 8;
	__u64 sum = (0x45 | tos << 8) + (__u64)swap16(length) + id + ttl_protocol + source + destination;

	*(__u64 *)ip = 0x45 | (__u32)tos << 8 | (__u64)swap16(length) << 16 | (__u64)id << 32;
	*(__u64 *)(ip + 8) = ttl_protocol | (__u64)(__u16)~fold_words(sum) << 16 | (__u64)source << 32;
	*(__u32 *)(ip + 16) = destination;
}

INLINE void nat_header6(void *to, __u32 first, __u16 payload, __u8 protocol, __u8 hops, const __u64 source[2], const __u64 destination[2])
{
	struct ipv6 *ip = to;

	*(__u64 *)to = first | (__u64)swap16(payload) << 32 | (__u64)protocol << 48 | (__u64)hops << 56;
	ip->source[0] = source[0];
	ip->source[1] = source[1];
	ip->destination[0] = destination[0];
	ip->destination[1] = destination[1];
}

/* In path6.h, where a VIP or a NAT source has an IPv6 address. */
int extensions(struct xdp_md *ctx, __u32 base, __u32 limit, __u32 next, int quoted);

/* Where the transport header of the quoted packet is, counted from the quotation. */
INLINE __u32 nat_quoted_transport(struct xdp_md *ctx, __u32 at, __u32 limit, const int six)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *ip = data + (at & FAR_MASK);

	if (!six)
		return ip + IPV4_BYTES > end ? 0 : (*(__u8 *)ip & 15) * 4;
	if (ip + IPV6_BYTES <= end) {
		__u8 next = *(__u8 *)(ip + 6);
		int found = next == PROTOCOL_TCP || next == PROTOCOL_UDP ? IPV6_BYTES << 8 : extensions(ctx, at, limit, next, 1);

		return found < 0 ? 0 : (__u32)found >> 8;
	}
	return 0;
}

/* Checksum of the `length` bytes of ICMP at `at`; `addresses` is the sum of the IPv6 ones. */
INLINE __u16 nat_icmp_check(struct xdp_md *ctx, __u32 at, __u32 length, __u64 addresses, const int six)
{
	__u64 sum = sum_packet(ctx, at, length);

	if (six)
		sum += addresses + swap16(length) + (PROTOCOL_ICMPV6 << 8);
	return ~fold_words(sum);
}

/* Whether an error is one to pass on. 0, or the reason why not. */
INLINE int nat_icmp_right(struct xdp_md *ctx, const struct nat_packet *packet, const int six)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *ip = data + (packet->l3 & 31);
	__u32 at = packet->l4 & FAR_MASK, length = packet->length - (at - (packet->l3 & 31));
	__u64 addresses = 0;

	if (packet->length > WEIR_MTU)
		return WEIR_DROP_TOO_BIG;
	if (six) {
		struct ipv6 *old = ip;

		if (ip + IPV6_BYTES > end)
			return WEIR_DROP_INTERNAL;
		addresses = nat_words6(old->source, old->destination);
	}
	return nat_icmp_check(ctx, at, length, addresses, six) ? WEIR_DROP_NAT_CHECKSUM : 0;
}

/* Fills in the checksum of the error at `l3`, whose header is 20 or 40 bytes. */
INLINE int nat_icmp_sum(struct xdp_md *ctx, __u32 l3, const int six)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *ip = data + (l3 & 31);
	const __u32 header = six ? IPV6_BYTES : IPV4_BYTES;
	__u64 addresses = 0;
	__u32 length;
	__u16 check;

	if (ip + header > end)
		return WEIR_DROP_INTERNAL;
	if (six) {
		addresses = nat_words6(((struct ipv6 *)ip)->source, ((struct ipv6 *)ip)->destination);
		length = swap16(((struct ipv6 *)ip)->payload_length);
	} else {
		length = swap16(((struct ipv4 *)ip)->total_length) - IPV4_BYTES;
	}
	check = nat_icmp_check(ctx, (l3 & 31) + header, length, addresses, six);
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	ip = data + (l3 & 31) + header;
	if (ip + ICMP_BYTES > end)
		return WEIR_DROP_INTERNAL;
	*(__u16 *)(ip + 2) = check;
	return 0;
}

/* Global functions, so that the verifier looks at each once; and three, so that stacks stay small. */
__attribute__((noinline)) int nat_icmp_right4(struct xdp_md *ctx, const struct nat_packet *packet) { return packet ? nat_icmp_right(ctx, packet, 0) : WEIR_DROP_INTERNAL; }

__attribute__((noinline)) int nat_icmp_right6(struct xdp_md *ctx, const struct nat_packet *packet) { return packet ? nat_icmp_right(ctx, packet, 1) : WEIR_DROP_INTERNAL; }

__attribute__((noinline)) int nat_icmp_sum4(struct xdp_md *ctx, __u32 l3) { return nat_icmp_sum(ctx, l3, 0); }

__attribute__((noinline)) int nat_icmp_sum6(struct xdp_md *ctx, __u32 l3) { return nat_icmp_sum(ctx, l3, 1); }

/* The error in `packet` becomes one between the addresses of `to`, quoting a packet between the same, the other way; without its checksum. 0, or the reason why not. The
 * parser has seen to it that both headers are there, with 8 bytes behind. */
INLINE int nat_error(struct xdp_md *ctx, const struct nat_packet *packet, const struct nat_to *to, const int from6, const int to6)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	const __u32 quoted_bytes = to6 ? IPV6_BYTES : IPV4_BYTES, headers = 2 * quoted_bytes + ICMP_BYTES;
	__u32 l3 = packet->l3 & 31, at = packet->l4 & FAR_MASK, length = packet->length - (at - l3), transport, left, ports = to->ports << 16 | to->ports >> 16;
	__u8 protocol = to->protocol, hops;
	struct nat_quote quote = {};
	struct nat_icmp icmp;
	void *ip = data + l3;

	if (ip + IPV4_BYTES > end)
		return WEIR_DROP_INTERNAL;
	hops = *(__u8 *)(ip + (from6 ? 7 : 8));
	transport = nat_quoted_transport(ctx, at + ICMP_BYTES, length - ICMP_BYTES, from6) & FAR_MASK;

	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	ip = data + at;
	if (ip + ICMP_BYTES + (from6 ? IPV6_BYTES : IPV4_BYTES) > end)
		return WEIR_DROP_INTERNAL;
	icmp.type = *(__u8 *)ip;
	icmp.code = *(__u8 *)(ip + 1);
	icmp.value = swap32(*(__u32 *)(ip + 4));
	ip += ICMP_BYTES;
	quote.hops = *(__u8 *)(ip + (from6 ? 7 : 8));
	if (from6) {
		quote.first = *(__u32 *)ip;
		quote.tos = swap32(quote.first) >> 20;
		quote.payload = swap16(*(__u16 *)(ip + 4)) + IPV6_BYTES - transport;
		quote.id = (__u32)IPV4_DF << 16;
		if (!to6 && !nat_icmp_to4(&icmp))
			return WEIR_DROP_NAT_ICMP;
	} else {
		__u32 total = swap16(*(__u16 *)(ip + 2));

		quote.id = *(__u32 *)(ip + 4);
		quote.tos = *(__u8 *)(ip + 1);
		quote.first = swap32(6u << 28 | quote.tos << 20);
		quote.payload = total - transport;
		if (to6 && !nat_icmp_to6(&icmp, total))
			return WEIR_DROP_NAT_ICMP;
	}
	left = length - ICMP_BYTES - transport;
	length = headers + left;
	if (length > WEIR_MTU)
		return WEIR_DROP_TOO_BIG;

	ip = nat_ether_moved(ctx, l3, (int)headers - (int)(at - l3 + ICMP_BYTES + transport), headers + 4, to->next_hop, to6 ? ETHER_IPV6 : ETHER_IPV4);
	if (!ip)
		return WEIR_DROP_NO_HEADROOM;
	if (to6)
		nat_header6(ip, swap32(6u << 28 | packet->tos << 20), length - IPV6_BYTES, PROTOCOL_ICMPV6, hops - 1, to->source, to->destination);
	else
		nat_header4(ip, packet->tos, length, (__u32)IPV4_DF << 16, hops - 1, PROTOCOL_ICMP, to->source[0], to->destination[0]);
	ip += quoted_bytes;
	*(__u32 *)ip = icmp.type | icmp.code << 8;
	*(__u32 *)(ip + 4) = swap32(icmp.value);
	if (to6)
		nat_header6(ip + ICMP_BYTES, quote.first, quote.payload, protocol, quote.hops, to->destination, to->source);
	else
		nat_header4(ip + ICMP_BYTES, quote.tos, quote.payload + IPV4_BYTES, quote.id, quote.hops, protocol, to->destination[0], to->source[0]);
	*(__u32 *)(ip + ICMP_BYTES + quoted_bytes) = ports;
	return 0;
}

#endif
