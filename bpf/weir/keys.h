/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* AES-128 by the kernel's bpf_crypto kfuncs (Linux 6.10; without an initialisation vector, which ECB has not, 6.11). Keys are the kernel's:
 * this program and its maps hold references to them, never their bytes. */
#ifndef WEIR_KEYS_H
#define WEIR_KEYS_H

#include "kernel.h"

/* As many as a config can name. */
#define WEIR_KEYS 15

#define KEY_BYTES 16
#define BLOCK_BYTES 16

/* include/uapi/linux/bpf.h; kernel/bpf/crypto.c. */
struct bpf_dynptr {
	__u64 opaque[2];
} __attribute__((aligned(8)));

struct bpf_crypto_ctx {
};

struct bpf_crypto_params {
	char type[14];
	__u8 reserved[2];
	char algo[128];
	__u8 key[256];
	__u32 key_len;
	__u32 authsize;
};

#define KFUNC extern __attribute__((section(".ksyms")))

KFUNC struct bpf_crypto_ctx *bpf_crypto_ctx_create(const struct bpf_crypto_params *params, __u32 params__sz, int *err);
KFUNC void bpf_crypto_ctx_release(struct bpf_crypto_ctx *ctx);
KFUNC int bpf_crypto_encrypt(struct bpf_crypto_ctx *ctx, const struct bpf_dynptr *src, const struct bpf_dynptr *dst, const struct bpf_dynptr *siv);
KFUNC int bpf_crypto_decrypt(struct bpf_crypto_ctx *ctx, const struct bpf_dynptr *src, const struct bpf_dynptr *dst, const struct bpf_dynptr *siv);

static void *(*bpf_kptr_xchg)(void *place, void *value) = (void *)194;
static long (*bpf_dynptr_from_mem)(void *data, __u32 size, __u64 flags, struct bpf_dynptr *dynptr) = (void *)197;

struct weir_key {
	struct bpf_crypto_ctx __attribute__((btf_type_tag("kptr"))) *context;
};

struct {
	int (*type)[2]; /* BPF_MAP_TYPE_ARRAY */
	__u32 *key;
	struct weir_key *value;
	int (*max_entries)[WEIR_KEYS];
} weir_keys SEC(".maps");

/* What the host passes to weir_set_key, in memory that is nobody's afterwards. */
struct weir_set_key {
	__u32 number;
	__s32 error; /* the kernel's reason to refuse, negative */
	__u8 key[KEY_BYTES];
};

/* Run by the host, once for each key, before the program sees a packet: 0 when the kernel has the key. */
SEC("syscall") int weir_set_key(struct weir_set_key *given)
{
	struct bpf_crypto_params params = {
		.type = "skcipher",
		.algo = "ecb(aes)",
		.key_len = KEY_BYTES,
	};
	struct bpf_crypto_ctx *context;
	struct weir_key *place;
	__u32 number = given->number;
	int error = 0;

	__builtin_memcpy(params.key, given->key, KEY_BYTES);
	context = bpf_crypto_ctx_create(&params, sizeof params, &error);
	if (!context) {
		given->error = error;
		return 1;
	}
	place = bpf_map_lookup_elem(&weir_keys, &number);
	if (!place) {
		bpf_crypto_ctx_release(context);
		return 1;
	}
	context = bpf_kptr_xchg(&place->context, context);
	if (context)
		bpf_crypto_ctx_release(context);
	return 0;
}

/* Encrypts or decrypts one block, which lies in a map. False without the key. */
INLINE int aes_block(__u32 number, __u64 block[2], int decrypt)
{
	struct weir_key *place = bpf_map_lookup_elem(&weir_keys, &number);
	struct bpf_crypto_ctx *context;
	struct bpf_dynptr bytes;

	if (!place)
		return 0;
	context = place->context;
	if (!context || bpf_dynptr_from_mem(block, BLOCK_BYTES, 0, &bytes))
		return 0;
	return !(decrypt ? bpf_crypto_decrypt(context, &bytes, &bytes, 0) : bpf_crypto_encrypt(context, &bytes, &bytes, 0));
}

#endif
