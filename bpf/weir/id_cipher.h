/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Encrypted connection ids: draft-ietf-quic-load-balancers-19, sections 5.4 and 5.5. Server id and nonce of 16 bytes together are one
 * AES block; of any other length they are two halves in a Feistel network of four passes. */
#ifndef WEIR_ID_CIPHER_H
#define WEIR_ID_CIPHER_H

#include "keys.h"
#include "server_ids.h"

/* A config's key: its number, one more in the config, where 0 is plaintext. */
#define CONFIG_KEY(config) ((config) >> 12)

/* Bytes of the longest server id and nonce, in whole words. */
#define ID_BYTES 24

/* A connection id under decryption: bytes in their order, anything behind them. */
struct weir_cipher {
	__u64 block[2];
	__u64 left[2];
	__u64 right[2];
	__u64 id[6]; /* server id and nonce end with ID_BYTES */
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
 * the left half needs the right one for nothing. */
INLINE int open_halves(struct weir_cipher *mine, __u32 key, __u32 length, __u32 whole)
{
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

/* The server id at the beginning of a block, as a number, its low half first. */
INLINE void block_number(const __u64 block[2], __u32 bytes, __u64 id[2])
{
	__u64 high = __builtin_bswap64(block[0]), low = __builtin_bswap64(block[1]);

	if (bytes <= 8) {
		id[0] = high >> (64 - 8 * bytes);
		id[1] = 0;
	} else {
		id[0] = low >> (128 - 8 * bytes) | high << (8 * bytes - 64);
		id[1] = high >> (128 - 8 * bytes);
	}
}

/* Sixteen bytes from byte `at` of the connection id on, at most 31. */
INLINE void id_bytes(const struct weir_cipher *mine, __u32 at, __u64 words[2])
{
	const __u8 *bytes = (const __u8 *)mine->id;

	asm volatile("" : "+r"(at)); /* else clang subtracts from the pointer, which the verifier cannot bound */
	bytes += at & 31;
	words[0] = *(const __u64 *)bytes;
	words[1] = *(const __u64 *)(bytes + 8);
}

/* The server id in an encrypted connection id whose first octet lies at offset `at` of the frame. False when the key is not there, or
 * server id and nonce are not. Out of line: what it costs, the kernel's AES costs. */
static __attribute__((noinline)) int open_server_id(struct xdp_md *ctx, __u32 at, __u32 config, __u64 id[2])
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 bytes = CONFIG_SERVER_ID(config), length = bytes + CONFIG_NONCE(config), half = (length + 1) / 2;
	__u64 *last = data + ((at + 1 + length - ID_BYTES) & FAR_MASK); /* Ethernet, IP and UDP lie before: there are so many bytes in any case */
	struct weir_cipher *mine = my_cipher();
	int opened;

	if (bytes < 1 || bytes > 15 || length < 5 || length > 19 || (void *)(last + 3) > end)
		return 0;
	mine->id[0] = last[0];
	mine->id[1] = last[1];
	mine->id[2] = last[2];
	if (length == BLOCK_BYTES) {
		id_bytes(mine, ID_BYTES - BLOCK_BYTES, mine->block);
		opened = aes_block(CONFIG_KEY(config) - 1, mine->block, 1);
	} else {
		id_bytes(mine, ID_BYTES - length, mine->left);
		id_bytes(mine, ID_BYTES - half, mine->right);
		opened = open_halves(mine, CONFIG_KEY(config) - 1, length, bytes > length - bytes);
	}
	block_number(mine->block, bytes, id);
	return opened;
}

#endif
