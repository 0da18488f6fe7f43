/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Encrypted connection ids: draft-ietf-quic-load-balancers-19, sections 5.4 and 5.5. Server id and nonce of 16 bytes together are one
 * AES block; of any other length they are two halves in a Feistel network of four passes. */
#ifndef WEIR_ID_CIPHER_H
#define WEIR_ID_CIPHER_H

#include "keys.h"

/* A connection id under decryption: bytes in their order, zeros behind them. */
struct weir_cipher {
	__u64 block[2];
	__u64 left[2];
	__u64 right[2];
} __attribute__((aligned(64)));

/* One a CPU: dynptrs are of map memory. */
struct weir_cipher ciphers[WEIR_CPUS] SEC(".bss.cipher");

INLINE struct weir_cipher *my_cipher(void)
{
	return &ciphers[bpf_get_smp_processor_id() & (WEIR_CPUS - 1)];
}

/* Words whose first `bytes` bytes, 0 to 16, are all ones. */
INLINE void first_bytes(__u32 bytes, __u64 mask[2])
{
	mask[0] = bytes >= 8 ? ~0ULL : (1ULL << (8 * bytes)) - 1;
	mask[1] = bytes >= 16 ? ~0ULL : bytes > 8 ? (1ULL << (8 * (bytes - 8))) - 1 : 0;
}

/* The masks of either half of `length` bytes. They share the middle byte of an odd length: the upper four bits are the left's. */
INLINE void half_masks(__u32 length, __u64 left[2], __u64 right[2])
{
	__u32 half = (length + 1) / 2;

	first_bytes(half, left);
	right[0] = left[0];
	right[1] = left[1];
	if (length & 1) {
		right[0] &= ~0xf0ULL;
		if (half > 8)
			left[1] &= ~(0xfULL << (8 * (half - 9)));
		else
			left[0] &= ~(0xfULL << (8 * (half - 1)));
	}
}

/* One pass: `into` is xored with the encryption of `from`. */
INLINE int pass(struct weir_cipher *mine, __u32 key, __u32 length, __u32 number, const __u64 from[2], __u64 into[2], const __u64 mask[2])
{
	mine->block[0] = from[0];
	mine->block[1] = from[1] | (__u64)length << 48 | (__u64)number << 56;
	if (!aes_block(key, mine->block, 0))
		return 0;
	into[0] ^= mine->block[0] & mask[0];
	into[1] ^= mine->block[1] & mask[1];
	return 1;
}

/* Decrypts the halves of `length` bytes, 5 to 19; the first 16 bytes of the plaintext are left in `block`. A server id that ends with
 * the left half needs the right one for nothing. Out of line: what it costs, its calls cost. */
static __attribute__((noinline, unused)) int open_halves(__u32 key, __u32 length, __u32 whole)
{
	struct weir_cipher *mine = my_cipher();
	__u64 left_mask[2], right_mask[2];
	__u32 shift = 8 * (length / 2);

	half_masks(length, left_mask, right_mask);
	mine->left[0] &= left_mask[0];
	mine->left[1] &= left_mask[1];
	mine->right[0] &= right_mask[0];
	mine->right[1] &= right_mask[1];
	if (!pass(mine, key, length, 4, mine->right, mine->left, left_mask) ||
	    !pass(mine, key, length, 3, mine->left, mine->right, right_mask) ||
	    !pass(mine, key, length, 2, mine->right, mine->left, left_mask))
		return 0;
	if (whole && !pass(mine, key, length, 1, mine->left, mine->right, right_mask))
		return 0;
	mine->block[0] = mine->left[0];
	mine->block[1] = mine->left[1];
	if (!whole)
		return 1;
	if (shift < 64) {
		mine->block[0] |= mine->right[0] << shift;
		mine->block[1] |= mine->right[1] << shift | mine->right[0] >> (64 - shift);
	} else {
		mine->block[1] |= mine->right[0] << (shift - 64);
	}
	return 1;
}

/* Decrypts one block. */
static __attribute__((noinline, unused)) int open_block(__u32 key)
{
	return aes_block(key, my_cipher()->block, 1);
}

/* Decrypts the server id of a connection id. `id`, behind the first octet, has as many readable bytes as server id and nonce together; the
 * lengths are constants. False without the key; else `server_id` has the server id's bytes, zeros behind them. */
INLINE int open_id(const __u8 *id, __u32 key, __u32 server_bytes, __u32 nonce_bytes, __u64 server_id[2])
{
	struct weir_cipher *mine = my_cipher();
	__u32 length = server_bytes + nonce_bytes, half = (length + 1) / 2;
	__u64 mask[2];

	if (length == BLOCK_BYTES) {
		__builtin_memcpy(mine->block, id, BLOCK_BYTES);
		if (!open_block(key))
			return 0;
	} else {
		mine->left[0] = mine->left[1] = mine->right[0] = mine->right[1] = 0;
		__builtin_memcpy(mine->left, id, half);
		__builtin_memcpy(mine->right, id + length - half, half);
		if (!open_halves(key, length, server_bytes > nonce_bytes))
			return 0;
	}
	first_bytes(server_bytes, mask);
	server_id[0] = mine->block[0] & mask[0];
	server_id[1] = mine->block[1] & mask[1];
	return 1;
}

#endif
