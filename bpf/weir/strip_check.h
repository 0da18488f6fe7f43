/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Verifying a checksum over a packet's payload (RFC 1071). */
#ifndef WEIR_STRIP_CHECK_H
#define WEIR_STRIP_CHECK_H

#include "strip.h"

/* The kernel sums up at most 512 bytes in a call before 6.13, and only whole words. */
#define STRIP_BLOCK 512
#define STRIP_BLOCKS 32

/* The `size` bytes of which the first is `left` bytes before offset `stop`, or 0 when the first buffer does not hold them. Counting from the end keeps the
 * offset unknown to the verifier, which would follow every length otherwise. */
INLINE void *strip_block(struct xdp_md *ctx, __u32 stop, __u32 left, __u32 size)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	stop -= left;
	asm volatile("" : "+r"(stop));
	data += stop & 0x7fff;
	return data + size > end ? 0 : data;
}

/* Adds as many bytes, a power of two, if there is such a part to the rest. 0 when the first buffer does not hold them. */
INLINE int strip_add(struct xdp_md *ctx, __u32 stop, __u32 rest, __u32 size, __u32 *sum)
{
	void *block;

	if (!(rest & size))
		return 1;
	block = strip_block(ctx, stop, rest & (2 * size - 1), size);
	if (!block)
		return 0;
	*sum = bpf_csum_diff(0, 0, block, size, *sum);
	return 1;
}

/* Whether the last `bytes` bytes before offset `stop` add up to a right checksum with `sum`, in words as they lie in memory. What does not lie
 * in the first buffer, or is more than 16 kB, cannot be summed up here and counts as right: the inner packet has checksums of its own.
 * Global, so that the verifier looks at it once and not from every place. */
__attribute__((noinline)) int strip_sums_up(struct xdp_md *ctx, __u32 stop, __u32 bytes, __u32 sum)
{
	__u32 turn, last = 0;
	void *block;

	for (turn = 0; turn < STRIP_BLOCKS && bytes >= STRIP_BLOCK; turn++, bytes -= STRIP_BLOCK) {
		block = strip_block(ctx, stop, bytes, STRIP_BLOCK);
		if (!block)
			return 1;
		sum = bpf_csum_diff(0, 0, block, STRIP_BLOCK, sum);
	}
	if (bytes >= STRIP_BLOCK)
		return 1;
	if (!strip_add(ctx, stop, bytes, 256, &sum) || !strip_add(ctx, stop, bytes, 128, &sum) || !strip_add(ctx, stop, bytes, 64, &sum)
	    || !strip_add(ctx, stop, bytes, 32, &sum) || !strip_add(ctx, stop, bytes, 16, &sum) || !strip_add(ctx, stop, bytes, 8, &sum)
	    || !strip_add(ctx, stop, bytes, 4, &sum))
		return 1;
	if (bytes & 2) {
		block = strip_block(ctx, stop, bytes & 3, 2);
		if (!block)
			return 1;
		last = *(__u16 *)block;
	}
	if (bytes & 1) {
		block = strip_block(ctx, stop, 1, 1);
		if (!block)
			return 1;
		last += *(__u8 *)block;
	}
	return fold(fold(sum) + last) == 0xffff;
}

#endif
