/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Some seconds' clock. Needs `clocks`, which the program declares. */
#ifndef WEIR_CLOCK_H
#define WEIR_CLOCK_H

#include "layout.h"

/* The kernel's coarse clock in 2^30 ns. It goes on with the ticks, which are a load (bpf_jiffies64, inlined since Linux 5.6): so it is asked once a tick, and not, for
 * a dozen nanoseconds, with every packet. */
INLINE __u32 coarse_clock(void)
{
	struct weir_clock *clock = &clocks[bpf_get_smp_processor_id() & (WEIR_CPUS - 1)];
	__u64 tick = bpf_jiffies64();

	if (unlikely(clock->tick != tick)) {
		clock->now = bpf_ktime_get_coarse_ns() >> 30;
		clock->tick = tick;
	}
	return clock->now;
}

#endif
