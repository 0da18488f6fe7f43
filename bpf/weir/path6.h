/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Reading an IPv6 packet that is for a VIP's address. README.md, sections 2 and 4. Needs unmatched(), which the program defines. */
#ifndef WEIR_PATH6_H
#define WEIR_PATH6_H

#include "count.h"
#include "hash.h"
#include "packet.h"

/* How many extension headers are followed. */
#define EXTENSIONS 8

/* Steps over extension headers of the IPv6 header at offset `base` of the frame, of which `limit` bytes are there.
 * Returns where the last header starts, counted from the IPv6 header, << 8 | its protocol; or minus a reason. In a quotation the
 * first fragment will do, elsewhere only an atomic one (RFC 6946). A global function, so that the verifier walks it once. */
__attribute__((noinline)) int extensions(struct xdp_md *ctx, __u32 base, __u32 limit, __u32 next, int quoted)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 at = IPV6_BYTES;

	for (int followed = 0;;) {
		__u32 kind = next & 0xff;
		__u8 *header;

		if (kind != PROTOCOL_HOPOPTS && kind != PROTOCOL_DSTOPTS && kind != PROTOCOL_ROUTING && kind != PROTOCOL_FRAGMENT)
			return at << 8 | kind;
		if (followed == EXTENSIONS)
			return -WEIR_DROP_EXTENSIONS;
		/* Counted here and not at the loop's end: Linux 6.1 knows a loop only by a jump back to its start, and takes an
		 * instruction that falls through to it for an endless one. */
		followed++;
		asm volatile("" : "+r"(followed));
		header = data + ((base + at) & FAR_MASK);
		if (at + 8 > limit || (void *)header + 8 > end)
			return -WEIR_DROP_MALFORMED;
		next = header[0];
		if (kind == PROTOCOL_FRAGMENT) {
			__u16 offset = *(__u16 *)(header + 2);

			if (offset & (quoted ? swap16(0xfff8) : swap16(0xfff9)))
				return -WEIR_DROP_FRAGMENT;
			at += 8;
			continue;
		}
		at += (header[1] + 1) * 8;
		if (at > limit)
			return -WEIR_DROP_MALFORMED;
		if (kind == PROTOCOL_ROUTING && header[3])
			return at << 8 | PROTOCOL_NONE;
	}
}

/* What decides where a packet goes: its own source, ports and protocol, or those that an ICMP error quotes, reversed. */
struct flow6 {
	__u64 source[2];
	__u64 destination[2]; /* the VIP's address; not set where a packet is unusual */
	__u32 ports;
	__u8 protocol;
	__u8 error; /* quoted */
	__u32 l4;   /* offset of the TCP, UDP or ICMP header, not of a quoted one */
};

/* Reads the quoted packet at offset `at` of the frame, of which `length` bytes are there. 1 if it is one that the VIP sent. */
INLINE int quoted6(struct xdp_md *ctx, __u32 at, __u32 length, const __u64 vip[2], struct flow6 *flow)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + (at & FAR_MASK);
	__u32 header = IPV6_BYTES, protocol;
	void *l4;

	if (length < IPV6_BYTES || (void *)(ip + 1) > end)
		return 0;
	if ((ip->version_class_label & 0xf0) != 0x60 || ip->source[0] != vip[0] || ip->source[1] != vip[1])
		return 0;
	flow->source[0] = ip->destination[0];
	flow->source[1] = ip->destination[1];
	protocol = ip->next_header;
	if (protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP) {
		int found = extensions(ctx, at, length, protocol, 1);

		if (found < 0)
			return 0;
		protocol = found & 0xff;
		header = (__u32)found >> 8;
		if (protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP)
			return 0;
	}
	if (length < header + 8)
		return 0;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	l4 = data + ((at + header) & FAR_MASK);
	if (l4 + 8 > end)
		return 0;
	flow->protocol = protocol;
	flow->error = 1;
	flow->ports = *(__u32 *)l4 << 16 | *(__u32 *)l4 >> 16;
	return 1;
}

/* Answers the echo request whose IPv6 header has no extensions and starts at l3. */
static __attribute__((noinline)) int echo6(struct xdp_md *ctx, __u32 l3)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + (l3 & 31);
	struct icmp *icmp = (void *)(ip + 1);
	__u64 source[2];

	if (data + ETHER_BYTES > end || (void *)(icmp + 1) > end)
		return count(WEIR_DROP_MALFORMED, XDP_DROP);
	ether_swap(data);
	source[0] = ip->source[0];
	source[1] = ip->source[1];
	ip->source[0] = ip->destination[0];
	ip->source[1] = ip->destination[1];
	ip->destination[0] = source[0];
	ip->destination[1] = source[1];
	ip->hop_limit = 64;
	icmp->type = 129;
	icmp->check = check_changed(icmp->check, 128, 129);
	return count(WEIR_TX_ECHO_REPLY, XDP_TX);
}

