/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Reading an IPv4 packet that is for a VIP's address. README.md, sections 2 and 4. Needs unmatched(), which the program defines. */
#ifndef WEIR_PATH4_H
#define WEIR_PATH4_H

#include "count.h"
#include "hash.h"
#include "packet.h"

/* What decides where a packet goes: its own source, ports and protocol, or those that an ICMP error quotes, reversed. */
struct flow4 {
	__u32 source;
	__u32 destination; /* the VIP's address; not set where a packet is unusual */
	__u32 ports;
	__u8 protocol;
	__u8 error; /* quoted */
	__u32 l4;   /* offset of the TCP, UDP or ICMP header, not of a quoted one */
};

/* Reads the quoted packet at offset `at` of the frame, of which `length` bytes are there. 1 if it is one that the VIP sent. */
INLINE int quoted4(struct xdp_md *ctx, __u32 at, __u32 length, __u32 vip, struct flow4 *flow)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip = data + (at & 0xff);
	__u32 header, ports;

	if (length < IPV4_BYTES || (void *)(ip + 1) > end)
		return 0;
	header = (ip->version_ihl & 15) * 4;
	if (ip->version_ihl >> 4 != 4 || header < IPV4_BYTES || length < header + 8)
		return 0;
	if (ip->fragment & IPV4_OFFSET || ip->source != vip)
		return 0;
	if (ip->protocol != PROTOCOL_TCP && ip->protocol != PROTOCOL_UDP)
		return 0;
	flow->source = ip->destination;
	flow->protocol = ip->protocol;
	flow->error = 1;
	if ((void *)ip + header + 8 > end)
		return 0;
	ports = *(__u32 *)((void *)ip + header);
	flow->ports = ports << 16 | ports >> 16;
	return 1;
}

/* Answers the echo request whose IPv4 header has no options and starts at l3. */
static __attribute__((noinline)) int echo4(struct xdp_md *ctx, __u32 l3)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip = data + (l3 & 31);
	struct icmp *icmp = (void *)(ip + 1);
	__u32 source;

	if (data + ETHER_BYTES > end || (void *)(icmp + 1) > end)
		return count(WEIR_DROP_MALFORMED, XDP_DROP);
	ether_swap(data);
	source = ip->source;
	ip->source = ip->destination;
	ip->destination = source;
	ip->check = check_changed(ip->check, ip->ttl | ip->protocol << 8, 64 | ip->protocol << 8);
	ip->ttl = 64;
	icmp->type = 0;
	icmp->check = check_changed(icmp->check, 8, 0);
	return count(WEIR_TX_ECHO_REPLY, XDP_TX);
}

/* A packet for a VIP that is not a plain TCP segment or UDP datagram: malformed, a fragment, with options, short, ICMP or of another protocol.
 * An XDP action, or WEIR_FORWARD with the flow. */
static __attribute__((noinline)) int unusual4(struct xdp_md *ctx, __u32 l3, struct flow4 *flow)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip = data + (l3 & 31);
	__u32 header, length, left;
	struct icmp *icmp;

	if ((void *)(ip + 1) > end)
		return count(WEIR_PASS_NOT_IP, XDP_PASS);
	header = (ip->version_ihl & 15) * 4;
	length = swap16(ip->total_length);
	if (ip->version_ihl >> 4 != 4 || header < IPV4_BYTES || length < header || !WEIR_FRAME_HOLDS(ctx, data, end, l3 + length))
		return count(WEIR_DROP_MALFORMED, XDP_DROP);
	if (ip->fragment & IPV4_MF_OR_OFFSET)
		return count(WEIR_DROP_FRAGMENT, XDP_DROP);

	icmp = (void *)ip + header;
	left = length - header;
	flow->protocol = ip->protocol;
	if (ip->protocol != PROTOCOL_TCP && ip->protocol != PROTOCOL_UDP && ip->protocol != PROTOCOL_ICMP)
		return unmatched();
	if (left < (ip->protocol == PROTOCOL_TCP ? 20 : 8) || (void *)(icmp + 1) > end)
		return count(WEIR_DROP_MALFORMED, XDP_DROP);
	if (ip->protocol != PROTOCOL_ICMP) {
		flow->source = ip->source;
		flow->ports = *(__u32 *)icmp;
		flow->l4 = l3 + header;
		return WEIR_FORWARD;
	}
	if (icmp->type == 8 && icmp->code == 0)
		return header == IPV4_BYTES ? echo4(ctx, l3) : count(WEIR_DROP_MALFORMED, XDP_DROP);
	/* Destination unreachable, time exceeded, parameter problem (RFC 792). */
	if (icmp->type != 3 && icmp->type != 11 && icmp->type != 12)
		return unmatched();
	flow->l4 = l3 + header;
	return quoted4(ctx, l3 + header + ICMP_BYTES, left - ICMP_BYTES, ip->destination, flow) ? WEIR_FORWARD : count(WEIR_DROP_ICMP_INNER, XDP_DROP);
}

/* Version 4 and header length 20 in the first byte, MF and offset clear in bytes 6 and 7: one compare over the first eight. */
#define IPV4_PLAIN_MASK 0xff3f0000000000ffULL
#define IPV4_PLAIN 0x45

/* Reads a packet for a VIP: what the outer header needs of it, and the flow that it belongs to. An XDP action, or WEIR_FORWARD with the flow. */
INLINE int parse4(struct xdp_md *ctx, __u32 l3, struct work *work, struct flow4 *flow)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip = data + l3;
	__u8 protocol;
	__u64 first;

	/* The caller has checked it; the verifier wants it here, where the pointers are. */
	if ((void *)(ip + 1) > end)
		return count(WEIR_PASS_NOT_IP, XDP_PASS);
	first = *(__u64 *)ip;
	protocol = ip->protocol;
	work->l3 = l3;
	work->length = swap16(first >> 16);
	work->tos = first >> 8;
	work->protocol = PROTOCOL_IPV4;
	flow->destination = ip->destination;
	if (likely((first & IPV4_PLAIN_MASK) == IPV4_PLAIN && (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP) && work->length >= IPV4_BYTES + 20
		   && (void *)(ip + 1) + 4 <= end && work->length <= bytes_between(ip, end))) {
		flow->source = ip->source;
		flow->ports = *(__u32 *)(ip + 1);
		work->l4 = l3 + IPV4_BYTES;
		flow->protocol = protocol;
	} else {
		struct flow4 unusual = {}; /* another one, so that the plain packet's stays in registers */
		int action = unusual4(ctx, l3, &unusual);

		if (action != WEIR_FORWARD)
			return action;
		flow->source = unusual.source;
		flow->ports = unusual.ports;
		flow->protocol = unusual.protocol;
		work->error = unusual.error;
		work->l4 = unusual.l4;
	}
	return WEIR_FORWARD;
}

#endif
