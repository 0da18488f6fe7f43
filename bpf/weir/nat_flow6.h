/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The same over IPv6. README.md, section 10. */
#ifndef WEIR_NAT_FLOW6_H
#define WEIR_NAT_FLOW6_H

#include "nat_flow.h"
#include "path6.h"

__attribute__((noinline)) int nat_quoted_flow6(struct xdp_md *ctx, const struct nat_packet *packet, struct nat_flow *flow)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip;

	if (!packet || !flow)
		return WEIR_DROP_INTERNAL;
	ip = data + (packet->l4 & FAR_MASK) + ICMP_BYTES;
	if ((void *)(ip + 1) > end)
		return WEIR_DROP_MALFORMED;
	flow->client[0] = ip->destination[0];
	flow->client[1] = ip->destination[1];
	flow->vip[0] = ip->source[0];
	flow->vip[1] = ip->source[1];
	return nat_quoted_ports(ctx, packet, flow, 1);
}

INLINE int nat_flow6(struct xdp_md *ctx, const struct nat_packet *packet, struct nat_flow *flow, __u32 *said)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6 *ip = data + (packet->l3 & 31);

	if ((void *)(ip + 1) > end)
		return WEIR_DROP_INTERNAL;
	flow->kind = NAT_CLIENT6 | (packet->transport == PROTOCOL_UDP ? NAT_UDP : 0);
	if (unlikely(packet->error))
		return nat_quoted_flow6(ctx, packet, flow);
	flow->client[0] = ip->source[0];
	flow->client[1] = ip->source[1];
	flow->vip[0] = ip->destination[0];
	flow->vip[1] = ip->destination[1];
	return nat_spoken(ctx, packet, &flow->ports, said);
}

#endif
