/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What lies between the outer IP header and the inner packet. README.md, section 3.5. Every writer returns the sum of the words that it
 * wrote, for checksums; where nobody asks for it, it costs nothing. */
#ifndef WEIR_TUNNEL_H
#define WEIR_TUNNEL_H

#include "packet.h"

#define UDP_BYTES 8
#define GRE_BYTES 4
#define GRE_CHECK_BYTES 4
#define GRE_KEY_BYTES 4
#define GUE_BYTES 4
#define VXLAN_BYTES 8
#define GENEVE_BYTES 8

/* RFC 2784, RFC 2890: bits of the first byte. */
#define GRE_CHECK 0x80
#define GRE_KEY 0x20

/* RFC 6335: the dynamic ports begin here; 14 bits of the flow's hash make one of them. */
#define UDP_SOURCE 0xc000

/* RFC 8926: transparent Ethernet bridging. */
#define ETHER_BRIDGING swap16(0x6558)

/* Words as they lie in memory, added up in 64 bits. */
INLINE __u64 words(__u64 word) { return (__u32)word + (word >> 32); }

INLINE __u16 fold_words(__u64 sum)
{
	sum = (__u32)sum + (sum >> 32);
	sum = (__u32)sum + (sum >> 32);
	return fold(sum);
}

INLINE __u64 put8(void *at, __u64 word)
{
	*(__u64 *)at = word;
	return words(word);
}

INLINE __u64 put4(void *at, __u32 word)
{
	*(__u32 *)at = word;
	return word;
}

/* EtherType of a packet that an IP header would name so: 4 or 41. */
INLINE __u16 type_of(__u8 protocol) { return protocol == PROTOCOL_IPV6 ? ETHER_IPV6 : ETHER_IPV4; }

/* The first four bytes of GRE; checksum and key follow. */
INLINE __u64 put_gre(void *at, __u8 flags, __u8 protocol) { return put4(at, flags | (__u32)type_of(protocol) << 16); }

/* GUE, variant 0: no control message, no extensions (draft-ietf-intarea-gue, section 3). */
INLINE __u64 put_gue(void *at, __u8 protocol) { return put4(at, (__u32)protocol << 8); }

/* RFC 7348, section 5: the I flag, and the network identifier in the upper three bytes of the second word. */
INLINE __u64 put_vxlan(void *at, __u32 vni) { return put8(at, 0x08 | (__u64)swap32(vni << 8) << 32); }

/* RFC 8926, section 3.4. `words` of options follow; `critical` is the C flag, set where one of them is critical. */
INLINE __u64 put_geneve(void *at, __u8 option_words, __u8 critical, __u32 vni)
{
	return put8(at, option_words | (__u32)critical << 8 | (__u32)ETHER_BRIDGING << 16 | (__u64)swap32(vni << 8) << 32);
}

/* The inner Ethernet header: both MACs in 8 and 4 bytes as they lie in the packet, then the inner packet's type. */
INLINE __u64 put_ether(void *at, __u64 first, __u32 second, __u8 protocol)
{
	__u16 type = type_of(protocol);

	*(__u64 *)at = first;
	*(__u32 *)(at + 8) = second;
	*(__u16 *)(at + 12) = type;
	return words(first) + second + type;
}

/* `port` as in the packet; `length` of header and payload. A checksum of 0 is none (RFC 768; over IPv6 RFC 6935). */
INLINE __u64 udp_word(__u32 hash, __u16 port, __u16 length)
{
	return swap16(UDP_SOURCE | hash >> 18) | (__u32)port << 16 | (__u64)swap16(length) << 32;
}

INLINE void put_udp(void *at, __u32 hash, __u16 port, __u16 length) { *(__u64 *)at = udp_word(hash, port, length); }

/* The same with a checksum: `addresses` is the sum of both addresses, `payload` of all behind this header. */
INLINE void put_udp_checked(void *at, __u32 hash, __u16 port, __u16 length, __u64 addresses, __u64 payload)
{
	__u64 word = udp_word(hash, port, length);
	__u16 check = ~fold_words(addresses + (PROTOCOL_UDP << 8) + swap16(length) + words(word) + payload);

	/* RFC 768: a sum of 0 is sent as all ones, since 0 says that there is none. */
	*(__u64 *)at = word | (__u64)(check ? check : 0xffff) << 48;
}

#endif
