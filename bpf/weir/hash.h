/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The flow hash: three rounds of multiply and fold over the five-tuple, keyed. */
#ifndef WEIR_HASH_H
#define WEIR_HASH_H

#include "kernel.h"

/* SplitMix64's constants: Steele, Lea, Flood 2014; Stafford's variant 13. */
#define WEIR_M1 0x9e3779b97f4a7c15ULL
#define WEIR_M2 0xbf58476d1ce4e5b9ULL
#define WEIR_M3 0x94d049bb133111ebULL

INLINE __u64 mix(__u64 x, __u64 word, __u64 multiplier)
{
	x = (x ^ word) * multiplier;
	return x ^ (x >> 32);
}

/* The ring slot comes from the upper half, entropy for outer headers from the lower. Ports as in the packet. */
INLINE __u64 flow_hash_tail(__u64 x, __u32 ports, __u8 protocol, __u64 key1)
{
	x = mix(x, (ports | (__u64)protocol << 32) ^ key1, WEIR_M2);
	return mix(x, 0, WEIR_M3);
}

INLINE __u64 flow_hash4(__u32 source, __u32 destination, __u32 ports, __u8 protocol, __u64 key0, __u64 key1)
{
	return flow_hash_tail(mix(key0, source | (__u64)destination << 32, WEIR_M1), ports, protocol, key1);
}

INLINE __u64 flow_hash6(const __u64 source[2], const __u64 destination[2], __u32 ports, __u8 protocol, __u64 key0, __u64 key1)
{
	__u64 x = mix(key0, source[0], WEIR_M1);

	x = mix(x, source[1], WEIR_M2);
	x = mix(x, destination[0], WEIR_M3);
	x = mix(x, destination[1], WEIR_M1);
	return flow_hash_tail(x, ports, protocol, key1);
}

#endif
