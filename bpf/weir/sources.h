/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What VIPs say of their flows: what the hash takes in, and which sources they serve from which pool. README.md, sections 3 and 7. */
#ifndef WEIR_SOURCES_H
#define WEIR_SOURCES_H

#include "kernel.h"

/* A VIP's row. Masks are of what counts in the flow hash, as it lies in the packet. */
struct weir_policy {
	__u64 source6[2];
	__u64 destination; /* all bits or none, of either family */
	__u32 source4;
	__u32 ports;
	__u32 protocol;
	__u32 first4;      /* its intervals of IPv4 sources: a power of two of them; none where every source is its own pool's */
	__u32 rows4;
	__u32 first6;      /* of IPv6 sources */
	__u32 rows6;
	__u32 unused[3];
};

/* Where a pool lies: the members of weir_service. */
struct weir_route {
	__u32 ring;
	__u32 backend;
	__u8 ring_shift;
	__u8 ring_wide;
	__u16 pool;
	__u32 unused;
};

/* Sources from `first` to the next row's. Rows are sorted, and a VIP's first begins at 0. */
struct weir_interval4 {
	__u32 first; /* host order */
	__u32 pool;  /* number of the pool that serves them, or one of the two below */
};

struct weir_interval6 {
	__u64 first[2]; /* upper and lower half, host order */
	__u32 pool;
	__u32 unused;
};

#define WEIR_POOL_OWN 0xffffffff
#define WEIR_POOL_DENIED 0xfffffffe

/* The pool of a source among the `size` rows at `base`, a power of two and at most 1 << steps: the search of find_service, in which steps beyond the
 * size are left out; the count of all rows (a power of two) bounds every access. */
INLINE __u32 find_source4(const struct weir_interval4 *rows, __u32 count, __u32 steps, __u32 base, __u32 size, __u32 source)
{
	base &= count - 1;
#pragma clang loop unroll(full)
	for (__u32 step = (1 << steps) >> 1; step; step >>= 1) {
		__u32 next = (base + step) & (count - 1);

		if (step < size)
			base = source >= rows[next].first ? next : base;
	}
	return rows[base].pool;
}

INLINE __u32 find_source6(const struct weir_interval6 *rows, __u32 count, __u32 steps, __u32 base, __u32 size, const __u64 source[2])
{
	__u64 high = __builtin_bswap64(source[0]), low = __builtin_bswap64(source[1]);

	base &= count - 1;
#pragma clang loop unroll(full)
	for (__u32 step = (1 << steps) >> 1; step; step >>= 1) {
		__u32 next = (base + step) & (count - 1);

		if (step < size)
			base = high > rows[next].first[0] || (high == rows[next].first[0] && low >= rows[next].first[1]) ? next : base;
	}
	return rows[base].pool;
}

#endif
