/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What a packet's parsing leaves for the rest of its path, and the outcomes of parsing. */
#ifndef WEIR_SITE_H
#define WEIR_SITE_H

#include "layout.h"

/* Parsing returns an XDP action, or this: the packet is a flow's and goes on. */
#define WEIR_FORWARD (-1)

/* Decapsulation's own: the packet lost its outer headers. */
#define WEIR_STRIPPED (-2)

/* A packet of a flow that a VIP serves. */
struct work {
	struct weir_service service;
	__u64 hash;     /* flow hash: slot from the upper, entropy from the lower half */
	__u32 l3;       /* offset of the IP header */
	__u32 l4;       /* offset of the TCP, UDP or ICMP header */
	__u32 length;   /* bytes of the IP packet */
	__u8 tos;       /* TOS or traffic class */
	__u8 protocol;  /* of the inner packet, as the outer header names it: 4 or 41 */
	__u8 error;     /* it is an ICMP error about the flow, which is never answered */
	__u8 fragment;  /* 1: the first of its datagram, 2: a later one, without a transport header; where VIPs follow fragments */
	__u8 transport; /* TCP or UDP, of an ICMP error the quoted packet's; where backends are reached by NAT */
	__u8 handed;    /* another load balancer handed it over, so that it is not handed on */
};

#endif
