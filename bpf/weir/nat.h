/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Connections through NAT, and where they are remembered. README.md, section 10. Needs `nat`, `nat_rows` and `backends`, which the program declares. */
#ifndef WEIR_NAT_H
#define WEIR_NAT_H

#include "clock.h"
#include "count.h"
#include "hash.h"
#include "packet.h"

/* Source ports of an address: 32768 to 65535. */
#define NAT_PORT_BITS 15
#define NAT_PORTS (1u << NAT_PORT_BITS)

/* Rows where a connection may be: two buckets of eight. */
#define NAT_BUCKET 8
#define NAT_ROWS (2 * NAT_BUCKET)

/* Bits of `turn`, which a row's owner alone changes; NAT_TURN is added with each. */
#define NAT_BUSY 1
#define NAT_UDP 2
#define NAT_CLIENT6 4
#define NAT_BACKEND6 8
#define NAT_TURN 16

/* Bits of `seen`: the backend has answered; then the client again; they and the other side have said the last; somebody has refused. */
#define NAT_ANSWERED 1
#define NAT_SETTLED 2
#define NAT_CLIENT_ENDS 4
#define NAT_BACKEND_ENDS 8
#define NAT_RESET 16

/* How long a row is its connection's after the last packet, in 2^30 ns: 2 h 4 min for a TCP connection that is settled, 4 min for another
 * (RFC 5382, REQ-5), 5 min for UDP (RFC 4787, REQ-5). */
#define NAT_AGE_TCP 6930
#define NAT_AGE_TCP_SHORT 224
#define NAT_AGE_UDP 280

#define NAT_CLOCK_MASK 0xffffff

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* A client's connection: what its packets have in common. IPv4 addresses lie in the first four bytes. */
struct nat_flow {
	__u64 client[2];
	__u64 vip[2];
	__u32 ports;
	__u32 kind; /* NAT_UDP, NAT_CLIENT6 */
};

/* What of a row a packet needs, read at once. */
struct nat_bound {
	__u64 backend[2];
	__u32 seen;
	__u32 turn;
	__u16 port;
	__u16 id;
};

INLINE __u32 nat_clock(void) { return coarse_clock() & NAT_CLOCK_MASK; }

/* Where the flow's rows are. What the VIP's policy leaves out of the flow's hash is in here. */
INLINE __u64 nat_hash(__u64 hash, const struct nat_flow *flow)
{
	return mix(mix(hash, flow->client[0] ^ flow->client[1], WEIR_M1), flow->ports | (__u64)flow->kind << 32, WEIR_M2);
}

/* The n-th of them. */
INLINE __u32 nat_place(__u64 hash, __u32 rows, __u32 n)
{
	__u32 bucket = (n < NAT_BUCKET ? hash : hash >> 29) & (rows / NAT_BUCKET - 1);

	return bucket * NAT_BUCKET + (((hash >> 61) + n) & (NAT_BUCKET - 1));
}

/* A row. In assembly, since clang would shift before it compares, and Linux 6.1 then knows no bound. */
INLINE struct weir_nat_row *nat_row(__u32 at)
{
	asm volatile("%0 &= %1" : "+r"(at) : "i"(WEIR_NAT - 1));
	return &nat_rows[at];
}

/* Whether the row is the flow's. */
INLINE int nat_holds(const struct weir_nat_row *row, const struct nat_flow *flow)
{
	if ((*(volatile __u32 *)&row->turn & (NAT_BUSY | NAT_UDP | NAT_CLIENT6)) != flow->kind || row->ports != flow->ports)
		return 0;
	if (row->client[0] != flow->client[0] || row->vip[0] != flow->vip[0])
		return 0;
	return !(flow->kind & NAT_CLIENT6) || (row->client[1] == flow->client[1] && row->vip[1] == flow->vip[1]);
}

/* The flow's row, where it is not the first. This and all that is rare here are global functions, so that the verifier looks at each once. */
__attribute__((noinline)) __u32 nat_search(const struct nat_flow *flow, __u64 hash, __u32 rows)
{
	if (!flow)
		return WEIR_NOWHERE;
	for (__u32 n = 1; n < NAT_ROWS; n++) {
		__u32 at = nat_place(hash, rows, n);

		if (at < WEIR_NAT && nat_holds(nat_row(at), flow))
			return at;
	}
	return WEIR_NOWHERE;
}

/* The flow's row, or WEIR_NOWHERE. */
INLINE __u32 nat_find(const struct nat_flow *flow, __u64 hash, __u32 rows)
{
	__u32 at = nat_place(hash, rows, 0);

	if (likely(at < WEIR_NAT && nat_holds(nat_row(at), flow)))
		return at;
	return nat_search(flow, hash, rows);
}

