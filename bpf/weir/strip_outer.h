/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The outer IP header of a packet that may be encapsulated: whether it is, who sent it, how long it is. */
#ifndef WEIR_STRIP_OUTER_H
#define WEIR_STRIP_OUTER_H

#include "strip.h"

/* RFC 8200, section 4.5. */
struct fragment6 {
	__u8 next_header;
	__u8 reserved;
	__u16 offset; /* and the M bit */
	__u32 id;
};

#define FRAGMENT_OFFSET swap16(0xfff8)

/* What the packet is by the protocol behind IP's headers and, of UDP, the destination port at offset `at`. */
INLINE __u8 strip_kind_at(struct xdp_md *ctx, __u8 protocol, __u32 at)
{
	__u16 *ports;

	if (protocol != PROTOCOL_UDP)
		return strip_kind(protocol, 0);
	ports = strip_bytes(ctx, at, 4);
	return ports ? strip_kind(protocol, ports[1]) : STRIP_NOTHING;
}

/* Only IPv4 headers without options are taken, since nobody who encapsulates for us sends others. */
INLINE int strip_outer4(struct xdp_md *ctx, struct strip *strip)
{
	struct ipv4 *ip = strip_bytes(ctx, strip->l3, IPV4_BYTES);
	__u32 header, length;

	if (!ip)
		return STRIP_NOT;
	header = (ip->version_ihl & 15) * 4;
	if (ip->protocol == PROTOCOL_UDP && (ip->fragment & IPV4_OFFSET || header < IPV4_BYTES))
		return STRIP_NOT;
	strip->kind = strip_kind_at(ctx, ip->protocol, strip->l3 + header);
	if (!strip->kind)
		return STRIP_NOT;
	if (!strip_sender4(ip->source))
		return STRIP_SENDER;
	length = swap16(ip->total_length);
	if (ip->version_ihl != 0x45 || length < IPV4_BYTES || !WEIR_FRAME_HOLDS(ctx, (void *)(long)ctx->data, (void *)(long)ctx->data_end, strip->l3 + length))
		return STRIP_MALFORMED;
	if (ip->fragment & IPV4_MF_OR_OFFSET)
		return STRIP_FRAGMENT;
	strip->at = strip->l3 + IPV4_BYTES;
	strip->end = strip->l3 + length;
	strip->tos = ip->tos;
	strip->inner = ip->protocol;
	strip->sum = strip_fold((__u64)ip->source + ip->destination);
	return STRIP_ON;
}

/* Extension headers are not looked behind, but for a fragment's: it must not reach the stack and be put together there. */
INLINE int strip_outer6(struct xdp_md *ctx, struct strip *strip)
{
	struct ipv6 *ip = strip_bytes(ctx, strip->l3, IPV6_BYTES);
	struct fragment6 *fragment = 0;
	__u32 length;

	if (!ip)
		return STRIP_NOT;
	if (ip->next_header == PROTOCOL_FRAGMENT) {
		fragment = strip_bytes(ctx, strip->l3 + IPV6_BYTES, FRAGMENT_BYTES);
		if (!fragment || (fragment->next_header == PROTOCOL_UDP && fragment->offset & FRAGMENT_OFFSET))
			return STRIP_NOT;
		strip->kind = strip_kind_at(ctx, fragment->next_header, strip->l3 + IPV6_BYTES + FRAGMENT_BYTES);
	} else {
		strip->kind = strip_kind_at(ctx, ip->next_header, strip->l3 + IPV6_BYTES);
	}
	if (!strip->kind)
		return STRIP_NOT;
	if (!strip_sender6(ip->source))
		return STRIP_SENDER;
	length = IPV6_BYTES + swap16(ip->payload_length);
	if ((ip->version_class_label & 0xf0) != 0x60 || !WEIR_FRAME_HOLDS(ctx, (void *)(long)ctx->data, (void *)(long)ctx->data_end, strip->l3 + length))
		return STRIP_MALFORMED;
	if (fragment)
		return STRIP_FRAGMENT;
	strip->at = strip->l3 + IPV6_BYTES;
	strip->end = strip->l3 + length;
	strip->tos = swap32(ip->version_class_label) >> 20;
	strip->inner = ip->next_header;
	strip->v6 = 1;
	strip->sum = strip_fold((ip->source[0] & 0xffffffff) + (ip->source[0] >> 32) + (ip->source[1] & 0xffffffff) + (ip->source[1] >> 32)
				+ (ip->destination[0] & 0xffffffff) + (ip->destination[0] >> 32) + (ip->destination[1] & 0xffffffff) + (ip->destination[1] >> 32));
	return STRIP_ON;
}

#endif
