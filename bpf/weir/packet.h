/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Headers as they lie in the packet, and the numbers in them. */
#ifndef WEIR_PACKET_H
#define WEIR_PACKET_H

#include "kernel.h"

/* EtherTypes as loaded from the packet (IEEE 802; 802.1Q, 802.1ad). */
#define ETHER_IPV4 swap16(0x0800)
#define ETHER_IPV6 swap16(0x86dd)
#define ETHER_VLAN swap16(0x8100)
#define ETHER_QINQ swap16(0x88a8)

#define ETHER_BYTES 14
#define TAG_BYTES 4
#define IPV4_BYTES 20
#define IPV6_BYTES 40
#define ICMP_BYTES 8

/* Offsets stay below this: more than any frame, and what the verifier tracks. */
#define FAR_MASK 0x7fff

/* Protocol numbers (IANA). */
enum {
	PROTOCOL_HOPOPTS = 0,
	PROTOCOL_ICMP = 1,
	PROTOCOL_IPV4 = 4,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_IPV6 = 41,
	PROTOCOL_ROUTING = 43,
	PROTOCOL_FRAGMENT = 44,
	PROTOCOL_GRE = 47,
	PROTOCOL_ICMPV6 = 58,
	PROTOCOL_DSTOPTS = 60,
	PROTOCOL_NONE = 59,
};

/* RFC 791 */
struct ipv4 {
	__u8 version_ihl;
	__u8 tos;
	__u16 total_length;
	__u16 id;
	__u16 fragment;
	__u8 ttl;
	__u8 protocol;
	__u16 check;
	__u32 source;
	__u32 destination;
};

#define IPV4_DF swap16(0x4000)
#define IPV4_MF_OR_OFFSET swap16(0x3fff)
#define IPV4_OFFSET swap16(0x1fff)

/* RFC 8200. */
struct ipv6 {
	__u32 version_class_label;
	__u16 payload_length;
	__u8 next_header;
	__u8 hop_limit;
	__u64 source[2];
	__u64 destination[2];
};

/* RFC 792, RFC 4443 */
struct icmp {
	__u8 type;
	__u8 code;
	__u16 check;
	__u32 rest;
};

/* What an IP header adds up to: RFC 1071, over words as they lie in memory. */
INLINE __u16 fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return sum + (sum >> 16);
}

/* RFC 1624, equation 3: the checksum after one 16-bit word changed. */
INLINE __u16 check_changed(__u16 check, __u16 from, __u16 to)
{
	return ~fold((__u16)~check + (__u16)~from + to);
}

/* Bytes between two packet pointers. In assembly, since clang would do it in 32 bits, which the verifier refuses. */
INLINE __u32 bytes_between(void *data, void *end)
{
	__u64 bytes = (__u64)end;

	asm volatile("%0 -= %1" : "+r"(bytes) : "r"(data));
	return bytes;
}

/* The EtherType below at most two VLAN tags, `type` being the frame's own; *l3 is where its header starts. 0 for a frame too short. */
INLINE __u16 ether_type_below_tags(void *data, void *end, __u16 type, __u32 *l3)
{
	if (type != ETHER_VLAN && type != ETHER_QINQ)
		return type;
	if (data + ETHER_BYTES + TAG_BYTES > end)
		return 0;
	*l3 = ETHER_BYTES + TAG_BYTES;
	type = *(__u16 *)(data + 16);
	if (type != ETHER_VLAN && type != ETHER_QINQ)
		return type;
	if (data + ETHER_BYTES + 2 * TAG_BYTES > end)
		return 0;
	*l3 = ETHER_BYTES + 2 * TAG_BYTES;
	return *(__u16 *)(data + 20);
}

/* The same for the whole frame. */
INLINE __u16 ether_type(void *data, void *end, __u32 *l3)
{
	if (data + ETHER_BYTES > end)
		return 0;
	*l3 = ETHER_BYTES;
	return ether_type_below_tags(data, end, *(__u16 *)(data + 12), l3);
}

/* Swaps the two MACs in place. The caller has checked the first 12 bytes. */
INLINE void ether_swap(void *data)
{
	__u32 destination = *(__u32 *)data, source = *(__u32 *)(data + 6);
	__u16 destination_end = *(__u16 *)(data + 4), source_end = *(__u16 *)(data + 10);

	*(__u32 *)data = source;
	*(__u16 *)(data + 4) = source_end;
	*(__u32 *)(data + 6) = destination;
	*(__u16 *)(data + 10) = destination_end;
}

/* Copies the VLAN tags between the MACs and the EtherType, if any. Both ends have l3 checked bytes. */
INLINE void ether_move_tags(void *to, void *from, __u32 l3)
{
	if (likely(l3 == ETHER_BYTES))
		return;
	if (l3 == ETHER_BYTES + TAG_BYTES) {
		*(__u32 *)(to + 12) = *(__u32 *)(from + 12);
	} else {
		__u32 first = *(__u32 *)(from + 12), second = *(__u32 *)(from + 16);

		*(__u32 *)(to + 12) = first;
		*(__u32 *)(to + 16) = second;
	}
}

#endif
