/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What this CPU remembers of first fragments, so that later ones go where theirs went. README.md, section 2. Needs fragments[], which the program declares. */
#ifndef WEIR_FRAGMENT_H
#define WEIR_FRAGMENT_H

#include "clock.h"
#include "count.h"
#include "hash.h"
#include "packet.h"

/* Places in a datagram: work->fragment. 0 is a whole one. */
#define FRAGMENT_FIRST 1
#define FRAGMENT_LATER 2

/* Asked for a packet that is no fragment. */
#define WEIR_WHOLE (-2)

/* What makes fragments those of one datagram (RFC 791: with the protocol; RFC 8200: without). */
struct fragment_key {
	__u64 source[2];
	__u64 destination[2];
	__u32 id;
	__u32 kind; /* IP version << 8 | protocol, which is 0 for IPv6; never 0 */
};

/* The one row where the datagram's can be: another's may be in its place. */
INLINE struct weir_fragment *fragment_row(const struct fragment_key *key)
{
	__u64 x = mix(WEIR_KEY0, key->source[0], WEIR_M1);

	x = mix(x, key->source[1], WEIR_M2);
	x = mix(x, key->destination[0], WEIR_M3);
	x = mix(x, key->destination[1], WEIR_M1);
	x = mix(mix(x, key->id | (__u64)key->kind << 32, WEIR_M2), 0, WEIR_M3);
	return &fragments[bpf_get_smp_processor_id() & (WEIR_CPUS - 1)].row[x >> (64 - WEIR_FRAGMENT_BITS)];
}

/* The row, if it is the datagram's own and not too old; else 0. */
INLINE const struct weir_fragment *fragment_known(const struct fragment_key *key)
{
	const struct weir_fragment *row = fragment_row(key);

	if (row->kind != key->kind || row->id != key->id || row->source[0] != key->source[0] || row->source[1] != key->source[1])
		return 0;
	if (row->destination[0] != key->destination[0] || row->destination[1] != key->destination[1])
		return 0;
	return coarse_clock() - row->seen < WEIR_FRAGMENT_AGE ? row : 0;
}

/* Notes what the first fragment says, in place of whatever was there. */
INLINE void fragment_remember(const struct fragment_key *key, __u32 ports, __u8 protocol)
{
	struct weir_fragment *row = fragment_row(key);

	row->source[0] = key->source[0];
	row->source[1] = key->source[1];
	row->destination[0] = key->destination[0];
	row->destination[1] = key->destination[1];
	row->id = key->id;
	row->kind = key->kind;
	row->ports = ports;
	row->seen = coarse_clock();
	row->protocol = protocol;
}

#endif
