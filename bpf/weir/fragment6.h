/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Reading an IPv6 packet with extension headers that is for a VIP's address and may be a fragment. README.md, section 2. Needs follows6(), which the program
 * defines. */
#ifndef WEIR_FRAGMENT6_H
#define WEIR_FRAGMENT6_H

#include "fragment.h"
#include "path6.h"

/* Whether the header behind IPv6's is one that is followed. */
INLINE int is_extension(__u8 next)
{
	return next == PROTOCOL_FRAGMENT || next == PROTOCOL_HOPOPTS || next == PROTOCOL_DSTOPTS || next == PROTOCOL_ROUTING;
}

/* Where the fragment header is that extensions() stopped at, from the IPv6 header at offset `base` of the frame on; 0 for none. */
__attribute__((noinline)) int fragment_header(struct xdp_md *ctx, __u32 base, __u32 next)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 at = IPV6_BYTES;

	for (int followed = 0;;) {
		__u8 *header = data + ((base + at) & FAR_MASK);

		if (followed == EXTENSIONS || at > FAR_MASK)
			return 0;
		/* As in extensions(). */
		followed++;
		asm volatile("" : "+r"(followed));
		if ((void *)header + 8 > end)
			return 0;
		if ((next & 0xff) != PROTOCOL_FRAGMENT)
			at += (header[1] + 1) * 8;
		else if (*(__u16 *)(header + 2) & swap16(0xfff9))
			return at;
		else
			at += 8;
		next = header[0];
	}
}

/* What is found of a fragment. In a structure of its own, so that a plain packet's flow stays in registers. */
struct piece6 {
	struct flow6 flow;
	__u32 length;
	__u8 tos;
	__u8 fragment;
};

/* An XDP action, WEIR_FORWARD with the flow that the fragment is of, or WEIR_WHOLE. */
static __attribute__((noinline)) int find_fragment6(struct xdp_md *ctx, __u32 l3, __u32 where, struct piece6 *found)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + (l3 & 31);
	struct fragment_key key = {};
	const struct weir_fragment *row;
	__u32 length, next, ports;
	int at, last;
	void *header;

	if ((void *)(ip + 1) > end)
		return count(WEIR_PASS_NOT_IP, XDP_PASS);
	length = IPV6_BYTES + swap16(ip->payload_length);
	if ((ip->version_class_label & 0xf0) != 0x60 || !WEIR_FRAME_HOLDS(ctx, data, end, l3 + length))
		return WEIR_WHOLE;
	next = ip->next_header;
	if (extensions(ctx, l3, length, next, 0) != -WEIR_DROP_FRAGMENT)
		return WEIR_WHOLE;
	at = fragment_header(ctx, l3, next);

	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	ip = data + (l3 & 31);
	header = data + ((l3 + at) & FAR_MASK);
	if ((void *)(ip + 1) > end || header + 8 > end)
		return count(WEIR_DROP_MALFORMED, XDP_DROP);
	found->length = length;
	found->tos = swap32(ip->version_class_label) >> 20;
	found->flow.source[0] = key.source[0] = ip->source[0];
	found->flow.source[1] = key.source[1] = ip->source[1];
	found->flow.destination[0] = key.destination[0] = ip->destination[0];
	found->flow.destination[1] = key.destination[1] = ip->destination[1];
	key.id = *(__u32 *)(header + 4);
	key.kind = 6 << 8;
	if (*(__u16 *)(header + 2) & swap16(0xfff8)) {
		row = fragment_known(&key);
		if (!row)
			return count(WEIR_DROP_FRAGMENT_UNKNOWN, XDP_DROP);
		found->fragment = FRAGMENT_LATER;
		found->flow.ports = row->ports;
		found->flow.protocol = row->protocol;
		return WEIR_FORWARD;
	}
	/* The whole chain of headers is in the first (RFC 7112). */
	last = extensions(ctx, l3, length, next, 1);
	if (last < 0)
		return count(-last, XDP_DROP);
	found->flow.protocol = last & 0xff;
	if (found->flow.protocol != PROTOCOL_TCP && found->flow.protocol != PROTOCOL_UDP)
		return count(WEIR_DROP_FRAGMENT, XDP_DROP);
	at = (__u32)last >> 8;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	header = data + ((l3 + at) & FAR_MASK);
	if (length - at < (found->flow.protocol == PROTOCOL_TCP ? 20 : 8) || header + 8 > end)
		return count(WEIR_DROP_MALFORMED, XDP_DROP);
	ports = *(__u32 *)header;
	if (!follows6(where, found->flow.protocol << 16 | swap16(ports >> 16)))
		return count(WEIR_DROP_FRAGMENT, XDP_DROP);
	fragment_remember(&key, ports, found->flow.protocol);
	found->fragment = FRAGMENT_FIRST;
	found->flow.ports = ports;
	return WEIR_FORWARD;
}

/* The same for the rest of the path. */
INLINE int fragment6(struct xdp_md *ctx, __u32 l3, __u32 where, struct work *work, struct flow6 *flow)
{
	struct piece6 found = {};
	int action = find_fragment6(ctx, l3, where, &found);

	if (action != WEIR_FORWARD)
		return action;
	work->l3 = l3;
	work->length = found.length;
	work->tos = found.tos;
	work->protocol = PROTOCOL_IPV6;
	work->fragment = found.fragment;
	flow->source[0] = found.flow.source[0];
	flow->source[1] = found.flow.source[1];
	flow->destination[0] = found.flow.destination[0];
	flow->destination[1] = found.flow.destination[1];
	flow->ports = found.flow.ports;
	flow->protocol = found.flow.protocol;
	return WEIR_FORWARD;
}

#endif
