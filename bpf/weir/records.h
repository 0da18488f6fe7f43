/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Slots that are not settled, and the records of their flows. README.md, section 11. Needs `slots`, `takes`, `regions`, `begins`, `records` and `uses`, which the
 * program declares. */
#ifndef WEIR_RECORDS_H
#define WEIR_RECORDS_H

#include "clock.h"
#include "packet.h"
#include "site.h"

/* A slot: current and default backend of 15 bits each, and whether records are to be consulted. */
#define WEIR_NOBODY 0x7fff
#define SLOT_DEFAULT(slot) ((slot) >> 15 & WEIR_NOBODY)
#define SLOT_CONSULT (1u << 30)

#define RECORD_TENTATIVE (1ULL << 60)
#define RECORD_CLOSING (1ULL << 61)
#define RECORD_REPLICA (1ULL << 62)
#define RECORD_VALID (1ULL << 63)
#define RECORD_ID(record) ((record) >> 32 & WEIR_NOBODY)
#define RECORD_STAMP_AT 47
#define RECORD_STAMP_MASK 0x1fffULL

#define FLAG_FIN 0x01
#define FLAG_SYN 0x02
#define FLAG_RST 0x04
#define FLAG_ACK 0x10

enum flow_signal {
	FLOW_GOES_ON,
	FLOW_BEGINS,
	FLOW_ENDS,
	FLOW_ERROR, /* an ICMP error about it, which changes nothing */
	FLOW_ALONE, /* the ring alone decides */
};

/* What the packet at l3 says of its flow. It reads for itself what nearly every packet's path can then do without. */
INLINE enum flow_signal flow_signal(struct xdp_md *ctx, __u32 l3, __u32 begins)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u8 *ip = data + (l3 & 31), *transport;
	__u32 protocol, at, length, apart = 0;

	if ((void *)(ip + IPV4_BYTES) > end)
		return FLOW_GOES_ON;
	if (ip[0] >> 4 == 4) {
		at = (ip[0] & 15) * 4;
		protocol = ip[9];
		length = swap16(*(__u16 *)(ip + 2));
		apart = *(__u16 *)(ip + 6) & IPV4_MF_OR_OFFSET;
	} else {
		at = IPV6_BYTES;
		protocol = ip[6];
		length = IPV6_BYTES + swap16(*(__u16 *)(ip + 4));
	}
	transport = ip + at;
	if (protocol == PROTOCOL_UDP && begins & WEIR_BEGINS_EVER)
		return FLOW_ALONE;
	if (protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6)
		return FLOW_ERROR;
	if (apart || at + 14 > length || (void *)(transport + 14) > end)
		return FLOW_GOES_ON;
	if (protocol == PROTOCOL_TCP) {
		__u8 flags = transport[13];

		if ((flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN)
			return FLOW_BEGINS;
		return flags & (FLAG_FIN | FLAG_RST) && !(begins & WEIR_SHARED) ? FLOW_ENDS : FLOW_GOES_ON;
	}
	if (protocol == PROTOCOL_UDP && begins & WEIR_BEGINS_INITIAL) {
		__u32 version = *(__u32 *)(transport + 9), first = transport[8] >> 4;

		/* Long header, fixed bit, type: RFC 9000, section 17.2.2, and RFC 9369, section 3.2. */
		return (version == swap32(1) && first == 12) || (version == swap32(0x6b3343cf) && first == 13) ? FLOW_BEGINS : FLOW_GOES_ON;
	}
	return FLOW_GOES_ON;
}

INLINE struct weir_uses *my_uses(void)
{
	return &uses[bpf_get_smp_processor_id() & (WEIR_CPUS - 1)];
}

/* The clock of records, in 2^30 ns. */
INLINE __u32 record_clock(void)
{
	return coarse_clock() + site.ahead;
}

INLINE __u64 record_stamp(__u32 clock)
{
	return (clock >> 2 & RECORD_STAMP_MASK) << RECORD_STAMP_AT;
}

/* Whether x is negative, as 1 or 0. clang would make a branch of a comparison, and the verifier two paths of a branch. */
INLINE __u64 negative(__u64 x)
{
	asm volatile("%0 >>= 63" : "+r"(x));
	return x;
}

/* All ones where x is negative, else 0. */
INLINE __u64 all_if_negative(__u64 x)
{
	asm volatile("%0 s>>= 63" : "+r"(x));
	return x;
}

/* How readily a record may be displaced: free, closing and three stamps old, tentative and two stamps old, the oldest first; 0: not at all. */
INLINE __u64 record_room(__u64 record, __u64 now)
{
	__u64 age = (now - (record >> RECORD_STAMP_AT)) & RECORD_STAMP_MASK, valid = negative(record);
	__u64 closing = negative(record << 2) & negative(2 - age), tentative = negative(record << 3) & ~closing & negative(1 - age);

	return (valid ^ 1) << 15 | (valid & closing) << 14 | ((0x2000 | age) & -(valid & tentative));
}

