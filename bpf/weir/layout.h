/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The structures that images are made of. The manifest repeats them, the applier compares both with BTF. */
#ifndef WEIR_LAYOUT_H
#define WEIR_LAYOUT_H

#include "kernel.h"

/* A VIP's IPv4 address and the first of its service rows. Of a range the first address with the first bit behind the prefix set,
 * and WEIR_RANGE4 in services. */
struct weir_vip4 {
	__u32 address; /* as in the packet */
	__u32 services;
};

#define WEIR_RANGE4 (1u << 31)

/* The same for IPv6. */
struct weir_vip6 {
	__u64 address[2]; /* as in the packet */
	__u32 services;
	__u32 range;      /* 1 for a range, else 0 */
};

/* What serves an interval of ports on an address. */
struct weir_service {
	__u32 first;      /* protocol << 16 | first port, host order */
	__u32 last;       /* protocol << 16 | last port */
	__u32 vip;        /* counter row */
	__u32 ring;       /* first slot of the pool's ring, in its array */
	__u32 backend;    /* first row of the pool in the backend table */
	__u8 ring_shift;  /* 32 - log2(slots) */
	__u8 ring_wide;   /* 0: ring8, 1: ring16 */
	__u16 pool;       /* number in the bundle */
	__u32 affinity;   /* where packets name their backend: WEIR_BY_..., or 0 */
	__u32 unused;
};

#define WEIR_BY_CONNECTION_ID 1
#define WEIR_BY_TCP_OPTION 2

/* What carries the server ids of a pool. */
struct weir_routing {
	__u16 config[8];  /* by a connection id's top three bits: bits 0 to 3 bytes of server id, 0 for no such config; 4 to 8 bytes of nonce; 9 to 11 bits behind
			   * the server id in its last byte; 12 to 15 the key's number, counted from 1, or 0 for plaintext */
	__u32 tcp_option; /* kind, or 0 */
	__u32 quic;       /* 1 where connection ids do, else 0 */
};

/* A backend by its server id. */
struct weir_server {
	__u64 id[2];      /* a number, its low half first */
	__u32 pool;       /* number in the bundle */
	__u32 backend;    /* id within the pool */
};

/* A backend where every backend of the site has an IPv4 address.
 * check_seed is a one's complement sum, folded to 16 bits, of little-endian 16-bit words of the outer IPv4 header as they lie in
 * memory: 0x0045 (version, length, TOS 0), 0x0000 (id), 0x0040 (DF), the source's two words with its host bits 0, the destination's
 * two. The program adds TOS, total length, TTL with protocol (0x0440 or 0x2940) and the source's host bits, folds and inverts. */
struct weir_backend4 {
	__u32 address;    /* as in the packet */
	__u16 check_seed; /* see above; of a backend reached by NAT its port as in the packet, 0: the VIP's */
	__u16 flags;      /* bit 0: takes packets; bits 2 to 5: its encapsulation, bits 6 to 14: row of its outer source, where the site has several; bit 15: it hands on, being another site's load balancer */
};

/* A backend where the site has IPv6 backends. An IPv4 address lies in the first four bytes of the address. */
struct weir_backend {
	__u64 address[2]; /* as in the packet */
	__u16 check_seed; /* of an IPv4 backend; 0 for IPv6; reached by NAT as in weir_backend4 */
	__u16 flags;      /* bit 0: takes packets; bit 1: IPv6; bits 2 to 5: its encapsulation, bits 6 to 14: row of its outer source, where the site has several of the family; bit 15: it hands on, being another site's load balancer */
	__u32 unused;
};

/* An outer IPv4 source. Entropy has the host bits of a prefix set, host order. */
struct weir_source4 {
	__u32 address;    /* as in the packet, host bits 0 */
	__u32 entropy;
};

/* The same for IPv6: at most the low 32 bits are entropy. */
struct weir_source6 {
	__u64 address[2];
	__u32 entropy;
	__u32 unused;
};

