/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* VIP tables for more addresses than are worth folding into code. README.md, section 7. */
#ifndef WEIR_LOOKUP_H
#define WEIR_LOOKUP_H

#include "hash.h"
#include "layout.h"

/* Not a VIP's address. */
#define WEIR_NOWHERE 0xffffffff

/* Row of an IPv4 address in a table of 1 << bits rows. */
INLINE __u32 vip4_row(__u32 address, __u64 seed, const __u16 *displace, __u32 bits)
{
	__u64 x = address * seed;

	return ((__u32)(x >> 32) ^ displace[x >> (66 - bits)]) & ((1 << bits) - 1);
}

/* Row of an IPv6 address in a table of 1 << bits rows. */
INLINE __u32 vip6_row(const __u64 address[2], __u64 seed, const __u16 *displace, __u32 bits)
{
	__u64 x = (mix(0, address[0] ^ seed, WEIR_M1) ^ address[1] ^ address[1] >> 32) * seed;

	return ((__u32)(x >> 32) ^ displace[x >> (66 - bits)]) & ((1 << bits) - 1);
}

/* The service among the 1 << steps rows at `base` whose interval holds the key, or 0: a search without branches, the count
 * of rows (a power of two) bounds every access. */
INLINE const struct weir_service *find_service(const struct weir_service *rows, __u32 count, __u32 steps, __u32 base, __u32 key)
{
	const struct weir_service *row;

	for (__u32 step = (1 << steps) >> 1; step; step >>= 1) {
		__u32 next = (base + step) & (count - 1);

		base = key >= rows[next].first ? next : base;
	}
	row = &rows[base & (count - 1)];
	return key >= row->first && key <= row->last ? row : 0;
}

#endif
