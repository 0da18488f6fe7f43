/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Generic UDP encapsulation, variants 0 and 1 (draft-ietf-intarea-gue, sections 3 and 4). */
#ifndef WEIR_STRIP_GUE_H
#define WEIR_STRIP_GUE_H

#include "strip_udp.h"

#define GUE_BYTES 4

/* Variant 0 without control messages, flags, optional fields or private data: what we do not know, the draft tells to drop. In variant 1
 * the first bits are those of an IP header. */
INLINE int strip_gue(struct xdp_md *ctx, struct strip *strip)
{
	int outcome = strip_udp(ctx, strip);
	__u8 *gue;

	if (outcome != STRIP_ON)
		return outcome;
	gue = strip_bytes(ctx, strip->at, GUE_BYTES);
	if (!gue || strip->at + GUE_BYTES > strip->end)
		return STRIP_MALFORMED;
	if (gue[0] >> 4 == 4) {
		strip->inner = PROTOCOL_IPV4;
		return STRIP_ON;
	}
	if (gue[0] >> 4 == 6) {
		strip->inner = PROTOCOL_IPV6;
		return STRIP_ON;
	}
	if (gue[0] || gue[2] || gue[3] || (gue[1] != PROTOCOL_IPV4 && gue[1] != PROTOCOL_IPV6))
		return STRIP_MALFORMED;
	strip->inner = gue[1];
	strip->at += GUE_BYTES;
	return STRIP_ON;
}

#endif
