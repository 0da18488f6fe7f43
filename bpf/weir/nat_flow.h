/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What NAT asks of a packet: the client's flow, TCP's flags and the hops it has left. README.md, section 10. */
#ifndef WEIR_NAT_FLOW_H
#define WEIR_NAT_FLOW_H

#include "nat_icmp.h"

/* What TCP's flags say of a connection; `ends` is the bit of the side that speaks. */
INLINE __u32 nat_said(__u32 flags, __u32 ends)
{
	return (flags & TCP_FIN ? ends : 0) | (flags & TCP_RST ? NAT_RESET : 0);
}

/* Whether the transport header is there whole, and TCP's flags: a SYN is said without ACK. An ICMP error says nothing. 0, or the reason why not. */
INLINE int nat_spoken(struct xdp_md *ctx, const struct nat_packet *packet, __u32 *ports, __u32 *said)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *l4 = data + (packet->l4 & FAR_MASK);

	if (l4 + 8 > end)
		return WEIR_DROP_MALFORMED;
	*ports = *(__u32 *)l4;
	if (packet->transport == PROTOCOL_UDP || packet->error)
		return 0;
	if (l4 + 20 > end)
		return WEIR_DROP_MALFORMED;
	*said = *(__u8 *)(l4 + 13);
	if (*said & TCP_ACK)
		*said &= ~TCP_SYN;
	return 0;
}

/* The hops that the packet has left. The caller has checked its header. */
INLINE __u32 nat_hops(struct xdp_md *ctx, const struct nat_packet *packet, const int six)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *ip = data + (packet->l3 & 31);

	return ip + IPV4_BYTES > end ? 0 : *(__u8 *)(ip + (six ? 7 : 8));
}

/* The same of a quoted packet, reversed. */
INLINE int nat_quoted_ports(struct xdp_md *ctx, const struct nat_packet *packet, struct nat_flow *flow, const int six)
{
	__u32 at = (packet->l4 & FAR_MASK) + ICMP_BYTES, transport = nat_quoted_transport(ctx, at, packet->length - (at - (packet->l3 & 31)), six);
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *l4 = data + ((at + transport) & FAR_MASK);

	if (l4 + 4 > end)
		return WEIR_DROP_MALFORMED;
	flow->ports = *(__u32 *)l4 << 16 | *(__u32 *)l4 >> 16;
	return 0;
}

/* The flow of an ICMP error over IPv4 is the quoted packet's, the other way. */
__attribute__((noinline)) int nat_quoted_flow4(struct xdp_md *ctx, const struct nat_packet *packet, struct nat_flow *flow)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip;

	if (!packet || !flow)
		return WEIR_DROP_INTERNAL;
	ip = data + (packet->l4 & FAR_MASK) + ICMP_BYTES;
	if ((void *)(ip + 1) > end)
		return WEIR_DROP_MALFORMED;
	flow->client[0] = ip->destination;
	flow->vip[0] = ip->source;
	return nat_quoted_ports(ctx, packet, flow, 0);
}

/* 0, or the reason why not. */
INLINE int nat_flow4(struct xdp_md *ctx, const struct nat_packet *packet, struct nat_flow *flow, __u32 *said)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv4 *ip = data + (packet->l3 & 31);

	if ((void *)(ip + 1) > end)
		return WEIR_DROP_INTERNAL;
	flow->kind = packet->transport == PROTOCOL_UDP ? NAT_UDP : 0;
	if (unlikely(packet->error))
		return nat_quoted_flow4(ctx, packet, flow);
	flow->client[0] = ip->source;
	flow->vip[0] = ip->destination;
	return nat_spoken(ctx, packet, &flow->ports, said);
}

#endif
