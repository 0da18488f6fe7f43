/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The load balancer of `sites.ams1`: an XDP program, generated from the topology. Change the topology, not this file.
 *
 * Encapsulation geneve port 6081 checksum true vni 1193046 innerSource 02:00:00:00:00:01 innerDestination 02:11:22:33:44:55 options [{ class: 0x0102, type: 1, data: "00112233" }]; room for 4 VIPs and 128 backends.
 * pools.drained: 4096 slots from 0 in ring8, 32 backend rows from 0.
 * pools.six: 8192 slots from 4096 in ring8, 32 backend rows from 32.
 * pools.web: 4096 slots from 12288 in ring8, 32 backend rows from 64.
 */
#include "weir/lookup.h"
#include "weir/reasons.h"

/* Keys of the flow hash, from `seed`. */
#define WEIR_KEY0 0x0123456789abcdefull
#define WEIR_KEY1 0xfedcba9876543210ull

/* `sites.ams1.mtu`: the largest packet to a backend, outer header included. */
#define WEIR_MTU 1500

/* The frame's length, and whether it holds so many bytes. */
#define WEIR_FRAME_BYTES(ctx, data, end) bytes_between(data, end)
#define WEIR_FRAME_HOLDS(ctx, data, end, bytes) ((data) + (bytes) <= (end))

/* Room in the tables; size classes, so that growth within one needs no new program. */
#define WEIR_VIPS 4
#define WEIR_BACKENDS 128
#define WEIR_RING8 16384

__u8 ring8[WEIR_RING8 + 2] SEC(".data.ring8");
struct weir_backend backends[WEIR_BACKENDS] SEC(".data.backend");
struct weir_site site SEC(".data.site");

struct weir_counters {
	struct weir_counter vip[WEIR_VIPS];
	struct weir_counter backend[WEIR_BACKENDS];
	__u64 reason[WEIR_REASONS];
} __attribute__((aligned(64)));

/* One slice a CPU. WEIR_CPUS, a power of two, is the host's. */
struct weir_counters counters[WEIR_CPUS] SEC(".bss.counters");
struct weir_limit limits[WEIR_CPUS] SEC(".bss.limits");

#include "weir/count.h"

/* For a VIP's address, but no VIP serves the protocol and port: `sites.ams1.unmatched: pass`. */
INLINE int unmatched(void)
{
	return count(WEIR_PASS_NO_SERVICE, XDP_PASS);
}

/* 3 addresses, 3 port intervals each: compares 5 ns, perfect hash 7 ns */
INLINE __u32 vip4(__u32 address)
{
	if (address == swap32(0xcb00710au)) /* 203.0.113.10 */
		return 0;
	if (address == swap32(0xcb007114u)) /* 203.0.113.20 */
		return 1;
	if (address == swap32(0xcb00711eu)) /* 203.0.113.30 */
		return 2;
	return WEIR_NOWHERE;
}

/* `key` is protocol << 16 | port. */
INLINE int service4(__u32 where, __u32 key, struct weir_service *out)
{
	if (where == 0) { /* 203.0.113.10 */
		if (key == 0x000601bbu || (key >= 0x00061f40u && key <= 0x00061fa3u) || key == 0x00110035u) { // vips.www: tcp/443, tcp/8000-8099, udp/53 to pools.web
			out->vip = 2;
			out->ring = 12288;
			out->ring_shift = 20;
			out->ring_wide = 0;
			out->backend = 64;
			return 1;
		}
	}
	if (where == 1) { /* 203.0.113.20 */
		if (key >> 16 == 6) { // vips.six: tcp/* to pools.six
			out->vip = 1;
			out->ring = 4096;
			out->ring_shift = 19;
			out->ring_wide = 0;
			out->backend = 32;
			return 1;
		}
	}
	if (where == 2) { /* 203.0.113.30 */
		if (key == 0x00060050u) { // vips.gone: tcp/80 to pools.drained
			out->vip = 0;
			out->ring = 0;
			out->ring_shift = 20;
			out->ring_wide = 0;
			out->backend = 0;
			return 1;
		}
	}
	return 0;
}

#include "weir/path4.h"

