/* SPDX-License-Identifier: Apache-2.0 */
/* Connection ids that name a server: draft-ietf-quic-load-balancers-19, sections 5.3 and 5.4, as a server makes them. */
#ifndef CONNECTION_ID_H
#define CONNECTION_ID_H

#include <gnutls/crypto.h>
#include <nettle/aes.h>
#include <ngtcp2/ngtcp2.h>
#include <string.h>

struct ids {
	int config, server_bytes, nonce_bytes, encrypted;
	uint8_t server_id[16];
	struct aes128_ctx key;
};

static inline int id_bytes(const struct ids *ids)
{
	return 1 + ids->server_bytes + ids->nonce_bytes;
}

/* One pass of the draft's section 5.4.2: `into` ^= AES(`from`, length, pass), each of `half` bytes. Of an odd length the halves share
 * the middle octet: its upper four bits are the left half's. */
static inline void pass(const struct ids *ids, uint8_t *into, const uint8_t *from, int half, int length, int number)
{
	uint8_t block[AES_BLOCK_SIZE] = {0};

	memcpy(block, from, (size_t)half);
	block[14] = (uint8_t)length;
	block[15] = (uint8_t)number;
	aes128_encrypt(&ids->key, sizeof block, block, block);
	for (int i = 0; i < half; i++)
		into[i] ^= block[i];
	if (length % 2)
		into[number % 2 ? 0 : half - 1] &= number % 2 ? 0x0f : 0xf0;
}

static inline void encrypt(const struct ids *ids, uint8_t *bytes, int length)
{
	int half = (length + 1) / 2, at = length - half;
	uint8_t left[16], right[16];

	if (length == AES_BLOCK_SIZE) {
		aes128_encrypt(&ids->key, AES_BLOCK_SIZE, bytes, bytes);
		return;
	}
	memcpy(left, bytes, (size_t)half);
	memcpy(right, bytes + at, (size_t)half);
	if (length % 2) {
		left[half - 1] &= 0xf0;
		right[0] &= 0x0f;
	}
	for (int number = 1; number <= 4; number++)
		pass(ids, number % 2 ? right : left, number % 2 ? left : right, half, length, number);
	memset(bytes, 0, (size_t)length);
	memcpy(bytes, left, (size_t)half);
	for (int i = 0; i < half; i++)
		bytes[at + i] |= right[i];
}

/* The first octet is config rotation and length; then server id and nonce. */
static inline void new_id(const struct ids *ids, ngtcp2_cid *id)
{
	id->datalen = (size_t)id_bytes(ids);
	id->data[0] = (uint8_t)(ids->config << 5 | (id_bytes(ids) - 1));
	memcpy(id->data + 1, ids->server_id, (size_t)ids->server_bytes);
	gnutls_rnd(GNUTLS_RND_RANDOM, id->data + 1 + ids->server_bytes, (size_t)ids->nonce_bytes);
	if (ids->encrypted)
		encrypt(ids, id->data + 1, id_bytes(ids) - 1);
}

#endif
