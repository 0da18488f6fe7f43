/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Taking outer headers off a packet. README.md, section 8. A program that includes strip_*.h says before it
 *   strip_kind(protocol, port)           what a packet with this protocol and UDP destination port is, or STRIP_NOTHING;
 *   strip_sender4/6(source)              whether the outer source may send it;
 *   STRIP_ZERO_CHECK6                    whether UDP over IPv6 may come without a checksum (RFC 6935);
 *   WEIR_FRAME_HOLDS(ctx, data, end, n)  whether the frame has n bytes. */
#ifndef WEIR_STRIP_H
#define WEIR_STRIP_H

#include "packet.h"

#define UDP_BYTES 8
#define FRAGMENT_BYTES 8

/* Bits of the kinds that a program takes. */
enum strip_kind {
	STRIP_NOTHING = 0,
	STRIP_IPIP = 1,
	STRIP_GRE = 2,
	STRIP_GUE = 4,
	STRIP_VXLAN = 8,
	STRIP_GENEVE = 16,
};

/* What became of a packet. */
enum strip_outcome {
	STRIP_NOT,       /* not one that is taken here: it is as it came */
	STRIP_DONE,
	STRIP_SENDER,    /* from somebody who may not send it */
	STRIP_MALFORMED, /* headers that contradict each other or the frame, or that ask for what is not done here */
	STRIP_FRAGMENT,
	STRIP_CHECKSUM,
	STRIP_ECN,       /* congestion experienced outside, no ECN inside (RFC 6040, figure 4) */
	STRIP_ON,        /* nothing yet: goes on */
};

/* How far reading came. Offsets count from the frame's first byte. */
struct strip {
	__u32 l3;     /* the outer IP header */
	__u32 at;     /* what comes next */
	__u32 end;    /* behind the outer packet, by its own length */
	__u32 sum;    /* of the outer addresses, for UDP's checksum */
	__u32 length; /* bytes of the inner packet, once it was read */
	__u8 kind;
	__u8 tos;     /* TOS or traffic class outside */
	__u8 inner;   /* PROTOCOL_IPV4 or PROTOCOL_IPV6, once it is known */
	__u8 v6;      /* the outer packet is IPv6 */
};

/* The `bytes` bytes at an offset below 512, or 0 where the first buffer does not hold them. The barrier keeps the mask, which is the verifier's bound. */
INLINE void *strip_bytes(struct xdp_md *ctx, __u32 at, __u32 bytes)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	asm volatile("" : "+r"(at));
	data += at & 511;
	return data + bytes > end ? 0 : data;
}

/* 0 or 1, of which the verifier does not know which it is: so it walks what follows once for both. */
INLINE __u32 strip_flag(struct xdp_md *ctx, __u32 flag)
{
	return bytes_between((void *)(long)ctx->data, (void *)(long)ctx->data_end) >> 31 ^ flag;
}

/* A sum of words folded to 32 bits. */
INLINE __u32 strip_fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	return (sum & 0xffffffff) + (sum >> 32);
}

#endif
