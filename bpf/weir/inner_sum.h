/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The sum of an inner packet's words, for the checksum of an outer header. README.md, section 3.5. A TCP segment or UDP datagram that has a
 * checksum adds up to the inverse of its pseudo header, so that its payload need not be looked at (local checksum offload); everything else is
 * read whole (RFC 6935, RFC 6936). */
#ifndef WEIR_INNER_SUM_H
#define WEIR_INNER_SUM_H

#include "site.h"
#include "tunnel.h"

#define SUM_BLOCK 64

/* The sum of `length` bytes at offset `at`, at most WEIR_MTU. A global function, so that the verifier looks at it once; what does not fill a block is
 * behind the loop, and the kernel adds up, so that it looks at few instructions for each. */
__attribute__((noinline)) __u32 sum_packet(struct xdp_md *ctx, __u32 at, __u32 length)
{
	__u32 block[SUM_BLOCK / 4], left, done = 0;
	__u64 sum = 0;

	if (!ctx)
		return 0;
	for (; done + SUM_BLOCK <= WEIR_MTU; done += SUM_BLOCK) {
		if (done + SUM_BLOCK > length)
			break;
		if (bpf_xdp_load_bytes(ctx, at + done, block, SUM_BLOCK))
			return 0;
		sum = (__u32)bpf_csum_diff(0, 0, block, SUM_BLOCK, sum);
	}
	left = (length - done) & (SUM_BLOCK - 1);
	if (left) {
		for (int i = 0; i < SUM_BLOCK / 4; i++)
			block[i] = 0;
		/* At least 1, in a way that Linux 6.1 understands. */
		left = (left - 1) & (SUM_BLOCK - 1);
		asm volatile("" : "+r"(left));
		if (bpf_xdp_load_bytes(ctx, at + done, block, left + 1))
			return 0;
		sum = (__u32)bpf_csum_diff(0, 0, block, SUM_BLOCK, sum);
	}
	return fold_words(sum);
}

/* Whether a UDP datagram or TCP segment at `l4` has a checksum. The caller has checked 8 bytes. */
INLINE int has_check(__u8 protocol, void *l4) { return protocol == PROTOCOL_TCP || (protocol == PROTOCOL_UDP && *(__u16 *)(l4 + 6)); }

INLINE __u32 inner_sum4(struct xdp_md *ctx, const struct work *work)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip = data + work->l3;
	__u64 header, pseudo;

	if ((void *)(ip + 1) + 8 > end || ip->version_ihl != 0x45 || ip->fragment & IPV4_MF_OR_OFFSET || !has_check(ip->protocol, ip + 1))
		return sum_packet(ctx, work->l3, work->length);
	header = words(*(__u64 *)ip) + words(*(__u64 *)((void *)ip + 8)) + ip->destination;
	pseudo = (__u64)ip->source + ip->destination + (ip->protocol << 8) + swap16(work->length - IPV4_BYTES);
	return fold_words(header + (__u16)~fold_words(pseudo));
}

INLINE __u32 inner_sum6(struct xdp_md *ctx, const struct work *work)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + work->l3;
	__u64 addresses, pseudo;

	if ((void *)(ip + 1) + 8 > end || !has_check(ip->next_header, ip + 1))
		return sum_packet(ctx, work->l3, work->length);
	addresses = words(ip->source[0]) + words(ip->source[1]) + words(ip->destination[0]) + words(ip->destination[1]);
	pseudo = addresses + ip->payload_length + (ip->next_header << 8);
	return fold_words(words(*(__u64 *)ip) + addresses + (__u16)~fold_words(pseudo));
}

#endif