/* An IPv4 packet from its destination to the hash of its flow. An XDP action, or WEIR_FORWARD. */
INLINE int path4(struct xdp_md *ctx, __u32 l3, struct work *work)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip = data + l3;
	struct flow4 flow = {};
	__u32 where;
	int action;

	if ((void *)(ip + 1) > end)
		return count(WEIR_PASS_NOT_IP, XDP_PASS);
	where = vip4(ip->destination);
	if (where == WEIR_NOWHERE)
		return count_foreign(WEIR_PASS_NO_VIP, XDP_PASS);

	action = parse4(ctx, l3, work, &flow);
	if (action != WEIR_FORWARD)
		return action;

	if (!service4(where, flow.protocol << 16 | swap16(flow.ports >> 16), &work->service))
		return work->error ? count(WEIR_DROP_ICMP_INNER, XDP_DROP) : unmatched();

	work->hash = flow_hash4(flow.source, flow.destination, flow.ports, flow.protocol, WEIR_KEY0, WEIR_KEY1);
	return WEIR_FORWARD;
}

/* 3 addresses, 3 port intervals each: compares 5 ns, perfect hash 7 ns */
INLINE __u32 vip6(const __u64 address[2])
{
	if (address[0] == 0x00000000b80d0120ull && address[1] == 0x1000000000000000ull) /* 2001:db8::10 */
		return 0;
	if (address[0] == 0x00000000b80d0120ull && address[1] == 0x2000000000000000ull) /* 2001:db8::20 */
		return 1;
	if (address[0] == 0x00000000b80d0120ull && address[1] == 0x3000000000000000ull) /* 2001:db8::30 */
		return 2;
	return WEIR_NOWHERE;
}

/* `key` is protocol << 16 | port. */
INLINE int service6(__u32 where, __u32 key, struct weir_service *out)
{
	if (where == 0) { /* 2001:db8::10 */
		if (key == 0x000601bbu || (key >= 0x00061f40u && key <= 0x00061fa3u) || key == 0x00110035u) { // vips.www: tcp/443, tcp/8000-8099, udp/53 to pools.web
			out->vip = 2;
			out->ring = 12288;
			out->ring_shift = 20;
			out->ring_wide = 0;
			out->backend = 64;
			return 1;
		}
	}
	if (where == 1) { /* 2001:db8::20 */
		if (key >> 16 == 6) { // vips.six: tcp/* to pools.six
			out->vip = 1;
			out->ring = 4096;
			out->ring_shift = 19;
			out->ring_wide = 0;
			out->backend = 32;
			return 1;
		}
	}
	if (where == 2) { /* 2001:db8::30 */
		if (key == 0x00060050u) { // vips.gone: tcp/80 to pools.drained
			out->vip = 0;
			out->ring = 0;
			out->ring_shift = 20;
			out->ring_wide = 0;
			out->backend = 0;
			return 1;
		}
	}
	return 0;
}

#include "weir/path6.h"

/* An IPv6 packet from its destination to the hash of its flow. An XDP action, or WEIR_FORWARD. */
INLINE int path6(struct xdp_md *ctx, __u32 l3, struct work *work)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + l3;
	struct flow6 flow = {};
	__u64 vip[2];
	__u32 where;
	int action;

	if ((void *)(ip + 1) > end)
		return count(WEIR_PASS_NOT_IP, XDP_PASS);
	vip[0] = ip->destination[0];
	vip[1] = ip->destination[1];
	where = vip6(vip);
	if (where == WEIR_NOWHERE)
		return count_foreign(WEIR_PASS_NO_VIP, XDP_PASS);

	action = parse6(ctx, l3, work, &flow);
	if (action != WEIR_FORWARD)
		return action;

	if (!service6(where, flow.protocol << 16 | swap16(flow.ports >> 16), &work->service))
		return work->error ? count(WEIR_DROP_ICMP_INNER, XDP_DROP) : unmatched();

	work->hash = flow_hash6(flow.source, flow.destination, flow.ports, flow.protocol, WEIR_KEY0, WEIR_KEY1);
	return WEIR_FORWARD;
}

#include "weir/outer.h"
#include "weir/tunnel.h"
#include "weir/inner_sum.h"
#include "weir/too_big4.h"
#include "weir/too_big6.h"

