/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Passes everything. What one end of a veth pair sends by XDP_TX waits in the other's ring until something else wakes it,
 * unless there is a program at the other end too (drivers/net/veth.c, veth_xdp_flush). */
struct xdp_md;

__attribute__((section("xdp"), used)) int pass(struct xdp_md *ctx)
{
	return 2;
}

char terms[] __attribute__((section("license"), used)) = "GPL";
