/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Generated from compiler/Model/Reason.cs. Numbers are never reused or changed. */
#ifndef WEIR_REASONS_H
#define WEIR_REASONS_H

enum weir_reason {
	WEIR_PASS_NOT_IP = 0, /* pass-not-ip */
	WEIR_PASS_NO_VIP = 1, /* pass-no-vip */
	WEIR_PASS_NO_SERVICE = 2, /* pass-no-service */
	WEIR_DROP_NO_SERVICE = 3, /* drop-no-service */
	WEIR_DROP_MALFORMED = 4, /* drop-malformed */
	WEIR_DROP_FRAGMENT = 5, /* drop-fragment */
	WEIR_DROP_TOO_BIG = 6, /* drop-too-big */
	WEIR_TX_TOO_BIG = 7, /* tx-too-big */
	WEIR_DROP_TOO_BIG_LIMITED = 8, /* drop-too-big-limited */
	WEIR_TX_ECHO_REPLY = 9, /* tx-echo-reply */
	WEIR_DROP_ICMP_INNER = 10, /* drop-icmp-inner */
	WEIR_DROP_EXTENSIONS = 11, /* drop-extensions */
	WEIR_DROP_NO_BACKEND = 12, /* drop-no-backend */
	WEIR_DROP_NO_NEXT_HOP = 13, /* drop-no-next-hop */
	WEIR_DROP_NO_HEADROOM = 14, /* drop-no-headroom */
	WEIR_DROP_INTERNAL = 15, /* drop-internal */
	WEIR_DROP_NO_LINK = 20, /* drop-no-link */
	WEIR_DROP_DECAP_SENDER = 21, /* drop-decap-sender */
	WEIR_DROP_DECAP_MALFORMED = 22, /* drop-decap-malformed */
	WEIR_DROP_DECAP_CHECKSUM = 23, /* drop-decap-checksum */
	WEIR_DROP_DECAP_ECN = 24, /* drop-decap-ecn */
	WEIR_DROP_HANDOVER = 25, /* drop-handover */
	WEIR_TX_NAT_REPLY = 26, /* tx-nat-reply */
	WEIR_PASS_NAT_UNKNOWN = 27, /* pass-nat-unknown */
	WEIR_DROP_NAT_FULL = 28, /* drop-nat-full */
	WEIR_DROP_NAT_HOPS = 29, /* drop-nat-hops */
	WEIR_DROP_NAT_ICMP = 30, /* drop-nat-icmp */
	WEIR_DROP_NAT_CHECKSUM = 31, /* drop-nat-checksum */
	WEIR_DROP_SOURCE_DENIED = 34, /* drop-source-denied */
	WEIR_DROP_FRAGMENT_UNKNOWN = 37, /* drop-fragment-unknown */
	WEIR_NOTE_QUIC_SHORT = 40, /* note-quic-short */
	WEIR_NOTE_QUIC_CONFIG = 41, /* note-quic-config */
	WEIR_NOTE_QUIC_UNROUTABLE = 42, /* note-quic-unroutable */
	WEIR_NOTE_QUIC_SERVER = 43, /* note-quic-server */
	WEIR_NOTE_TCP_SERVER = 44, /* note-tcp-server */
	WEIR_NOTE_SERVER_DOWN = 45, /* note-server-down */
	WEIR_NOTE_QUIC_KEY = 46, /* note-quic-key */
	WEIR_REASONS = 64, /* rows of the counters */
};

#endif