/* Makes a record where there is room for it: 1, or 0. A global function, so that the verifier walks it once. */
__attribute__((noinline)) int record_put(__u32 at, __u32 pool, __u64 record)
{
	struct weir_set *set = &records[at & (WEIR_SETS - 1)];
	struct weir_use *use = &my_uses()->pool[pool & (WEIR_REGIONS - 1)];
	__u64 best = 0, now = record >> RECORD_STAMP_AT & RECORD_STAMP_MASK, way, old;

#pragma clang loop unroll(full)
	for (way = 0; way < 8; way++) {
		__u64 room = record_room(*(volatile __u64 *)&set->way[way], now) << 3 | (7 - way);

		best ^= (best ^ room) & -negative(best - room);
	}
	way = 7 - (best & 7);
	best >>= 3;
	if (best < 0x4000) {
		*(volatile __u64 *)&use->pressed = record_clock();
		if (!best) {
			use->refused++;
			return 0;
		}
		use->displaced++;
	}
	old = *(volatile __u64 *)&set->way[way & 7];
	/* Read twice: who was faster has it. */
	if (record_room(old, now) != best || __sync_val_compare_and_swap(&set->way[way & 7], old, record) != old) {
		use->refused++;
		return 0;
	}
	return 1;
}

/* What the backend of a pool takes. */
INLINE __u32 takes_of(__u32 backend, __u32 id)
{
	__u32 row = backend + id;

	asm volatile("" : "+r"(row));
	return id == WEIR_NOBODY || row >= WEIR_BACKENDS ? 0 : *(volatile __u8 *)&takes[row];
}

/* A record that a packet has been seen of. A lost race is another packet's, of the same flow. */
INLINE void record_touch(__u64 *at, __u64 old, __u64 now)
{
	if (old != now)
		__sync_val_compare_and_swap(at, old, now);
}

/* Where the flow goes whose slot is not settled: an id, or WEIR_NOBODY. `backend` is the first row of its pool, `where` its VIP << 8 | offset of the IP header. A
 * global function that takes what is at hand in any case, so that the packets of settled slots carry nothing for it. */
__attribute__((noinline)) __u32 tracked(struct xdp_md *ctx, __u64 hash, __u32 slot, __u32 backend, __u32 where)
{
	const struct weir_region *region = &regions[backend & (WEIR_BACKENDS - 1)];
	enum flow_signal signal = flow_signal(ctx, where & 31, begins[where >> 8 & (WEIR_VIPS - 1)]);
	__u32 pool = region->pool;
	__u32 word, current, former, owner, number, tag = hash >> 32;
	__u64 record, stamp, way = 0, *at;
	struct weir_set *set;

	tag += negative((__u64)tag - 1);
	if (slot >= WEIR_SLOTS)
		return WEIR_NOBODY;
	word = *(volatile __u32 *)&slots[slot];
	current = word & WEIR_NOBODY;
	former = SLOT_DEFAULT(word);
	if (!(word & SLOT_CONSULT) || signal == FLOW_ALONE)
		return current;

	number = (region->first + ((__u32)hash & (region->sets - 1))) & (WEIR_SETS - 1);
	set = &records[number];
#pragma clang loop unroll(full)
	for (__u64 other = 1; other < 8; other++)
		way |= other & all_if_negative((__u64)(*(volatile __u32 *)&set->way[other] ^ tag) - 1);
	/* A tag is never 0, so this is no free way's. */
	at = &set->way[way & 7];
	record = *(volatile __u64 *)at;
	if ((__u32)record != tag || !(record >> 63))
		at = 0;
	owner = RECORD_ID(record);
	stamp = record_stamp(record_clock());

	if (signal == FLOW_BEGINS) {
		if (at) {
			__u32 takes = takes_of(backend, owner);

			/* A retransmission, fast open once more, a port used again, or somebody who pretends. */
			if (!(record & RECORD_CLOSING) && (takes & WEIR_TAKES_NEW || (!(record & RECORD_TENTATIVE) && takes & WEIR_TAKES_EXISTING))) {
				record_touch(at, record, (record & ~(RECORD_STAMP_MASK << RECORD_STAMP_AT)) | stamp);
				return owner;
			}
			__sync_val_compare_and_swap(at, record, 0);
		}
		if (current == WEIR_NOBODY || (former == current && !region->always))
			return current;
		if (record_put(number, pool, tag | (__u64)current << 32 | stamp | RECORD_TENTATIVE | RECORD_VALID)) {
			my_uses()->pool[pool & (WEIR_REGIONS - 1)].added++;
			return current;
		}
		/* Refused: what has no record belongs to the default. */
		if (former == current || takes_of(backend, former) & WEIR_TAKES_EXISTING)
			return former;
		if (former != WEIR_NOBODY)
			my_uses()->refused_down[(backend + former) & (WEIR_BACKENDS - 1)]++;
		return current;
	}

	if (at) {
		if (signal != FLOW_ERROR)
			record_touch(at, record, (record & ~(RECORD_STAMP_MASK << RECORD_STAMP_AT | RECORD_TENTATIVE | RECORD_REPLICA)) | stamp | (signal == FLOW_ENDS ? RECORD_CLOSING : 0));
		return takes_of(backend, owner) & WEIR_TAKES_EXISTING ? owner : current;
	}
	if (!(takes_of(backend, former) & WEIR_TAKES_EXISTING))
		return current;
	/* Adopted; where that fails, the next packet tries again. */
	if (former != current && signal != FLOW_ERROR && record_put(number, pool, tag | (__u64)former << 32 | stamp | RECORD_TENTATIVE | RECORD_VALID))
		my_uses()->pool[pool & (WEIR_REGIONS - 1)].adopted++;
	return former;
}

/* 1 where nobody takes the flow of a slot that names no backend, else 0 and the backend's id. */
INLINE int unsettled(struct xdp_md *ctx, const struct work *work, int history, __u32 slot, __u32 *id)
{
	if (!history)
		return 1;
	*id = tracked(ctx, work->hash, slot, work->service.backend, work->service.vip << 8 | work->l3);
	return *id == WEIR_NOBODY;
}

#endif
