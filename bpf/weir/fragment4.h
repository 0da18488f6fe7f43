/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Reading an IPv4 fragment that is for a VIP's address. README.md, section 2. Needs follows4(), which the program defines. */
#ifndef WEIR_FRAGMENT4_H
#define WEIR_FRAGMENT4_H

#include "fragment.h"
#include "path4.h"

/* What is found of a fragment. In a structure of its own, so that a plain packet's flow stays in registers. */
struct piece4 {
	struct flow4 flow;
	__u32 length;
	__u8 tos;
	__u8 fragment;
};

/* An XDP action, or WEIR_FORWARD with the flow that the fragment is of. */
static __attribute__((noinline)) int find_fragment4(struct xdp_md *ctx, __u32 l3, __u32 where, struct piece4 *found)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip = data + (l3 & 31);
	struct fragment_key key = {};
	__u32 header, length, least, offset, ports;
	const struct weir_fragment *row;

	if ((void *)(ip + 1) > end)
		return count(WEIR_PASS_NOT_IP, XDP_PASS);
	header = (ip->version_ihl & 15) * 4;
	length = swap16(ip->total_length);
	if (ip->version_ihl >> 4 != 4 || header < IPV4_BYTES || length < header || !WEIR_FRAME_HOLDS(ctx, data, end, l3 + length))
		return count(WEIR_DROP_MALFORMED, XDP_DROP);
	if (ip->protocol != PROTOCOL_TCP && ip->protocol != PROTOCOL_UDP)
		return count(WEIR_DROP_FRAGMENT, XDP_DROP);

	found->length = length;
	found->tos = ip->tos;
	found->flow.source = ip->source;
	found->flow.destination = ip->destination;
	found->flow.protocol = ip->protocol;
	key.source[0] = ip->source;
	key.destination[0] = ip->destination;
	key.id = ip->id;
	key.kind = 4 << 8 | ip->protocol;
	least = ip->protocol == PROTOCOL_TCP ? 20 : 8;
	offset = (swap16(ip->fragment) & 0x1fff) * 8;
	if (offset) {
		/* It would write over the first's transport header (RFC 1858, RFC 3128). */
		if (offset < least)
			return count(WEIR_DROP_MALFORMED, XDP_DROP);
		row = fragment_known(&key);
		if (!row)
			return count(WEIR_DROP_FRAGMENT_UNKNOWN, XDP_DROP);
		found->fragment = FRAGMENT_LATER;
		found->flow.ports = row->ports;
		return WEIR_FORWARD;
	}
	/* A tiny first fragment (RFC 1858). */
	if (length - header < least || (void *)ip + header + 8 > end)
		return count(WEIR_DROP_MALFORMED, XDP_DROP);
	ports = *(__u32 *)((void *)ip + header);
	if (!follows4(where, found->flow.protocol << 16 | swap16(ports >> 16)))
		return count(WEIR_DROP_FRAGMENT, XDP_DROP);
	fragment_remember(&key, ports, found->flow.protocol);
	found->fragment = FRAGMENT_FIRST;
	found->flow.ports = ports;
	return WEIR_FORWARD;
}

/* The same for the rest of the path. */
INLINE int fragment4(struct xdp_md *ctx, __u32 l3, __u32 where, struct work *work, struct flow4 *flow)
{
	struct piece4 found = {};
	int action = find_fragment4(ctx, l3, where, &found);

	if (action != WEIR_FORWARD)
		return action;
	work->l3 = l3;
	work->length = found.length;
	work->tos = found.tos;
	work->protocol = PROTOCOL_IPV4;
	work->fragment = found.fragment;
	flow->source = found.flow.source;
	flow->destination = found.flow.destination;
	flow->ports = found.flow.ports;
	flow->protocol = found.flow.protocol;
	return WEIR_FORWARD;
}

#endif
