/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The inner packet: its lengths, its ECN field (RFC 6040, section 4.2), and the way up to the Ethernet header. */
#ifndef WEIR_STRIP_INNER_H
#define WEIR_STRIP_INNER_H

#include "strip_outer.h"

#define ECN_MASK 3
#define ECN_CE 3
#define ECN_ECT0 2
#define ECN_ECT1 1

/* The inner ECN field after decapsulation, or -1 to drop (RFC 6040, figure 4). */
INLINE int strip_ecn(__u8 outer, __u8 inner)
{
	outer &= ECN_MASK;
	inner &= ECN_MASK;
	if (outer == ECN_CE)
		return inner ? ECN_CE : -1;
	return outer == ECN_ECT1 && inner == ECN_ECT0 ? ECN_ECT1 : inner;
}

INLINE int strip_inner4(struct xdp_md *ctx, struct strip *strip)
{
	struct ipv4 *ip = strip_bytes(ctx, strip->at, IPV4_BYTES);
	__u8 tos;
	int field;

	if (!ip || ip->version_ihl >> 4 != 4)
		return STRIP_MALFORMED;
	strip->length = swap16(ip->total_length);
	if (strip->length < IPV4_BYTES || strip->at + strip->length > strip->end)
		return STRIP_MALFORMED;
	field = strip_ecn(strip->tos, ip->tos);
	if (field < 0)
		return STRIP_ECN;
	tos = (ip->tos & ~ECN_MASK) | field;
	if (tos != ip->tos) {
		ip->check = check_changed(ip->check, ip->version_ihl | ip->tos << 8, ip->version_ihl | tos << 8);
		ip->tos = tos;
	}
	return STRIP_ON;
}

INLINE int strip_inner6(struct xdp_md *ctx, struct strip *strip)
{
	struct ipv6 *ip = strip_bytes(ctx, strip->at, IPV6_BYTES);
	__u32 class;
	int field;

	if (!ip || (ip->version_class_label & 0xf0) != 0x60)
		return STRIP_MALFORMED;
	strip->length = IPV6_BYTES + swap16(ip->payload_length);
	if (strip->at + strip->length > strip->end)
		return STRIP_MALFORMED;
	class = swap32(ip->version_class_label);
	field = strip_ecn(strip->tos, class >> 20);
	if (field < 0)
		return STRIP_ECN;
	ip->version_class_label = swap32((class & ~(ECN_MASK << 20)) | field << 20);
	return STRIP_ON;
}

/* Takes all between the Ethernet header and the inner packet away: MACs and tags move up, the EtherType becomes the inner packet's. */
INLINE int strip_remove(struct xdp_md *ctx, const struct strip *strip)
{
	void *data = strip_bytes(ctx, 0, ETHER_BYTES + 2 * TAG_BYTES);
	__u32 l3 = strip->l3, first, second, third;
	__u16 tags[4];

	if (!data)
		return STRIP_MALFORMED;
	first = *(__u32 *)data;
	second = *(__u32 *)(data + 4);
	third = *(__u32 *)(data + 8);
	__builtin_memcpy(tags, data + 12, sizeof(tags));
	if (bpf_xdp_adjust_head(ctx, strip->at - l3))
		return STRIP_MALFORMED;
	data = strip_bytes(ctx, 0, ETHER_BYTES + 2 * TAG_BYTES);
	if (!data)
		return STRIP_MALFORMED;
	*(__u32 *)data = first;
	*(__u32 *)(data + 4) = second;
	*(__u32 *)(data + 8) = third;
	first = strip->inner == PROTOCOL_IPV6 ? ETHER_IPV6 : ETHER_IPV4;
	if (l3 == ETHER_BYTES) {
		*(__u16 *)(data + 12) = first;
	} else if (l3 == ETHER_BYTES + TAG_BYTES) {
		__builtin_memcpy(data + 12, tags, TAG_BYTES);
		*(__u16 *)(data + 16) = first;
	} else {
		__builtin_memcpy(data + 12, tags, 2 * TAG_BYTES);
		*(__u16 *)(data + 20) = first;
	}
	return STRIP_DONE;
}

/* Takes the outer headers off the packet whose IP header starts at strip->l3, once. `headers` reads what lies between the IP headers. */
INLINE int strip_packet(struct xdp_md *ctx, struct strip *strip, int v6, int (*headers)(struct xdp_md *ctx, struct strip *strip))
{
	int outcome = v6 ? strip_outer6(ctx, strip) : strip_outer4(ctx, strip);

	if (outcome == STRIP_ON)
		outcome = headers(ctx, strip);
	if (outcome == STRIP_ON)
		outcome = strip->inner == PROTOCOL_IPV6 ? strip_inner6(ctx, strip) : strip_inner4(ctx, strip);
	return outcome == STRIP_ON ? strip_remove(ctx, strip) : outcome;
}

#endif
