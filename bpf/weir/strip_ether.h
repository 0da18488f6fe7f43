/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* VXLAN (RFC 7348) and Geneve (RFC 8926): an Ethernet frame within UDP. Any network identifier is taken. */
#ifndef WEIR_STRIP_ETHER_H
#define WEIR_STRIP_ETHER_H

#include "strip_udp.h"

#define VXLAN_BYTES 8
#define VXLAN_VALID 0x08
#define GENEVE_BYTES 8
#define GENEVE_CONTROL 0x80
#define GENEVE_CRITICAL 0x40
#define GENEVE_ETHERNET swap16(0x6558)

INLINE int strip_type(struct strip *strip, __u16 type)
{
	if (type == ETHER_IPV4)
		strip->inner = PROTOCOL_IPV4;
	else if (type == ETHER_IPV6)
		strip->inner = PROTOCOL_IPV6;
	else
		return STRIP_MALFORMED;
	return STRIP_ON;
}

/* The inner frame's addresses do not matter; a VLAN tag in it belongs to no VLAN of ours (RFC 7348, section 6.1). */
INLINE int strip_ethernet(struct xdp_md *ctx, struct strip *strip)
{
	__u16 *ethernet = strip_bytes(ctx, strip->at, ETHER_BYTES);

	if (!ethernet || strip->at + ETHER_BYTES > strip->end)
		return STRIP_MALFORMED;
	strip->at += ETHER_BYTES;
	return strip_type(strip, ethernet[6]);
}

INLINE int strip_vxlan(struct xdp_md *ctx, struct strip *strip)
{
	int outcome = strip_udp(ctx, strip);
	__u8 *vxlan;

	if (outcome != STRIP_ON)
		return outcome;
	vxlan = strip_bytes(ctx, strip->at, VXLAN_BYTES);
	if (!vxlan || strip->at + VXLAN_BYTES > strip->end || !(vxlan[0] & VXLAN_VALID))
		return STRIP_MALFORMED;
	strip->at += VXLAN_BYTES;
	return strip_ethernet(ctx, strip);
}

/* Options are stepped over, but for critical ones: we know none. Without Ethernet, the type names IP itself. */
INLINE int strip_geneve(struct xdp_md *ctx, struct strip *strip)
{
	int outcome = strip_udp(ctx, strip);
	__u8 *geneve;
	__u16 type;

	if (outcome != STRIP_ON)
		return outcome;
	geneve = strip_bytes(ctx, strip->at, GENEVE_BYTES);
	if (!geneve || geneve[0] >> 6 || geneve[1] & (GENEVE_CONTROL | GENEVE_CRITICAL))
		return STRIP_MALFORMED;
	strip->at += GENEVE_BYTES + (geneve[0] & 63) * 4;
	if (strip->at > strip->end)
		return STRIP_MALFORMED;
	type = *(__u16 *)(geneve + 2);
	return type == GENEVE_ETHERNET ? strip_ethernet(ctx, strip) : strip_type(strip, type);
}

#endif
