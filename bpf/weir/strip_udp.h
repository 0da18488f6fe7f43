/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The outer UDP header and its checksum: RFC 768, RFC 8200 section 8.1, RFC 6935 and RFC 6936 for none over IPv6. */
#ifndef WEIR_STRIP_UDP_H
#define WEIR_STRIP_UDP_H

#include "strip_check.h"

INLINE int strip_udp(struct xdp_md *ctx, struct strip *strip)
{
	__u16 *udp = strip_bytes(ctx, strip->at, UDP_BYTES);
	__u32 length = strip->end - strip->at;
	__u16 check;

	if (!udp || length < UDP_BYTES || swap16(udp[2]) != length)
		return STRIP_MALFORMED;
	check = udp[3];
	if (check ? !strip_sums_up(ctx, strip->end, length, strip_fold((__u64)strip->sum + (PROTOCOL_UDP << 8) + swap16(length)))
		  : strip->v6 && !STRIP_ZERO_CHECK6)
		return STRIP_CHECKSUM;
	strip->at += UDP_BYTES;
	return STRIP_ON;
}

#endif
