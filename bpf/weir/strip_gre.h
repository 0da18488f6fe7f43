/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* GRE: RFC 2784, with a key by RFC 2890. */
#ifndef WEIR_STRIP_GRE_H
#define WEIR_STRIP_GRE_H

#include "strip_check.h"

#define GRE_CHECKSUM swap16(0x8000)
#define GRE_HAS_KEY swap16(0x2000)

/* Routing, sequence numbers, strict routes and recursion (RFC 1701), which RFC 2784 tells to discard or nobody keeps here; and the version.
 * Bits 6 to 12 are ignored, as it tells. */
#define GRE_REFUSED swap16(0x5c07)

/* Any key is taken: what the packet is follows from its inner addresses. */
INLINE int strip_gre(struct xdp_md *ctx, struct strip *strip)
{
	__u16 *gre = strip_bytes(ctx, strip->at, 4);
	__u32 bytes = 4;
	__u16 flags;

	if (!gre || strip->at + 4 > strip->end || gre[0] & GRE_REFUSED)
		return STRIP_MALFORMED;
	flags = gre[0];
	if (gre[1] == ETHER_IPV4)
		strip->inner = PROTOCOL_IPV4;
	else if (gre[1] == ETHER_IPV6)
		strip->inner = PROTOCOL_IPV6;
	else
		return STRIP_MALFORMED;
	if (flags & GRE_CHECKSUM)
		bytes += 4;
	if (flags & GRE_HAS_KEY)
		bytes += 4;
	if (strip->at + bytes > strip->end)
		return STRIP_MALFORMED;
	if (flags & GRE_CHECKSUM && !strip_sums_up(ctx, strip->end, strip->end - strip->at, 0))
		return STRIP_CHECKSUM;
	strip->at += bytes;
	return STRIP_ON;
}

#endif