/* Outer source `10.10.0.0/24` of `sites.ams1.encapsulation`; entropy fills the host bits of a prefix. */
#define WEIR_SOURCE4 swap32(0x0a0a0000u)
#define WEIR_ENTROPY4 0x000000ffu

/* Outer source `fd00:10::/64` of `sites.ams1.encapsulation`; entropy fills the host bits of a prefix. */
#define WEIR_SOURCE6_HIGH 0x00000000100000fdull
#define WEIR_SOURCE6_LOW 0x0000000000000000ull
#define WEIR_ENTROPY6 0xffffffffu

/* A packet that does not fit is answered where its sender can do something about it. */
INLINE int too_big(struct xdp_md *ctx, const struct work *work, __u32 outer)
{
	if (work->error)
		return count(WEIR_DROP_TOO_BIG, XDP_DROP);
	if (work->protocol == PROTOCOL_IPV6)
		return too_big6(ctx, work->l3, WEIR_MTU - outer);
	return too_big4(ctx, work->l3, WEIR_MTU - outer);
}

/* The sum of the packet's words, for outer checksums. */
INLINE __u32 inner_sum(struct xdp_md *ctx, const struct work *work)
{
	return work->protocol == PROTOCOL_IPV6 ? inner_sum6(ctx, work) : inner_sum4(ctx, work);
}

/* Encapsulation `geneve port 6081 checksum true vni 1193046 innerSource 02:00:00:00:00:01 innerDestination 02:11:22:33:44:55 options [{ class: 0x0102, type: 1, data: "00112233" }]` over IPv4. */
INLINE int send4(struct xdp_md *ctx, const struct work *work, __u32 row)
{
	const struct weir_backend *backend = &backends[row];
	__u32 destination = backend->address[0], check_seed = backend->check_seed;
	__u32 from = WEIR_SOURCE4, entropy = swap32((__u32)work->hash & WEIR_ENTROPY4);
	__u64 next_hop = site.next_hop4;
	__u64 sum;
	void *outer;

	if (unlikely(work->length + (IPV4_BYTES + UDP_BYTES + GENEVE_BYTES + 8 + ETHER_BYTES) > WEIR_MTU))
		return too_big(ctx, work, (IPV4_BYTES + UDP_BYTES + GENEVE_BYTES + 8 + ETHER_BYTES));
	if (unlikely(!(next_hop >> 48)))
		return count(WEIR_DROP_NO_NEXT_HOP, XDP_DROP);
	sum = inner_sum(ctx, work);
	outer = outer_ether(ctx, work->l3, (IPV4_BYTES + UDP_BYTES + GENEVE_BYTES + 8 + ETHER_BYTES), next_hop, ETHER_IPV4);
	if (unlikely(!outer))
		return count(WEIR_DROP_NO_HEADROOM, XDP_DROP);
	outer_ipv4(outer, from, entropy, destination, check_seed, work->tos, PROTOCOL_UDP, work->length + (UDP_BYTES + GENEVE_BYTES + 8 + ETHER_BYTES));
	outer += IPV4_BYTES;
	sum += put_geneve(outer + UDP_BYTES, 2, 0, 1193046);
	sum += put4(outer + UDP_BYTES + GENEVE_BYTES + 0, swap32(0x01020101u));
	sum += put4(outer + UDP_BYTES + GENEVE_BYTES + 4, swap32(0x00112233u));
	sum += put_ether(outer + UDP_BYTES + GENEVE_BYTES + 8, 0x0002554433221102ull, 0x01000000u, work->protocol);
	put_udp_checked(outer, (__u32)work->hash, swap16(6081), work->length + (UDP_BYTES + GENEVE_BYTES + 8 + ETHER_BYTES), (__u64)(from | entropy) + destination, sum);
	count_forwarded(work->service.vip, row, work->length);
	return XDP_TX;
}