/* What the host writes into the program's data. */
struct weir_site {
	__u64 next_hop4;  /* MAC in bytes 0 to 5 as in the packet, bit 48: valid */
	__u64 next_hop6;
	__u32 icmp_limit; /* packet-too-big messages per CPU and second */
	__u32 ahead;      /* added to the clock of flow records, in 2^30 ns; 0 but in tests, that let hours pass */
};

/* What a backend takes: a byte of .data.takes. */
#define WEIR_TAKES_NEW 1
#define WEIR_TAKES_EXISTING 2

/* How UDP flows of a VIP begin, where slots have a history: unseen; with a QUIC Initial; so that it does not matter. WEIR_SHARED is added where several connections
 * are one flow to the hash, which no FIN ends. */
#define WEIR_BEGINS_UNSEEN 0
#define WEIR_BEGINS_INITIAL 1
#define WEIR_BEGINS_EVER 2
#define WEIR_SHARED 4

/* Where the flow records of a pool are: at its first backend row. */
struct weir_region {
	__u32 first;  /* of its sets */
	__u32 sets;   /* a power of two; 0: the pool has none */
	__u32 always; /* 1: also flows of settled slots are recorded */
	__u32 pool;   /* number in the bundle */
};

/* Eight flow records: a cache line. A record is 32 bits of hash, 15 of backend id, 13 of when, TENTATIVE, CLOSING, REPLICA, VALID; 0: none. */
struct weir_set {
	__u64 way[8];
} __attribute__((aligned(64)));

/* What one CPU did with a pool's records. */
struct weir_use {
	__u64 added;     /* for a flow that begins */
	__u64 adopted;   /* for one that had none */
	__u64 displaced; /* tentative ones, for them */
	__u64 refused;   /* had no room */
	__u64 pressed;   /* when one was displaced or refused last, in 2^30 ns; 0: never */
};

/* What the host's NAT takes as sources: `rows` >> 15 addresses of every family in `families`. */
struct weir_nat {
	__u64 prefix6[2]; /* as in the packet, host bits 0 */
	__u32 prefix4;
	__u32 rows;       /* a power of two, at most WEIR_NAT; 0: none */
	__u32 families;   /* bit 0: IPv4, bit 1: IPv6 */
	__u32 unused;
};

/* A connection through NAT: a cache line. Its row's number is its source address and port. IPv4 addresses lie in the first four bytes of theirs. */
struct weir_nat_row {
	__u32 turn;       /* bit 0: being written, 1: UDP, 2: the client is IPv6, 3: the backend is; above them how often the row changed, 0: never */
	__u32 seen;       /* when << 8, in 2^30 ns; below it what was seen: WEIR_NAT_... */
	__u64 client[2];  /* addresses as in the packet */
	__u64 vip[2];
	__u64 backend[2];
	__u32 ports;      /* as in the client's packet: its own, the VIP's */
	__u16 port;       /* the backend's, as in the packet */
	__u16 id;         /* the backend's, within its pool */
};

struct weir_counter {
	__u64 packets;
	__u64 bytes;
};

/* What the first fragment of a datagram said. */
struct weir_fragment {
	__u64 source[2];      /* as in the packet; of IPv4 in the first four bytes */
	__u64 destination[2]; /* the VIP's address */
	__u32 id;             /* as in the packet */
	__u32 ports;          /* as in the packet: source, destination */
	__u32 seen;           /* when, in 2^30 ns since boot */
	__u16 kind;           /* IP version << 8 | protocol, which is 0 for IPv6; 0: nothing noted yet */
	__u8 protocol;
	__u8 unused;
};

/* Rows of one CPU. */
#define WEIR_FRAGMENT_BITS 10

/* How long they hold, in 2^30 ns: 29 to 30 s. */
#define WEIR_FRAGMENT_AGE 28

/* What one CPU last saw of the clock. */
struct weir_clock {
	__u64 tick;
	__u64 now; /* in 2^30 ns */
} __attribute__((aligned(64)));

/* Rate limit of one CPU. */
struct weir_limit {
	__u64 second;
	__u64 sent;
};

#endif
