/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* For backends without tunnel devices: strips IPIP (4-in-4, 6-in-6, 4-in-6, 6-in-4) and passes the inner packet to the stack.
 * Everything else passes untouched. RFC 2003, RFC 2473, RFC 4213; ECN by RFC 6040, section 4.2. */
#include "weir/packet.h"

/* Per CPU; WEIR_CPUS, a power of two, is the host's. */
struct decap_counters {
	__u64 decapsulated;   /* packets */
	__u64 bytes;          /* of their inner IP packets */
	__u64 passed;         /* not IPIP */
	__u64 drop_malformed; /* lengths or versions that contradict each other, or fragments of an outer packet */
	__u64 drop_ecn;       /* congestion experienced outside, no ECN inside (RFC 6040, figure 4) */
} __attribute__((aligned(64)));

struct decap_counters counters[WEIR_CPUS] SEC(".bss.counters");

#define mine (&counters[bpf_get_smp_processor_id() & (WEIR_CPUS - 1)])

#define ECN_MASK 3
#define ECN_CE 3
#define ECN_ECT1 1

INLINE int malformed(void)
{
	mine->drop_malformed++;
	return XDP_DROP;
}

/* The inner ECN field after decapsulation, or -1 to drop (RFC 6040, figure 4). */
INLINE int ecn(__u8 outer, __u8 inner)
{
	outer &= ECN_MASK;
	inner &= ECN_MASK;
	if (outer == ECN_CE)
		return inner ? ECN_CE : -1;
	return outer == ECN_ECT1 && inner == 2 ? ECN_ECT1 : inner;
}

/* Takes `strip` bytes of outer header from between Ethernet and the inner header. */
INLINE int strip_outer(struct xdp_md *ctx, __u32 l3, __u32 strip, __u8 outer_tos, int inner6)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 first, second, third, length;
	void *inner = data + l3 + strip;
	__u16 tags[4];
	int field;

	if (inner6) {
		struct ipv6 *ip = inner;
		__u32 class;

		if ((void *)(ip + 1) > end || (ip->version_class_label & 0xf0) != 0x60)
			return malformed();
		class = swap32(ip->version_class_label);
		field = ecn(outer_tos, class >> 20);
		length = IPV6_BYTES + swap16(ip->payload_length);
		if (field >= 0)
			ip->version_class_label = swap32((class & ~(ECN_MASK << 20)) | field << 20);
	} else {
		struct ipv4 *ip = inner;
		__u8 tos;

		if ((void *)(ip + 1) > end || ip->version_ihl >> 4 != 4)
			return malformed();
		field = ecn(outer_tos, ip->tos);
		length = swap16(ip->total_length);
		if (field >= 0) {
			tos = (ip->tos & ~ECN_MASK) | field;
			ip->check = check_changed(ip->check, ip->version_ihl | ip->tos << 8, ip->version_ihl | tos << 8);
			ip->tos = tos;
		}
	}
	if (field < 0) {
		mine->drop_ecn++;
		return XDP_DROP;
	}
	/* MACs and tags move up to the inner header. */
	if (data + ETHER_BYTES + 2 * TAG_BYTES > end)
		return malformed();
	first = *(__u32 *)data;
	second = *(__u32 *)(data + 4);
	third = *(__u32 *)(data + 8);
	__builtin_memcpy(tags, data + 12, sizeof(tags));
	if (bpf_xdp_adjust_head(ctx, strip))
		return malformed();
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if (data + ETHER_BYTES + 2 * TAG_BYTES > end || data + l3 > end)
		return malformed();
	*(__u32 *)data = first;
	*(__u32 *)(data + 4) = second;
	*(__u32 *)(data + 8) = third;
	if (l3 >= ETHER_BYTES + TAG_BYTES)
		__builtin_memcpy(data + 12, tags, 4);
	if (l3 == ETHER_BYTES + 2 * TAG_BYTES)
		__builtin_memcpy(data + 16, tags + 2, 4);
	*(__u16 *)(data + l3 - 2) = inner6 ? ETHER_IPV6 : ETHER_IPV4;
	mine->decapsulated++;
	mine->bytes += length;
	return XDP_PASS;
}

INLINE int decap4(struct xdp_md *ctx, __u32 l3)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip = data + l3;

	if ((void *)(ip + 1) > end || (ip->protocol != PROTOCOL_IPV4 && ip->protocol != PROTOCOL_IPV6))
		return -1;
	/* Our load balancers send neither options nor fragments. */
	if (ip->version_ihl != 0x45 || ip->fragment & IPV4_MF_OR_OFFSET || data + l3 + swap16(ip->total_length) > end)
		return malformed();
	return strip_outer(ctx, l3, IPV4_BYTES, ip->tos, ip->protocol == PROTOCOL_IPV6);
}

INLINE int decap6(struct xdp_md *ctx, __u32 l3)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + l3;

	if ((void *)(ip + 1) > end || (ip->next_header != PROTOCOL_IPV4 && ip->next_header != PROTOCOL_IPV6))
		return -1;
	if ((ip->version_class_label & 0xf0) != 0x60 || data + l3 + IPV6_BYTES + swap16(ip->payload_length) > end)
		return malformed();
	return strip_outer(ctx, l3, IPV6_BYTES, swap32(ip->version_class_label) >> 20, ip->next_header == PROTOCOL_IPV6);
}

SEC("xdp") int weir_decap(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 l3 = 0;
	__u16 type = ether_type(data, end, &l3);
	int action = -1;

	if (type == ETHER_IPV4)
		action = decap4(ctx, l3);
	else if (type == ETHER_IPV6)
		action = decap6(ctx, l3);
	if (action >= 0)
		return action;
	mine->passed++;
	return XDP_PASS;
}

char weir_license[] SEC("license") = "GPL";