/* Encapsulation `geneve port 6081 checksum true vni 1193046 innerSource 02:00:00:00:00:01 innerDestination 02:11:22:33:44:55 options [{ class: 0x0102, type: 1, data: "00112233" }]` over IPv6. */
INLINE int send6(struct xdp_md *ctx, const struct work *work, __u32 row)
{
	const struct weir_backend *backend = &backends[row];
	__u64 high = WEIR_SOURCE6_HIGH, low = WEIR_SOURCE6_LOW | (__u64)swap32((__u32)work->hash & WEIR_ENTROPY6) << 32;
	__u64 next_hop = site.next_hop6;
	__u64 sum;
	void *outer;

	if (unlikely(work->length + (IPV6_BYTES + UDP_BYTES + GENEVE_BYTES + 8 + ETHER_BYTES) > WEIR_MTU))
		return too_big(ctx, work, (IPV6_BYTES + UDP_BYTES + GENEVE_BYTES + 8 + ETHER_BYTES));
	if (unlikely(!(next_hop >> 48)))
		return count(WEIR_DROP_NO_NEXT_HOP, XDP_DROP);
	sum = inner_sum(ctx, work);
	outer = outer_ether(ctx, work->l3, (IPV6_BYTES + UDP_BYTES + GENEVE_BYTES + 8 + ETHER_BYTES), next_hop, ETHER_IPV6);
	if (unlikely(!outer))
		return count(WEIR_DROP_NO_HEADROOM, XDP_DROP);
	outer_ipv6(outer, high, low, backend->address, work->tos, (__u32)work->hash, PROTOCOL_UDP, work->length + (UDP_BYTES + GENEVE_BYTES + 8 + ETHER_BYTES));
	outer += IPV6_BYTES;
	sum += put_geneve(outer + UDP_BYTES, 2, 0, 1193046);
	sum += put4(outer + UDP_BYTES + GENEVE_BYTES + 0, swap32(0x01020101u));
	sum += put4(outer + UDP_BYTES + GENEVE_BYTES + 4, swap32(0x00112233u));
	sum += put_ether(outer + UDP_BYTES + GENEVE_BYTES + 8, 0x0002554433221102ull, 0x01000000u, work->protocol);
	put_udp_checked(outer, (__u32)work->hash, swap16(6081), work->length + (UDP_BYTES + GENEVE_BYTES + 8 + ETHER_BYTES), words(high) + words(low) + words(backend->address[0]) + words(backend->address[1]), sum);
	count_forwarded(work->service.vip, row, work->length);
	return XDP_TX;
}

/* From a flow to its backend, and out. One load decides; beside a change it sees the old owner or the new. */
INLINE int forward(struct xdp_md *ctx, struct work *work)
{
	__u32 slot = work->service.ring + ((__u32)(work->hash >> 32) >> work->service.ring_shift);
	__u32 entry, row;
	int none;

	if (slot >= WEIR_RING8)
		return count(WEIR_DROP_INTERNAL, XDP_DROP);
	entry = *(volatile __u8 *)&ring8[slot];
	none = entry >= 254;
	row = work->service.backend + entry;
	/* Else clang tests the top bit of a one-byte entry for 128 rows, which the verifier does not understand as a bound. */
	asm volatile("" : "+r"(row));
	if (unlikely(none || row >= WEIR_BACKENDS || work->service.vip >= WEIR_VIPS))
		return count(none ? WEIR_DROP_NO_BACKEND : WEIR_DROP_INTERNAL, XDP_DROP);
	if (backends[row].flags & 2)
		return send6(ctx, work, row);
	return send4(ctx, work, row);
}

SEC("xdp") int weir_ams1(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct work work = {};
	__u32 l3 = ETHER_BYTES;
	__u16 type;
	int action;

	if (data + ETHER_BYTES > end)
		return count(WEIR_PASS_NOT_IP, XDP_PASS);
	type = *(__u16 *)(data + 12);
	if (unlikely(type != ETHER_IPV4 && type != ETHER_IPV6))
		type = ether_type_below_tags(data, end, type, &l3);
	if (type == ETHER_IPV4)
		action = path4(ctx, l3, &work);
	else if (type == ETHER_IPV6)
		action = path6(ctx, l3, &work);
	else
		return count(WEIR_PASS_NOT_IP, XDP_PASS);
	return action == WEIR_FORWARD ? forward(ctx, &work) : action;
}

/* Some kernel helpers ask for it; the text is under either licence. */
char weir_license[] SEC("license") = "GPL";
