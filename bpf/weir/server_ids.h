/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Server ids that packets carry: QUIC's connection ids and a TCP option. README.md, sections 3 and 7. */
#ifndef WEIR_SERVER_IDS_H
#define WEIR_SERVER_IDS_H

#include "hash.h"
#include "layout.h"
#include "packet.h"
#include "reasons.h"

#define UDP_BYTES 8
#define TCP_BYTES 20
#define TCP_SYN 0x02

/* A long header's first octet, version and length of the connection id (RFC 8999). */
#define QUIC_LONG 0x80
#define QUIC_LONG_BYTES 6
#define QUIC_V1 swap32(1)
#define QUIC_V2 swap32(0x6b3343cf)

/* Config rotation bits of ids that name no server. */
#define QUIC_UNROUTABLE 7

/* Of a config; 0 where there is none. */
#define CONFIG_SERVER_ID(config) ((config) & 15)
#define CONFIG_NONCE(config) ((config) >> 4 & 31)
#define CONFIG_SHIFT(config) ((config) >> 9 & 7)

/* How many TCP options are looked at. */
#define TCP_OPTIONS 16
#define TCP_SERVER_BYTES 6

/* Server id of an option's first bytes, with this bit for there is one. */
#define TCP_FOUND (1ULL << 32)

/* Where the connection id of a packet with a long header begins, if a server chose it: only Handshake packets, of version 1 or 2. Else 0. */
INLINE __u32 quic_long(const __u8 *payload, __u32 at)
{
	__u32 version = *(__u32 *)(payload + 1), type = payload[0] >> 4 & 3;

	return (version == QUIC_V1 && type == 2) || (version == QUIC_V2 && type == 3) ? at + QUIC_LONG_BYTES : 0;
}

/* The last word of a server id of 1 to 8 bytes, of which `word` ends with the last, as it lies in the packet. */
INLINE __u64 server_number(__u64 word, __u32 bytes, __u32 shift)
{
	__u32 unused = 64 - 8 * bytes;

	return __builtin_bswap64(word) >> shift << unused >> unused;
}

/* The server id that the TCP header at l4 carries in an option of this kind, with TCP_FOUND; 0 for none. `limit` is where the IP packet ends. A global
 * function, so that the verifier walks it once. */
__attribute__((noinline)) __u64 tcp_server_id(struct xdp_md *ctx, __u32 l4, __u32 limit, __u32 kind)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u8 *header = data + (l4 & FAR_MASK);
	__u32 at = (l4 & FAR_MASK) + TCP_BYTES, stop;

	if ((void *)(header + TCP_BYTES) > end || header[13] & TCP_SYN)
		return 0;
	stop = (l4 & FAR_MASK) + (header[12] >> 4) * 4;
	if (stop > limit)
		return 0;
	for (int seen = 0;;) {
		__u8 *option = data + (at & FAR_MASK);

		if (seen == TCP_OPTIONS || at >= stop || (void *)(option + 1) > end)
			return 0;
		/* Counted here, as in extensions(). */
		seen++;
		asm volatile("" : "+r"(seen));
		if (option[0] == 0)
			return 0;
		if (option[0] == 1) {
			at++;
			continue;
		}
		if (at + 2 > stop || (void *)(option + 2) > end || option[1] < 2 || at + option[1] > stop)
			return 0;
		if (option[0] == (kind & 0xff) && option[1] == TCP_SERVER_BYTES) {
			if ((void *)(option + TCP_SERVER_BYTES) > end)
				return 0;
			return TCP_FOUND | (__u32)option[2] << 24 | option[3] << 16 | option[4] << 8 | option[5];
		}
		at += option[1];
	}
}

#endif
