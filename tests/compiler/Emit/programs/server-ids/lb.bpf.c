/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The load balancer of `sites.ams1`: an XDP program, generated from the topology. Change the topology, not this file.
 *
 * Encapsulation ipip; room for 4 VIPs and 128 backends.
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

/* 3 addresses, 4 port intervals each: compares 5 ns, perfect hash 7 ns */
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
		if (key == 0x00110035u) { // vips.www: udp/53 to pools.web
			out->vip = 2;
			out->ring = 12288;
			out->ring_shift = 20;
			out->ring_wide = 0;
			out->backend = 64;
			return 1;
		}
		if (key == 0x001101bbu || key == 0x001120fbu) { // vips.www: quic/443, quic/8443 to pools.web
			out->vip = 2;
			out->ring = 12288;
			out->ring_shift = 20;
			out->ring_wide = 0;
			out->backend = 64;
			out->pool = 2;
			out->affinity = WEIR_BY_CONNECTION_ID;
			return 1;
		}
		if (key == 0x000601bbu) { // vips.www: tcp/443 to pools.web
			out->vip = 2;
			out->ring = 12288;
			out->ring_shift = 20;
			out->ring_wide = 0;
			out->backend = 64;
			out->pool = 2;
			out->affinity = WEIR_BY_TCP_OPTION;
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
		if (key == 0x001101bbu) { // vips.six: quic/443 to pools.six
			out->vip = 1;
			out->ring = 4096;
			out->ring_shift = 19;
			out->ring_wide = 0;
			out->backend = 32;
			out->pool = 1;
			out->affinity = WEIR_BY_CONNECTION_ID;
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

/* 3 addresses, 4 port intervals each: compares 5 ns, perfect hash 7 ns */
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
		if (key == 0x00110035u) { // vips.www: udp/53 to pools.web
			out->vip = 2;
			out->ring = 12288;
			out->ring_shift = 20;
			out->ring_wide = 0;
			out->backend = 64;
			return 1;
		}
		if (key == 0x001101bbu || key == 0x001120fbu) { // vips.www: quic/443, quic/8443 to pools.web
			out->vip = 2;
			out->ring = 12288;
			out->ring_shift = 20;
			out->ring_wide = 0;
			out->backend = 64;
			out->pool = 2;
			out->affinity = WEIR_BY_CONNECTION_ID;
			return 1;
		}
		if (key == 0x000601bbu) { // vips.www: tcp/443 to pools.web
			out->vip = 2;
			out->ring = 12288;
			out->ring_shift = 20;
			out->ring_wide = 0;
			out->backend = 64;
			out->pool = 2;
			out->affinity = WEIR_BY_TCP_OPTION;
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
		if (key == 0x001101bbu) { // vips.six: quic/443 to pools.six
			out->vip = 1;
			out->ring = 4096;
			out->ring_shift = 19;
			out->ring_wide = 0;
			out->backend = 32;
			out->pool = 1;
			out->affinity = WEIR_BY_CONNECTION_ID;
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

#include "weir/server_ids.h"

/* Server ids of the pools' backends. */
#define WEIR_SERVERS 16
#define WEIR_POOLS 16

struct weir_servers {
	__u64 seed;
	struct weir_routing routing[WEIR_POOLS];
	__u16 displace[WEIR_SERVERS / 4];
	struct weir_server rows[WEIR_SERVERS];
};

struct weir_servers servers SEC(".data.server");

/* The row of a pool's backend that has the server id, or 0. */
INLINE const struct weir_server *find_server(__u32 pool, const __u64 id[2])
{
	__u64 other = id[1] ^ pool * WEIR_M3, x = (mix(0, id[0] ^ servers.seed, WEIR_M1) ^ other ^ other >> 32) * WEIR_M2;
	const struct weir_server *row = &servers.rows[((__u32)(x >> 32) ^ servers.displace[x >> 62]) & (WEIR_SERVERS - 1)];

	return row->id[0] == id[0] && row->id[1] == id[1] && row->pool == pool ? row : 0;
}

/* The server id in a connection id whose first octet lies at offset `at` of the frame: 0, or what is to be counted. The caller has checked that server id and
 * nonce are there. */
INLINE int quic_server_id(struct xdp_md *ctx, __u32 at, __u32 config, __u64 id[2])
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 bytes = CONFIG_SERVER_ID(config), behind = at + 1 + bytes;
	void *high = data + ((behind - 16) & FAR_MASK);
	void *low = data + ((behind - 8) & FAR_MASK); /* UDP's header lies before: there are 8 bytes in any case */

	if (low + 8 > end)
		return WEIR_NOTE_QUIC_SHORT;
	if (bytes > 8) {
		if (high + 8 > end)
			return WEIR_NOTE_QUIC_SHORT;
		id[0] = __builtin_bswap64(*(__u64 *)low);
		id[1] = server_number(*(__u64 *)high, bytes - 8, 0);
		return 0;
	}
	id[0] = server_number(*(__u64 *)low, bytes, CONFIG_SHIFT(config));
	id[1] = 0;
	return 0;
}

/* The server id that a QUIC packet carries: 0, or what is to be counted, or minus one where nothing is. */
INLINE int quic_server(struct xdp_md *ctx, const struct work *work, const struct weir_routing *routing, __u64 id[2])
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 at = work->l4 + UDP_BYTES, limit = work->l3 + work->length, room, config;
	__u8 *payload = data + (at & FAR_MASK), *first;

	if (unlikely(at + 2 > limit || (void *)(payload + 2) > end))
		return WEIR_NOTE_QUIC_SHORT;
	if (likely(!(payload[0] & QUIC_LONG))) {
		at++;
		room = limit - at;
	} else {
		if (at + QUIC_LONG_BYTES > limit || (void *)(payload + QUIC_LONG_BYTES) > end)
			return WEIR_NOTE_QUIC_SHORT;
		at = quic_long(payload, at);
		if (!at)
			return -1;
		room = payload[QUIC_LONG_BYTES - 1];
		if (!room || at + room > limit)
			return WEIR_NOTE_QUIC_SHORT;
	}
	first = data + (at & FAR_MASK);
	if ((void *)(first + 1) > end)
		return WEIR_NOTE_QUIC_SHORT;
	config = routing->config[*first >> 5];
	if (unlikely(!config))
		return *first >> 5 == QUIC_UNROUTABLE ? WEIR_NOTE_QUIC_UNROUTABLE : WEIR_NOTE_QUIC_CONFIG;
	if (unlikely(room < 1 + CONFIG_SERVER_ID(config) + CONFIG_NONCE(config)))
		return WEIR_NOTE_QUIC_SHORT;
	return quic_server_id(ctx, at, config, id);
}

/* The same for a TCP segment. */
INLINE int tcp_server(struct xdp_md *ctx, const struct work *work, const struct weir_routing *routing, __u64 id[2])
{
	__u64 found;

	if (!routing->tcp_option)
		return -1;
	found = tcp_server_id(ctx, work->l4, work->l3 + work->length, routing->tcp_option);
	id[0] = (__u32)found;
	id[1] = 0;
	return found & TCP_FOUND ? 0 : -1;
}

/* 1 with the row of the backend that the packet itself names, 0 where the hash decides. */
INLINE int named(struct xdp_md *ctx, const struct work *work, __u32 *row)
{
	const struct weir_routing *routing = &servers.routing[work->service.pool & (WEIR_POOLS - 1)];
	const struct weir_server *server;
	__u64 id[2];
	int noted;

	if (work->service.affinity == WEIR_BY_TCP_OPTION)
		noted = tcp_server(ctx, work, routing, id);
	else
		noted = quic_server(ctx, work, routing, id);
	if (unlikely(noted))
		return noted < 0 ? 0 : count(noted, 0);
	server = find_server(work->service.pool, id);
	if (unlikely(!server))
		return count(work->service.affinity == WEIR_BY_TCP_OPTION ? WEIR_NOTE_TCP_SERVER : WEIR_NOTE_QUIC_SERVER, 0);
	*row = work->service.backend + server->backend;
	asm volatile("" : "+r"(*row)); /* as in forward() */
	if (unlikely(*row >= WEIR_BACKENDS || !(backends[*row].flags & 1)))
		return count(WEIR_NOTE_SERVER_DOWN, 0);
	return 1;
}

#include "weir/outer.h"
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

/* Puts an outer IPv4 header in front. */
INLINE int send4(struct xdp_md *ctx, const struct work *work, __u32 row)
{
	const struct weir_backend *backend = &backends[row];
	__u32 destination = backend->address[0], check_seed = backend->check_seed;
	__u64 next_hop = site.next_hop4;
	void *outer;

	if (unlikely(work->length + IPV4_BYTES > WEIR_MTU))
		return too_big(ctx, work, IPV4_BYTES);
	if (unlikely(!(next_hop >> 48)))
		return count(WEIR_DROP_NO_NEXT_HOP, XDP_DROP);
	outer = outer_ether(ctx, work->l3, IPV4_BYTES, next_hop, ETHER_IPV4);
	if (unlikely(!outer))
		return count(WEIR_DROP_NO_HEADROOM, XDP_DROP);
	outer_ipv4(outer, WEIR_SOURCE4, swap32((__u32)work->hash & WEIR_ENTROPY4), destination, check_seed, work->tos, work->protocol, work->length);
	count_forwarded(work->service.vip, row, work->length);
	return XDP_TX;
}

/* Puts an outer IPv6 header in front. */
INLINE int send6(struct xdp_md *ctx, const struct work *work, __u32 row)
{
	const struct weir_backend *backend = &backends[row];
	__u64 next_hop = site.next_hop6;
	void *outer;

	if (unlikely(work->length + IPV6_BYTES > WEIR_MTU))
		return too_big(ctx, work, IPV6_BYTES);
	if (unlikely(!(next_hop >> 48)))
		return count(WEIR_DROP_NO_NEXT_HOP, XDP_DROP);
	outer = outer_ether(ctx, work->l3, IPV6_BYTES, next_hop, ETHER_IPV6);
	if (unlikely(!outer))
		return count(WEIR_DROP_NO_HEADROOM, XDP_DROP);
	outer_ipv6(outer, WEIR_SOURCE6_HIGH, WEIR_SOURCE6_LOW | (__u64)swap32((__u32)work->hash & WEIR_ENTROPY6) << 32, backend->address, work->tos, (__u32)work->hash, work->protocol, work->length);
	count_forwarded(work->service.vip, row, work->length);
	return XDP_TX;
}

/* From a flow to its backend, and out. One load decides; beside a change it sees the old owner or the new. */
INLINE int forward(struct xdp_md *ctx, struct work *work)
{
	__u32 slot = work->service.ring + ((__u32)(work->hash >> 32) >> work->service.ring_shift);
	__u32 entry, row;
	int none;

	none = 0;
	if (work->service.affinity && !work->error && !work->fragment && named(ctx, work, &row))
		goto found;
	if (slot >= WEIR_RING8)
		return count(WEIR_DROP_INTERNAL, XDP_DROP);
	entry = *(volatile __u8 *)&ring8[slot];
	none = entry >= 254;
	row = work->service.backend + entry;
found:
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
