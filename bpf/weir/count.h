/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Counting into this CPU's slice of `counters`, which the program declares. */
#ifndef WEIR_COUNT_H
#define WEIR_COUNT_H

#include "reasons.h"
#include "site.h"

INLINE struct weir_counters *my_counters(void)
{
	return &counters[bpf_get_smp_processor_id() & (WEIR_CPUS - 1)];
}

/* Counts why a packet is not forwarded, and says what happens to it. Inline, for packets that are none of ours. */
INLINE int count_foreign(enum weir_reason reason, int action)
{
	my_counters()->reason[reason]++;
	return action;
}

/* The same out of line, for all other places: they are many, and rare. */
static __attribute__((noinline)) int count(enum weir_reason reason, int action)
{
	return count_foreign(reason & (WEIR_REASONS - 1), action);
}

/* Counts a forwarded packet of `bytes` bytes for its VIP and its backend. The caller has bounded both rows. */
INLINE void count_forwarded(__u32 vip, __u32 backend, __u32 bytes)
{
	struct weir_counters *mine = my_counters();

	mine->vip[vip].packets++;
	mine->vip[vip].bytes += bytes;
	mine->backend[backend].packets++;
	mine->backend[backend].bytes += bytes;
}

#endif