/* Whether both sides talk: such a row is nobody else's until it is too old. */
INLINE int nat_settled(__u32 seen)
{
	__u32 ends = seen & (NAT_CLIENT_ENDS | NAT_BACKEND_ENDS);

	return seen & NAT_SETTLED && !(seen & NAT_RESET) && ends != (NAT_CLIENT_ENDS | NAT_BACKEND_ENDS);
}

/* A row for a new connection: the first that is free, else the one that is longest not settled. WEIR_NOWHERE where all are. */
__attribute__((noinline)) __u32 nat_free(__u64 hash, __u32 rows, __u32 now)
{
	__u32 found = WEIR_NOWHERE, oldest = 0;

	for (__u32 n = 0; n < NAT_ROWS; n++) {
		__u32 at = nat_place(hash, rows, n), turn, seen, age, limit;
		const struct weir_nat_row *row;

		if (at >= WEIR_NAT)
			return WEIR_NOWHERE;
		row = nat_row(at);
		turn = *(volatile __u32 *)&row->turn;
		seen = *(volatile __u32 *)&row->seen;
		if (turn & NAT_BUSY)
			continue;
		/* Another CPU's clock may be ahead. */
		age = (now - (seen >> 8)) & NAT_CLOCK_MASK;
		age = age > NAT_CLOCK_MASK / 2 ? 0 : age;
		limit = turn & NAT_UDP ? NAT_AGE_UDP : nat_settled(seen) ? NAT_AGE_TCP : NAT_AGE_TCP_SHORT;
		if (!turn || age >= limit)
			return at;
		if (!nat_settled(seen) && age >= oldest) {
			/* The first of those equally old: hence the one more. */
			oldest = age + 1;
			found = at;
		}
	}
	return found;
}

/* Makes the row the flow's. 0 where another CPU is doing so. */
INLINE int nat_write(__u32 at, const struct nat_flow *flow, const __u64 backend[2], int backend6, __u16 port, __u16 id, __u32 seen)
{
	struct weir_nat_row *row = nat_row(at);
	__u32 turn = *(volatile __u32 *)&row->turn, next;

	if (turn & NAT_BUSY || __sync_val_compare_and_swap(&row->turn, turn, turn | NAT_BUSY) != turn)
		return 0;
	row->client[0] = flow->client[0];
	row->client[1] = flow->client[1];
	row->vip[0] = flow->vip[0];
	row->vip[1] = flow->vip[1];
	row->backend[0] = backend[0];
	row->backend[1] = backend[1];
	row->ports = flow->ports;
	row->port = port;
	row->id = id;
	row->seen = seen;
	next = (turn & -NAT_TURN) + NAT_TURN;
	next = (next ? next : NAT_TURN) | flow->kind | (backend6 ? NAT_BACKEND6 : 0);
	/* Whatever was written before is there for whoever sees it. */
	__sync_lock_test_and_set(&row->turn, next);
	return 1;
}

/* Reads a row. 0 where it changed meanwhile. */
INLINE int nat_read(__u32 at, struct nat_bound *bound)
{
	struct weir_nat_row *row = nat_row(at);

	bound->turn = *(volatile __u32 *)&row->turn;
	bound->backend[0] = *(volatile __u64 *)&row->backend[0];
	bound->backend[1] = *(volatile __u64 *)&row->backend[1];
	bound->seen = *(volatile __u32 *)&row->seen;
	bound->port = *(volatile __u16 *)&row->port;
	bound->id = *(volatile __u16 *)&row->id;
	return !(bound->turn & NAT_BUSY) && *(volatile __u32 *)&row->turn == bound->turn;
}

/* Notes a packet: when, and what it said. Written only where that is news. */
INLINE void nat_note(__u32 at, __u32 seen, __u32 now, __u32 said)
{
	said |= (seen & 0xff) | now << 8;
	if (said != seen)
		*(volatile __u32 *)&nat_row(at)->seen = said;
}

/* The first row of a source address, or a number that is none. */
INLINE __u32 nat_rows4(__u32 address)
{
	__u32 number = swap32(address ^ nat.prefix4);

	return nat.families & 1 && number < nat.rows >> NAT_PORT_BITS ? number << NAT_PORT_BITS : WEIR_NOWHERE;
}

INLINE __u32 nat_rows6(const __u64 address[2])
{
	__u64 low = __builtin_bswap64(address[1] ^ nat.prefix6[1]);

	return nat.families & 2 && address[0] == nat.prefix6[0] && low < nat.rows >> NAT_PORT_BITS ? (__u32)low << NAT_PORT_BITS : WEIR_NOWHERE;
}

/* A row's source port as in the packet. */
INLINE __u16 nat_port(__u32 at) { return swap16(NAT_PORTS | (at & (NAT_PORTS - 1))); }

#endif
