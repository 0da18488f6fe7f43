/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* For backends without tunnel devices: strips IPIP, GRE, GUE, VXLAN and Geneve, IPv4 and IPv6 inside and out, and passes the inner packet to the
 * stack. Everything else passes untouched. ../README.md, section 8. */
#include "weir/strip.h"

#define DECAP_PREFIXES 16

struct decap_prefix4 {
	__u32 address; /* as in the packet, host bits 0; in an unused row what no masked source is */
	__u32 mask;
};

struct decap_prefix6 {
	__u64 address[2];
	__u64 mask[2];
};

/* What the host allows. */
struct decap_rules {
	__u32 kinds;        /* bits of enum strip_kind */
	__u16 gue;          /* UDP destination ports, as in the packet */
	__u16 vxlan;
	__u16 geneve;
	__u16 zero_check6;  /* 1: UDP over IPv6 may come without a checksum */
	__u32 unused;
	struct decap_prefix4 from4[DECAP_PREFIXES]; /* who may send */
	struct decap_prefix6 from6[DECAP_PREFIXES];
};

/* Per CPU; WEIR_CPUS, a power of two, is the host's. */
struct decap_counters {
	__u64 passed;  /* packets that are not encapsulated as the rules say */
	__u64 decapsulated;
	__u64 sender;  /* dropped, as all below: from somebody who may not send */
	__u64 malformed;
	__u64 fragment;
	__u64 checksum;
	__u64 ecn;
	__u64 bytes;   /* of the inner packets that were decapsulated */
} __attribute__((aligned(64)));

struct decap_rules rules SEC(".data.rules");
struct decap_counters counters[WEIR_CPUS] SEC(".bss.counters");

#define WEIR_FRAME_HOLDS(ctx, data, end, bytes) ((data) + (bytes) <= (end))
#define STRIP_ZERO_CHECK6 rules.zero_check6

INLINE __u8 strip_kind(__u8 protocol, __u16 port)
{
	__u32 kind = STRIP_NOTHING;

	if (protocol == PROTOCOL_IPV4 || protocol == PROTOCOL_IPV6)
		kind = STRIP_IPIP;
	else if (protocol == PROTOCOL_GRE)
		kind = STRIP_GRE;
	else if (protocol == PROTOCOL_UDP && rules.kinds & STRIP_GUE && port == rules.gue)
		kind = STRIP_GUE;
	else if (protocol == PROTOCOL_UDP && rules.kinds & STRIP_VXLAN && port == rules.vxlan)
		kind = STRIP_VXLAN;
	else if (protocol == PROTOCOL_UDP && port == rules.geneve)
		kind = STRIP_GENEVE;
	return rules.kinds & kind;
}

INLINE int strip_sender4(__u32 source)
{
	for (__u32 i = 0; i < DECAP_PREFIXES; i++)
		if ((source & rules.from4[i].mask) == rules.from4[i].address)
			return 1;
	return 0;
}

INLINE int strip_sender6(const __u64 source[2])
{
	for (__u32 i = 0; i < DECAP_PREFIXES; i++)
		if ((source[0] & rules.from6[i].mask[0]) == rules.from6[i].address[0] && (source[1] & rules.from6[i].mask[1]) == rules.from6[i].address[1])
			return 1;
	return 0;
}

#include "weir/strip_ether.h"
#include "weir/strip_gre.h"
#include "weir/strip_gue.h"
#include "weir/strip_inner.h"

INLINE int headers(struct xdp_md *ctx, struct strip *strip)
{
	switch (strip->kind) {
	case STRIP_GRE:
		return strip_gre(ctx, strip);
	case STRIP_GUE:
		return strip_gue(ctx, strip);
	case STRIP_VXLAN:
		return strip_vxlan(ctx, strip);
	case STRIP_GENEVE:
		return strip_geneve(ctx, strip);
	default:
		return STRIP_ON;
	}
}

SEC("xdp") int weir_decap(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct decap_counters *mine = &counters[bpf_get_smp_processor_id() & (WEIR_CPUS - 1)];
	struct strip strip = {};
	__u16 type = ether_type(data, end, &strip.l3);
	int outcome = STRIP_NOT;

	if (type == ETHER_IPV4)
		outcome = strip_packet(ctx, &strip, 0, headers);
	else if (type == ETHER_IPV6)
		outcome = strip_packet(ctx, &strip, 1, headers);
	switch (outcome) {
	case STRIP_NOT:
		mine->passed++;
		return XDP_PASS;
	case STRIP_DONE:
		mine->decapsulated++;
		mine->bytes += strip.length;
		return XDP_PASS;
	case STRIP_SENDER:
		mine->sender++;
		return XDP_DROP;
	case STRIP_FRAGMENT:
		mine->fragment++;
		return XDP_DROP;
	case STRIP_CHECKSUM:
		mine->checksum++;
		return XDP_DROP;
	case STRIP_ECN:
		mine->ecn++;
		return XDP_DROP;
	default:
		mine->malformed++;
		return XDP_DROP;
	}
}

char weir_license[] SEC("license") = "GPL";
