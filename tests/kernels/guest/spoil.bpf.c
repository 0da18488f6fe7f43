/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Flips one bit of every outer checksum that is filled in (UDP, RFC 768; GRE with its C bit, RFC 2784) and passes all.
 * For frames without VLAN tags and headers without options, which is what a load balancer here sends to backends. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;

struct xdp_md {
	u32 data;
	u32 data_end;
};

enum { ETHERNET = 14, IPV4 = 20, IPV6 = 40, GRE = 47, UDP = 17 };

/* Flips a bit that does not make it 0, which would be "none". */
static __attribute__((always_inline)) void spoil(u8 *sum)
{
	if (sum[0] | sum[1])
		sum[1] ^= sum[0] ? 1 : sum[1] == 1 ? 2 : 1;
}

static __attribute__((always_inline)) void outer(u8 *l4, u8 *end, u8 protocol)
{
	if (l4 + 8 > end)
		return;
	if (protocol == UDP)
		spoil(l4 + 6);
	if (protocol == GRE && (l4[0] & 0x80))
		l4[5] ^= 1;
}

__attribute__((section("xdp"), used)) int spoil_sums(struct xdp_md *ctx)
{
	u8 *frame = (u8 *)(unsigned long)ctx->data, *end = (u8 *)(unsigned long)ctx->data_end;

	if (frame + ETHERNET + IPV4 > end)
		return 2;
	if (frame[12] == 0x08 && frame[13] == 0x00)
		outer(frame + ETHERNET + IPV4, end, frame[ETHERNET + 9]);
	if (frame[12] == 0x86 && frame[13] == 0xdd)
		outer(frame + ETHERNET + IPV6, end, frame[ETHERNET + 6]);
	return 2;
}

char terms[] __attribute__((section("license"), used)) = "GPL";