/* A packet for a VIP that is not a plain TCP segment or UDP datagram: malformed, with extension headers, short, ICMP or of another
 * protocol. An XDP action, or WEIR_FORWARD with the flow. */
static __attribute__((noinline)) int unusual6(struct xdp_md *ctx, __u32 l3, struct flow6 *flow)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + (l3 & 31);
	__u32 header = IPV6_BYTES, length, left, protocol;
	struct icmp *icmp;
	__u64 vip[2];

	if ((void *)(ip + 1) > end)
		return count(WEIR_PASS_NOT_IP, XDP_PASS);
	length = IPV6_BYTES + swap16(ip->payload_length);
	if ((ip->version_class_label & 0xf0) != 0x60 || !WEIR_FRAME_HOLDS(ctx, data, end, l3 + length))
		return count(WEIR_DROP_MALFORMED, XDP_DROP);

	protocol = ip->next_header;
	if (protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP && protocol != PROTOCOL_ICMPV6) {
		int found = extensions(ctx, l3, length, protocol, 0);

		if (found < 0)
			return count(-found, XDP_DROP);
		protocol = found & 0xff;
		header = (__u32)found >> 8;
		if (protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP && protocol != PROTOCOL_ICMPV6)
			return unmatched();
	}
	left = length - header;
	icmp = data + ((l3 + header) & FAR_MASK);
	if (left < (protocol == PROTOCOL_TCP ? 20 : 8) || (void *)(icmp + 1) > end)
		return count(WEIR_DROP_MALFORMED, XDP_DROP);
	if (protocol != PROTOCOL_ICMPV6) {
		flow->source[0] = ip->source[0];
		flow->source[1] = ip->source[1];
		flow->ports = *(__u32 *)icmp;
		flow->l4 = l3 + header;
		flow->protocol = protocol;
		return WEIR_FORWARD;
	}
	if (icmp->type == 128 && icmp->code == 0)
		return header == IPV6_BYTES ? echo6(ctx, l3) : count(WEIR_DROP_MALFORMED, XDP_DROP);
	/* MLD and neighbour discovery (RFC 2710, RFC 4861) are the host's own. */
	if (icmp->type >= 130 && icmp->type <= 137)
		return count(WEIR_PASS_NO_SERVICE, XDP_PASS);
	/* Errors are types 1 to 4 (RFC 4443). */
	if (icmp->type < 1 || icmp->type > 4)
		return unmatched();
	flow->l4 = l3 + header;
	vip[0] = ip->destination[0];
	vip[1] = ip->destination[1];
	return quoted6(ctx, l3 + header + ICMP_BYTES, left - ICMP_BYTES, vip, flow) ? WEIR_FORWARD : count(WEIR_DROP_ICMP_INNER, XDP_DROP);
}

/* Reads a packet for a VIP: what the outer header needs of it, and the flow that it belongs to. An XDP action, or WEIR_FORWARD with the flow. */
INLINE int parse6(struct xdp_md *ctx, __u32 l3, struct work *work, struct flow6 *flow)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + l3;
	__u8 protocol;
	__u64 first;

	/* The caller has checked it; the verifier wants it here, where the pointers are. */
	if ((void *)(ip + 1) > end)
		return count(WEIR_PASS_NOT_IP, XDP_PASS);
	first = *(__u64 *)ip;
	protocol = first >> 48;
	work->l3 = l3;
	work->length = IPV6_BYTES + swap16(first >> 32);
	work->tos = swap32(first) >> 20;
	work->protocol = PROTOCOL_IPV6;
	flow->destination[0] = ip->destination[0];
	flow->destination[1] = ip->destination[1];
	if (likely((first & 0xf0) == 0x60 && (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP) && work->length >= IPV6_BYTES + 20
		   && (void *)(ip + 1) + 4 <= end && work->length <= bytes_between(ip, end))) {
		flow->source[0] = ip->source[0];
		flow->source[1] = ip->source[1];
		flow->ports = *(__u32 *)(ip + 1);
		work->l4 = l3 + IPV6_BYTES;
		flow->protocol = protocol;
	} else {
		struct flow6 unusual = {}; /* another one, so that the plain packet's stays in registers */
		int action = unusual6(ctx, l3, &unusual);

		if (action != WEIR_FORWARD)
			return action;
		flow->source[0] = unusual.source[0];
		flow->source[1] = unusual.source[1];
		flow->ports = unusual.ports;
		flow->protocol = unusual.protocol;
		work->error = unusual.error;
		work->l4 = unusual.l4;
	}
	return WEIR_FORWARD;
}

#endif
