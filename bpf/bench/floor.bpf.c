// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* The floor that benchmarks compare with: the least a load balancer can do and still do its job. One family, one protocol, one
 * VIP in code, one ring, one load for the backend, a prebuilt outer header. No counters, fragments, ICMP, DSCP or size limit. */
#include "weir/kernel.h"

#define FLOOR_VIP 0x010012c6 /* 198.18.0.1 (RFC 2544), as in the packet */
#define FLOOR_PORT 0x5000    /* 80 */
#define FLOOR_SLOTS 4096
#define FLOOR_SOURCE 0x010a0a0a

struct floor_backend {
	__u32 address; /* as in the packet */
	__u32 check;   /* sum of the outer header without its total length, not folded */
};

__u8 floor_ring[FLOOR_SLOTS] SEC(".data.ring");
struct floor_backend floor_backends[256] SEC(".data.backend");
__u64 floor_next_hop SEC(".data.site");

SEC("xdp")
int bench_floor(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;

	if (data + 54 > end)
		return XDP_PASS;
	if (*(__u16 *)(data + 12) != 0x0008 || *(__u8 *)(data + 14) != 0x45)
		return XDP_PASS;
	if (*(__u32 *)(data + 30) != FLOOR_VIP)
		return XDP_PASS;
	if (*(__u8 *)(data + 23) != 6 || *(__u16 *)(data + 36) != FLOOR_PORT)
		return XDP_PASS;

	__u64 hash = (*(__u32 *)(data + 26) | (__u64)FLOOR_VIP << 32) ^ 0x0123456789abcdef;
	hash *= 0x9e3779b97f4a7c15;
	hash ^= hash >> 32;
	hash = (hash ^ *(__u32 *)(data + 34) ^ 6ull << 32) * 0xbf58476d1ce4e5b9;
	struct floor_backend *to = &floor_backends[floor_ring[hash >> 52]];

	__u32 length = swap16(*(__u16 *)(data + 16)) + 20;
	__u64 router = *(__u32 *)data | (__u64)*(__u16 *)(data + 4) << 32;

	if (bpf_xdp_adjust_head(ctx, -20))
		return XDP_DROP;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if (data + 34 > end)
		return XDP_DROP;

	__u32 total = swap16(length);
	__u32 sum = to->check + total;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);

	__u64 next_hop = floor_next_hop;
	*(__u32 *)data = next_hop;
	*(__u16 *)(data + 4) = next_hop >> 32;
	*(__u16 *)(data + 6) = router;
	*(__u32 *)(data + 8) = router >> 16;
	*(__u16 *)(data + 12) = 0x0008;
	*(__u16 *)(data + 14) = 0x0045;
	*(__u16 *)(data + 16) = total;
	*(__u32 *)(data + 18) = 0x00400000; /* id 0, DF */
	*(__u16 *)(data + 22) = 0x0440;     /* TTL 64, IPv4 in IPv4 */
	*(__u16 *)(data + 24) = ~sum;
	*(__u32 *)(data + 26) = FLOOR_SOURCE;
	*(__u32 *)(data + 30) = to->address;
	return XDP_TX;
}

char _license[] SEC("license") = "Dual BSD/GPL";
